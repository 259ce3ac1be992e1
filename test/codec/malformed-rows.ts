/** How the lists of malformed messages are written down: one short row a case, and shorthands for the usual bytes around it. */

/** Name, what becomes of it here, what becomes of it in HAProxy 2.6 (as probed), and the bytes as latin1. */
export type Row = readonly [
  name: string,
  verdict: 'refuse' | 'accept' | 'normalise',
  haproxy: 'refuse' | 'accept',
  bytes: string,
]

/** A GET with more field lines, each with its CRLF. */
export const get = (fields: string) => `GET / HTTP/1.1\r\nHost: a\r\n${fields}\r\n`

/** A POST with more field lines, and what follows its head. */
export const post = (fields: string, body: string) => `POST / HTTP/1.1\r\nHost: a\r\n${fields}\r\n${body}`

/** A POST with a chunked body. */
export const chunked = (body: string) => post('Transfer-Encoding: chunked\r\n', body)

/** A request with its own first line. */
export const line = (first: string) => `${first}\r\nHost: a\r\n\r\n`

/** A GET with its own Host lines. */
export const hosts = (fields: string) => `GET / HTTP/1.1\r\n${fields}\r\n`

/** A response with more field lines, and its body. */
export const ok = (fields: string, body: string) => `HTTP/1.1 200 OK\r\n${fields}\r\n${body}`

/** A response with its own first line. */
export const status = (first: string) => `${first}\r\nContent-Length: 2\r\n\r\nab`
