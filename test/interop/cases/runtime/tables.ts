/** `show table`, `set table`, `clear table`: every kind of key and value, filters, levels, and what is refused. */
import { defaults, type RuntimeCase, sockets } from './case.js'

const masked = (answer: string): string =>
  answer.replace(/^0x[0-9a-f]+:/gm, '0x~:').replace(/ exp=[1-9]\d* /g, ' exp=~ ')
const table = (ask: string) => ({ ask, mask: masked })

const config: RuntimeCase['config'] = (place) => `global
${sockets(place)}${defaults}
frontend fe
  bind 127.0.0.1:${place.port('fe')}
  stick-table type ip size 100k expire 10m store gpc0,gpc0_rate(10m),gpt0,http_req_rate(10m),conn_cur,conn_cnt,bytes_out_cnt,http_req_cnt,server_id,server_key
  http-request track-sc0 src if { path /track }
  http-request return status 200
backend str
  stick-table type string len 20 size 10 store gpc(3),gpt(2),gpc_rate(2,10m)
backend int
  stick-table type integer size 10 expire 1h store gpc1
backend six
  stick-table type ipv6 size 10 nopurge store gpt0
backend bin
  stick-table type binary len 4 size 10 store gpt0
backend bare
  stick-table type ip size 3
`

export const tables: readonly RuntimeCase[] = [
  {
    name: 'tables',
    config,
    steps: [
      table('show table'),
      table('show table fe'),
      { get: '/track', from: 'fe', times: 3 },
      // Bytes are those of the wire here, and HAProxy's own there.
      {
        ask: 'show table fe',
        mask: (answer) => masked(answer).replace(/bytes_out_cnt=\d+/, 'bytes_out_cnt=~'),
      },
      { ask: 'show table nosuch' },
      { ask: 'show table fe bogus' },
      { ask: 'show table fe key' },
      { ask: 'show table fe key 1.2.3.4' },
      { ask: 'clear table fe key 127.0.0.1' },
      table('show table fe'),
      { ask: 'show table fe data.gpc0' },
      { ask: 'show table fe data.gpc0 eq' },
      { ask: 'show table fe data.gpc0 xx 0' },
      { ask: 'show table fe data.nosuch eq 0' },
      { ask: 'show table fe data.gpc1 eq 0' },
      { ask: 'show table fe data.gpc0 eq x' },
      { ask: 'show table fe data.gpc0 eq 0 data.gpc0 eq 0 data.gpc0 eq 0 data.gpc0 eq 0 data.gpc0 eq 0' },
      { ask: 'set table' },
      { ask: 'set table nosuch key x' },
      { ask: 'set table fe key' },
      { ask: 'set table fe key 9.9.9.9' },
      table('show table fe'),
      { ask: 'set table fe key 9.9.9.9 data.gpc0 5 data.gpt0 7' },
      { ask: 'set table fe key 9.9.9.9 data.gpc0' },
      { ask: 'set table fe key 9.9.9.9 data.gpc0 x' },
      { ask: 'set table fe key 9.9.9.9 bogus 5' },
      { ask: 'set table fe key 9.9.9.9 data.nosuch 5' },
      { ask: 'set table fe key 9.9.9.9 data.gpc1 5' },
      { ask: 'set table fe data.gpc0 eq 5' },
      {
        ask: 'set table fe key 9.9.9.9 data.http_req_rate 50 data.conn_cur 3 data.conn_cnt 4000000000 data.bytes_out_cnt 12345678901 data.server_id 2',
      },
      { ask: 'set table fe key 9.9.9.8 data.conn_cnt -1' },
      { ask: 'set table fe key 10.0.0.1 data.gpc0 4294967297', level: 'operator' },
      { ask: 'set table fe key 10.0.0.1', level: 'user' },
      table('show table fe'),
      table('show table fe key 9.9.9.9'),
      table('show table fe key 9.9.9.9 bogus'),
      table('show table fe data.conn_cnt gt 3 data.gpc0 eq 5'),
      table('show table fe data.conn_cnt gt 3'),
      table('show table fe data.conn_cnt lt 0'),
      table('show table fe data.gpc0 ne 5'),
      table('show table fe data.http_req_rate ge 1'),
      table('show table fe data.bytes_out_cnt ge 12345678901'),
      { ask: 'show table fe data.conn_cnt gt 3 bogus' },
      table('show table'),
      { ask: 'show table', level: 'user' },
      { ask: 'show table fe', level: 'user' },
      { ask: 'clear table fe', level: 'user' },
      table('show table fe'),
      { ask: 'set table str key hello data.gpc 3' },
      { ask: 'set table str key hello data.gpc0 3' },
      { ask: 'set table str key averyveryverylongstringthatiscut' },
      { ask: 'set table str key with\\ space' },
      { ask: 'set table str key "quoted"' },
      { ask: 'set table str key a=b\\\\c' },
      { ask: 'set table str key t\xe9st\x01\x7f' },
      table('show table str'),
      table('show table str key a=b\\\\c'),
      table('show table str data.gpc eq 3'),
      { ask: 'set table int key 12 data.gpc1 3' },
      ...['-5', 'abc', '99999999999', '300', '5', '4294967295'].map((key) => ({ ask: `set table int key ${key}` })),
      { ask: 'show table int key abc' },
      table('show table int'),
      { ask: 'set table six key ::1 data.gpt0 9' },
      { ask: 'set table six key 2001:db8::1' },
      { ask: 'set table six key 1.2.3.4' },
      { ask: 'set table six key zz' },
      table('show table six'),
      { ask: 'set table bin key abcd' },
      { ask: 'set table bin key 61626364' },
      table('show table bin'),
      ...[1, 2, 3, 4].map((last) => ({ ask: `set table bare key 10.0.0.${last}` })),
      table('show table bare'),
      { ask: 'clear table' },
      { ask: 'clear table nosuch' },
      { ask: 'clear table fe bogus' },
      { ask: 'clear table fe key' },
      { ask: 'clear table fe key 4.4.4.4' },
      { ask: 'clear table fe data.gpc0' },
      { ask: 'clear table fe data.conn_cnt gt 4000000000' },
      table('show table fe'),
      { ask: 'clear table fe', level: 'operator' },
      table('show table fe'),
      { ask: 'clear table int data.gpc1 eq 3' },
      table('show table int'),
      { ask: 'help show table' },
      { ask: 'help set table' },
      { ask: 'help clear table' },
    ],
  },
]
