/** Configurations in which rules wait for bodies, with messages that come in parts. */

import type { Setup } from '../support/differential.js'
import type { ClientStep, Exchange } from '../support/exchange.js'
import type { OriginScript } from '../support/origin.js'
import { always, get, ok, SECOND } from './product.js'

const DEFAULTS = `  mode http
  option httplog
  timeout connect 1s
  timeout client 3s
  timeout http-request 900ms
  timeout server 3s`

const TOLD = `  http-request set-header x-body "<%[req.body]>"
  http-request set-header x-length %[req.body_len]
  http-request set-header x-size %[req.body_size]`

const sections = (front: string, back = '') => `frontend fe{n}
  bind 127.0.0.1:{port}
${front}
${TOLD}
  default_backend be{n}
backend be{n}
${back}
  server s1 127.0.0.1:{s1}
`

const post = (path: string, length: number, body = '', fields = '') =>
  `POST ${path} HTTP/1.1\r\nHost: example.test\r\nContent-Length: ${length}\r\n${fields}\r\n${body}`
const chunked = (path: string) => `POST ${path} HTTP/1.1\r\nHost: example.test\r\nTransfer-Encoding: chunked\r\n\r\n`
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`

/** The parts of a request, with something between them, and then another request. */
function parts(name: string, between: ClientStep, sent: readonly string[]): Exchange {
  const steps = sent.flatMap((send, index): ClientStep[] => (index === 0 ? [{ send }] : [between, { send }]))
  return {
    name,
    client: [...steps, 'response', { send: SECOND }, 'response', 'close'],
    origins: { s1: always('fine') },
  }
}

const SENT: Readonly<Record<string, readonly string[]>> = {
  'all at once': [post('/', 7, 'a=1&b=2')],
  'the body later': [post('/', 7), 'a=1&b=2'],
  'the body in two parts': [post('/', 7, 'a=1'), '&b=2'],
  'chunks at once': [`${chunked('/')}${chunk('a=1')}${chunk('&b=2')}0\r\n\r\n`],
  'chunks one by one': [chunked('/'), chunk('a=1'), chunk('&b=2'), '0\r\n\r\n'],
  'chunks with trailers': [chunked('/'), chunk('a=1'), '0\r\nX-Sum: 3\r\n\r\n'],
  'a chunk in two parts': [chunked('/'), '7\r\na=1', '&b=2\r\n0\r\n\r\n'],
  'no body': [get('/')],
  'an empty body': [post('/', 0)],
}

const requests = (between: ClientStep): readonly Exchange[] =>
  Object.entries(SENT).map(([name, sent]) => parts(name, between, sent))

/** Nothing goes on before the body is there, so that only time can lie between its parts. */
const moment: ClientStep = { pause: 100 }

const never: Exchange = {
  name: 'half a body and no more',
  client: [{ send: post('/', 7, 'a=1') }, 'response', 'close'],
  origins: { s1: always('fine') },
}
const asked: Exchange = {
  name: 'a client that waits to be asked',
  client: [
    { send: post('/', 7, '', 'Expect: 100-continue\r\n') },
    { until: '100 Continue\r\n\r\n' },
    { send: 'a=1&b=2' },
    'response',
    { send: SECOND },
    'response',
    'close',
  ],
  origins: { s1: always('fine') },
}

const plain: Setup = {
  name: 'bodies that nobody waits for',
  defaults: DEFAULTS,
  sections: sections(''),
  exchanges: requests({ seen: 'x-size' }),
}

const waited: Setup = {
  name: 'bodies that a rule waits for',
  defaults: DEFAULTS,
  sections: sections('  http-request wait-for-body time 900ms'),
  exchanges: [...requests(moment), never, asked],
}

const buffered: Setup = {
  name: 'option http-buffer-request',
  defaults: DEFAULTS,
  sections: sections('  option http-buffer-request'),
  exchanges: [...requests(moment), never, asked],
}

const enough: Setup = {
  name: 'the beginnings of bodies',
  defaults: DEFAULTS,
  sections: sections('  http-request wait-for-body time 900ms at-least 3'),
  exchanges: [
    parts('three bytes and the rest', { seen: 'x-size' }, [post('/', 7, 'a=1'), '&b=2']),
    parts('less than three in all', moment, [post('/', 2), 'ab']),
    { ...never, name: 'two bytes and no more', client: [{ send: post('/', 7, 'a=') }, 'response', 'close'] },
  ],
}

const TOLD_BACK = `  http-response set-header x-body "<%[res.body]>"
  http-response set-header x-length %[res.body_len]
  http-response set-header x-size %[res.body_size]`

/** A response in two parts, the second when the first has been there for a moment. */
function answer(name: string, first: string, second: string, end: OriginScript[number] = ['end']): Exchange {
  return {
    name,
    client: [{ send: get('/') }, { seen: 'GET' }, { pause: 250 }, { open: 'rest' }, 'response', 'fin', 'close'],
    origins: { s1: [['request', { send: first }, { gate: 'rest' }, { send: second }, ...end]] },
  }
}

const responses: Setup = {
  name: 'bodies of responses',
  defaults: DEFAULTS,
  sections: sections('', `  http-response wait-for-body time 900ms\n${TOLD_BACK}`),
  exchanges: [
    answer('a known length', 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nabc', 'defg'),
    answer('a head and then its body', 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n', 'abcdefg'),
    answer(
      'chunks',
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunk('abc')}`,
      `${chunk('defg')}0\r\nX-Sum: 7\r\n\r\n`,
    ),
    answer('until the server closes', 'HTTP/1.1 200 OK\r\n\r\nabc', 'defg', ['fin']),
    answer('a server that leaves too early', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc', 'defg', ['fin']),
    answer('no body', 'HTTP/1.1 204 No Content\r\n\r\n', ''),
    {
      name: 'half a body and no more',
      client: [{ send: get('/') }, 'response', { send: SECOND }, 'response', 'close'],
      origins: {
        s1: [
          ['request', { send: 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nabc' }, 'end'],
          ['request', { send: ok('second') }],
        ],
      },
    },
  ],
}

export const bodySetups: readonly Setup[] = [plain, waited, buffered, enough, responses]
