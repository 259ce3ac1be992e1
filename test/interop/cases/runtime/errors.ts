/** Messages that broke HTTP's rules, and what `show errors` shows of them. */
import { defaults, type RuntimeCase, type Step, sockets } from './case.js'

const config: RuntimeCase['config'] = (place) => `global
${sockets(place)}  maxconn 1000
${defaults}frontend fe
  bind 127.0.0.1:${place.port('fe')}
  default_backend be
backend be
  server s1 127.0.0.1:${place.origin}
listen both
  bind 127.0.0.1:${place.port('both')}
  server s2 127.0.0.1:${place.origin}
`

const LINE = 'GET / HTTP/1.1\r\n'
const HEAD = `${LINE}Host: a\r\n`
const CHUNKED = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'
const ANSWER = 'HTTP/1.1 200 OK\r\n'
const CHUNKS = `${ANSWER}Transfer-Encoding: chunked\r\n\r\n`

/** Dates, ports, HAProxy's flags, and how much of a body it had been told of. */
const maskErrors = (answer: string): string =>
  answer
    .replace(/\[\d\d\/\w{3}\/\d{4}:[\d:.]+\]/g, '[date]')
    .replace(/src 127\.0\.0\.1:\d+/g, 'src 127.0.0.1:~')
    .replace(/flags 0x\w{8}/g, 'flags ~')
    // What is wrong behind a head that came with it HAProxy finds before it has looked where that leads.
    .replace(/( {2}backend )be \(#3\)(, server <NONE>)/g, '$1<NONE> (#-1)$2')
    .replace(/(chunk|body) len \d+ bytes/g, '$1 len ~ bytes')

const shown = (ask: string, level?: 'user' | 'operator'): Step =>
  level === undefined ? { ask, mask: maskErrors } : { ask, level, mask: maskErrors }

const request = (raw: string): Step[] => [{ raw, from: 'fe' }, shown('show errors -1 request')]

const response = (raw: string): Step[] => {
  const path = Buffer.from(raw, 'latin1').toString('base64url')
  return [
    { raw: `GET /raw/${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`, from: 'fe' },
    shown('show errors -1 response'),
  ]
}

export const errors: readonly RuntimeCase[] = [
  {
    name: 'requests that broke the rules',
    config,
    steps: [
      shown('show errors'),
      ...[
        'nonsense\r\n\r\n',
        '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n',
        'G(T / HTTP/1.1\r\nHost: a\r\n\r\n',
        'GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n',
        'GET /\xe9 HTTP/1.1\r\nHost: a\r\n\r\n',
        'GET / HTTP/1.x\r\n\r\n',
        'GET / HTTQ/1.0\r\nHost: a\r\n\r\n',
        'GET / HTTP/1.12\r\nHost: a\r\n\r\n',
        'GET / HTTP/1.1 \r\nHost: a\r\n\r\n',
        `${LINE}Ho st: a\t\x01\\\x1b\xff\r\n\r\n`,
        `${HEAD}abc\r\n\r\n`,
        `${HEAD}abc : x\r\n\r\n`,
        `${HEAD}: x\r\n\r\n`,
        `${LINE} x: y\r\n\r\n`,
        `${HEAD}a: b\rc\r\n\r\n`,
        `${HEAD}ab\rc: c\r\n\r\n`,
        `${HEAD}Long: ${'y'.repeat(200)}\r\nBad\x07: 1\r\n\r\n`,
        `\r\n\r\n${HEAD}a b: c\r\n\r\n`,
        `${HEAD}Host: b\r\n\r\n`,
        'GET http://a HTTP/1.1\r\nHost: b\r\n\r\n',
        'CONNECT /x HTTP/1.1\r\nHost: b\r\n\r\n',
        `${HEAD}Content-Length: 1x\r\n\r\n`,
        `${HEAD}Content-Length: \r\n\r\n`,
        `${HEAD}Content-Length: 1, 2\r\n\r\n`,
        `${HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`,
        'GET / HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello',
        `${HEAD}Transfer-Encoding: foo\r\n\r\n`,
        `${HEAD}Transfer-Encoding: gzip, chunked\r\n\r\n`,
        `${HEAD}Transfer-Encoding: chunked, gzip\r\n\r\n`,
        `${HEAD}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n`,
        'GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n',
        `${HEAD}Connection: upgrade\r\nUpgrade: websocket\r\n\r\n`,
        `${CHUNKED}zz\r\n`,
        `${CHUNKED}3 x\r\nabc\r\n`,
        `${CHUNKED}3\rabc\r\n`,
        `${CHUNKED}ffffffffffffffffff\r\n`,
        `${CHUNKED}3\r\nabcd\r\n`,
        `${CHUNKED}3\r\nabc\rX`,
        `${CHUNKED}3\r\nabc\r\n1;x=y\r\na\r\nzz\r\n`,
      ].flatMap(request),
    ],
  },
  {
    name: 'responses that broke the rules',
    config,
    steps: [
      ...[
        'nonsense\r\n\r\n',
        'HTTP/1,1 200 OK\r\n\r\n',
        'HTTP/1.x 200 OK\r\n\r\n',
        'HTTP/1.12 200 OK\r\n\r\n',
        'HTTP/1.1 2x0 OK\r\n\r\n',
        `${ANSWER}hea der: x\r\n\r\n`,
        `${ANSWER}abc\r\n\r\n`,
        `${ANSWER}a: b\rc\r\n\r\n`,
        `${ANSWER}Long: ${'y'.repeat(200)}\r\nBad\x07: 1\r\n\r\nabcdef`,
        `${ANSWER}Content-Length: x\r\n\r\n`,
        `${ANSWER}Content-Length: 1\r\nContent-Length: 2\r\n\r\nabc`,
        `${ANSWER}Transfer-Encoding: gzip\r\n\r\n`,
        `${ANSWER}Transfer-Encoding: gzip, chunked\r\n\r\n`,
        `${ANSWER}Transfer-Encoding: chunked, chunked\r\n\r\n`,
        `${CHUNKS}zz\r\n`,
        `${CHUNKS}3\r\nabcd\r\n`,
      ].flatMap(response),
      { raw: 'nonsense\r\n\r\n', from: 'fe' },
      { raw: `GET /raw/${Buffer.from('junk').toString('base64url')} HTTP/1.1\r\nHost: a\r\n\r\n`, from: 'both' },
      ...['', '-1', '-2', '-5x', '0', '1', '2', '02', '+2', '2x', '3', '4', 'x2', '0x2', '#2', '#3', '#99'].map(
        (which) => shown(`show errors ${which}`),
      ),
      ...['fe', 'be', 'both', 'FE', 'nosuch', 'fe gibberish', 'be gibberish'].map((which) =>
        shown(`show errors ${which}`),
      ),
      ...['-1', 'fe', 'be', 'both', '2', '3'].flatMap((which) => [
        shown(`show errors ${which} request`),
        shown(`show errors ${which} response`),
      ]),
      shown('show errors -1 Request'),
      shown('show errors', 'user'),
      shown('show errors fe request', 'operator'),
    ],
  },
]
