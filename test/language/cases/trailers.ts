/** Cases of what follows bodies in chunks: passed on, or dropped towards servers or clients. */
import type { LanguageCase } from '../case.js'

const ASKED =
  'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nab\r\n0\r\nX-Sum: 1\r\n\r\n'
const ANSWER = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-End: 2\r\n\r\n'

const request = (kept: boolean): string =>
  `[server] POST / HTTP/1.1\nhost: x\ntransfer-encoding: chunked\n[body, chunked] ab\n${kept ? '[trailers] x-sum: 1\n' : ''}`
const response = (kept: boolean): string =>
  `HTTP/1.1 200 OK\ntransfer-encoding: chunked\nconnection: close\n[body, chunked] ok\n${kept ? '[trailers] x-end: 2\n' : ''}`

const passed = (
  name: string,
  word: string,
  lines: Partial<LanguageCase>,
  kept: readonly [request: boolean, response: boolean],
): LanguageCase => ({
  name,
  covers: [`keyword:option ${word}`],
  send: ASKED,
  origin: ANSWER,
  sees: ['answer', 'server'],
  since: '3.2',
  expect: `${response(kept[1])}${request(kept[0])}`.trimEnd(),
  ...lines,
})

const SERVER = 'server s1 {server}'
const TO_SERVERS = 'http-drop-request-trailers'
const TO_CLIENTS = 'http-drop-response-trailers'

export const cases: readonly LanguageCase[] = [
  { name: 'both ways', covers: [], send: ASKED, origin: ANSWER, sees: ['answer', 'server'] },
  passed('not to servers', TO_SERVERS, { backend: [`option ${TO_SERVERS}`, SERVER] }, [false, true]),
  passed('not to clients', TO_CLIENTS, { frontend: [`option ${TO_CLIENTS}`] }, [true, false]),
  passed(
    'to servers after all',
    TO_SERVERS,
    { defaults: [`option ${TO_SERVERS}`], backend: [`no option ${TO_SERVERS}`, SERVER] },
    [true, true],
  ),
  passed('to nobody, as defaults have it', TO_CLIENTS, { defaults: [`option ${TO_CLIENTS}`, `option ${TO_SERVERS}`] }, [
    false,
    false,
  ]),
]
