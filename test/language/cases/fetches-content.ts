/** Cases of the questions about the first bytes of a connection. */
import type { LanguageCase } from '../case.js'

/** Nothing but the end of the time decides it. */
const isAwaited = (condition: string, send: string | readonly string[]): boolean =>
  send === 'hello hello hello' ||
  /wait_end|WAIT_END|ge 4|\(5,2\)/.test(condition) ||
  (condition.includes('proto_http') && typeof send === 'string' && !send.endsWith('\r\n\r\n'))

/** What a TCP proxy sees of the first bytes: the answer of the server that is behind a rule's yes or no. */
const tested = (fetch: string, condition: string, send: string | readonly string[], note = ''): LanguageCase => ({
  name: `${condition} of ${JSON.stringify(send)}${note}`.slice(0, 150),
  covers: [`fetch:${fetch}`],
  mode: 'tcp',
  frontend: [
    `tcp-request inspect-delay ${isAwaited(condition, send) ? '300ms' : '3s'}`,
    `tcp-request content reject unless ${condition}`,
  ],
  send,
})

/** The same in an expression of a log line, where nothing waits. */
const kept = (
  fetch: string,
  expression: string,
  send: string | readonly string[],
  wait = '{ req.len gt 0 }',
): LanguageCase => ({
  name: `${expression} of ${JSON.stringify(send)}`.slice(0, 150),
  covers: [`fetch:${fetch}`],
  mode: 'tcp',
  frontend: [
    'tcp-request inspect-delay 3s',
    `tcp-request content set-var(sess.x) ${expression} if ${wait}`,
    'log-format "<%[var(sess.x),hex]>"',
  ],
  send,
  sees: ['log'],
})

const http = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'
const rdp =
  '\x03\x00\x00\x2a\x25\xe0\x00\x00\x00\x00\x00Cookie: msts=3640205228.15629.0000\r\n\x01\x00\x08\x00\x03\x00\x00\x00'
const mstshash = '\x03\x00\x00\x2a\x25\xe0\x00\x00\x00\x00\x00Cookie: mstshash=joe\r\n\x01\x00\x08\x00\x03\x00\x00\x00'
const distcc = 'DIST00000001ARGC00000002ARGV00000002ccARGV00000002-cDOTI00000005hello'

export const cases: readonly LanguageCase[] = [
  ...(
    [
      ['{ req.len gt 0 }', 'abc'],
      ['{ req.len 3 }', 'abc'],
      ['{ req.len ge 4 }', 'abc'],
      ['{ req.len ge 6 }', ['abc', 'def']],
      ['{ req_len 3 }', 'abc'],
    ] as const
  ).map(([condition, send]) => tested('req.len', condition, send as string)),
  ...(
    [
      ['{ req.payload(0,3) -m str abc }', 'abcdef'],
      ['{ req.payload(1,2) -m bin 6263 }', 'abcdef'],
      ['{ payload(1,2) 6263 }', 'abcdef'],
      ['{ req.payload(0,0) -m str abcdef }', 'abcdef'],
      ['{ req.payload(3,0) -m str def }', 'abcdef'],
      ['{ req.payload(6,0) -m found }', 'abcdef'],
      ['{ req.payload(5,2) -m found }', 'abcdef'],
      ['{ req.payload(0,6) -m str abcdef }', ['abc', 'def']],
      ['{ req.payload(0,4) -m sub b }', 'abcdef'],
      ['{ req.payload(0,4) -m len 4 }', 'abcdef'],
    ] as const
  ).map(([condition, send]) => tested('req.payload', condition, send as string)),
  ...(
    [
      ['req.payload(0,2)', 'abcdef'],
      ['req.payload(4,0)', 'abcdef'],
      ['req.payload(9,1)', 'abcdef'],
      ['payload(0,1)', '\xff\x00'],
    ] as const
  ).map(([expression, send]) => kept('req.payload', expression, send)),
  ...(
    [
      ['req.payload_lv(0,1)', '\x03abcdef'],
      ['req.payload_lv(0,2)', '\x00\x02abcdef'],
      ['req.payload_lv(1,1)', 'x\x02abcdef'],
      ['req.payload_lv(0,1,+1)', '\x02abcdef'],
      ['req.payload_lv(0,2,-1)', '\x00\x02abcdef'],
      ['req.payload_lv(0,1)', '\x09ab'],
      ['req.payload_lv(0,1)', '\x00ab'],
      ['payload_lv(0,1)', '\x01ab'],
      ['req.payload_lv(0,4)', '\x00\x00\x00\x01ab'],
    ] as const
  ).map(([expression, send]) => kept('req.payload_lv', expression, send)),
  {
    ...kept('req.payload_lv', 'req.payload_lv(0,1,2)', '\x02abcdef'),
    differs: 'HAProxy 2.6 halves an offset without a sign; the manual does not',
    expect: '[log] <134>{date} haproxy[{pid}]: <6263>',
  },
  tested('req.payload_lv', '{ req.payload_lv(0,1) -m str abc }', '\x03abcdef'),
  tested('payload_lv', '{ payload_lv(0,1) 616263 }', '\x03abcdef'),
  tested('req.payload_lv', '{ req.payload_lv(0,1) -m str abc }', ['\x03a', 'bc']),
  ...(
    [
      ['{ rdp_cookie(msts) 3640205228.15629.0000 }', rdp],
      ['{ req.rdp_cookie(msts) -m beg 3640 }', rdp],
      ['{ req_rdp_cookie(msts) 3640205228.15629.0000 }', rdp],
      ['{ rdp_cookie -m found }', rdp],
      ['{ req.rdp_cookie(mstshash) -m str joe }', mstshash],
      ['{ req.rdp_cookie(MSTSHASH) -m str joe }', mstshash],
      ['{ req.rdp_cookie(msts) -m found }', mstshash],
      ['{ req.rdp_cookie(msts) -m found }', 'hello hello hello'],
      ['{ rdp_cookie_cnt(msts) 1 }', rdp],
      ['{ req.rdp_cookie_cnt(msts) 0 }', mstshash],
      ['{ req_rdp_cookie_cnt(msts) gt 0 }', rdp],
    ] as const
  ).map(([condition, send]) =>
    tested((/^\{ ([a-z_.]+)/.exec(condition)?.[1] ?? '').replace('req_', 'req.'), condition, send),
  ),
  tested('req.rdp_cookie_cnt', 'RDP_COOKIE', rdp),
  ...(
    [
      ['distcc_param(ARGC)', distcc],
      ['distcc_param(ARGV,2)', distcc],
      ['distcc_param(NONE)', distcc],
      ['distcc_param(DIST)', distcc],
      ['distcc_body(ARGV)', distcc],
      ['distcc_body(ARGV,2)', distcc],
      ['distcc_body(ARGV,3)', distcc],
      ['distcc_body(ARGC)', distcc],
      ['distcc_body(DOTI)', distcc],
      ['distcc_body(ARGV,-1)', distcc],
    ] as const
  ).map(([expression, send]) =>
    kept(expression.startsWith('distcc_b') ? 'distcc_body' : 'distcc_param', expression, send),
  ),
  tested('req.proto_http', '{ req.proto_http }', http),
  tested('req.proto_http', '{ req_proto_http }', 'hello\r\n'),
  tested('req.proto_http', '{ req.proto_http }', 'GET / HTTP/1.1\r\n'),
  tested('req.proto_http', '{ req.proto_http }', 'GET /'),
  tested('wait_end', '{ wait_end }', 'x'),
  tested('wait_end', 'WAIT_END', ''),
  tested('wait_end', '!WAIT_END', 'x'),
  ...[
    'res.len gt 0',
    'res.payload(0,3) -m str hel',
    'res.payload(1,0) -m str ello',
    'res.payload(0,9) -m found',
    'res.payload_lv(0,1) -m found',
  ].map(
    (test): LanguageCase => ({
      name: `{ ${test} }`,
      covers: [`fetch:${test.replace(/[( ].*/, '')}`],
      mode: 'tcp',
      backend: ['tcp-response inspect-delay 2s', `tcp-response content reject unless { ${test} }`],
      send: 'abc',
      origin: 'hello',
    }),
  ),
]
