/**
 * Exchanges as the product of method × request framing × version × keep-alive × response framing × who closes.
 * Every configuration gets its own share of the product, so that all axes meet all configurations.
 */

import type { ClientStep, Exchange } from '../support/exchange.js'
import type { OriginScript, OriginStep } from '../support/origin.js'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'PURGE'] as const
const VERSIONS = ['1.1', '1.0'] as const
const ALIVE = ['default', 'close', 'keep-alive'] as const
const CLOSERS = ['second request', 'client half-closes', 'client closes late'] as const

interface Framing {
  readonly name: string
  readonly fields: string
  readonly body: string
  readonly old: boolean
}

const FRAMINGS: readonly Framing[] = [
  { name: 'no body', fields: '', body: '', old: true },
  { name: 'length', fields: 'Content-Length: 11\r\n', body: 'hello world', old: true },
  {
    name: 'chunked',
    fields: 'Transfer-Encoding: chunked\r\n',
    body: '5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n',
    old: false,
  },
  {
    name: 'trailers',
    fields: 'Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n',
    body: '5;name=value\r\nhello\r\n0\r\nX-Sum: 5\r\n\r\n',
    old: false,
  },
  { name: 'expect', fields: 'Content-Length: 11\r\nExpect: 100-continue\r\n', body: 'hello world', old: false },
]

interface Answer {
  readonly name: string
  readonly text: (method: string) => string
  /** The server ends the connection after it. */
  readonly closes: boolean
}

const unlessHead = (head: string, body: string) => (method: string) => (method === 'HEAD' ? head : head + body)

export const BIG = 'abcdefghijklmnopqrstuvwxyz0123456789'.repeat(3000)

const ANSWERS: readonly Answer[] = [
  {
    name: 'length',
    text: unlessHead('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Mixed-Case: Yes\r\n\r\n', 'first'),
    closes: false,
  },
  {
    name: 'chunked',
    text: unlessHead('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', '3\r\nfir\r\n2\r\nst\r\n0\r\n\r\n'),
    closes: false,
  },
  {
    name: 'trailers',
    text: unlessHead('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', '5\r\nfirst\r\n0\r\nX-End: yes\r\n\r\n'),
    closes: false,
  },
  { name: 'until close', text: unlessHead('HTTP/1.1 200 OK\r\n\r\n', 'first'), closes: true },
  { name: 'empty', text: () => 'HTTP/1.1 201 Created\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n', closes: false },
  { name: '204', text: () => 'HTTP/1.1 204 No Content\r\n\r\n', closes: false },
  {
    name: '304 with length',
    text: () => 'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\nETag: "x"\r\n\r\n',
    closes: false,
  },
  { name: '1.0', text: unlessHead('HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n', 'first'), closes: true },
  {
    name: '1.0 keep-alive',
    text: unlessHead('HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\n', 'first'),
    closes: false,
  },
  {
    name: 'closing',
    text: unlessHead('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\n', 'first'),
    closes: true,
  },
  {
    name: 'early hints',
    text: unlessHead(
      'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\n',
      'first',
    ),
    closes: false,
  },
  { name: 'big', text: unlessHead(`HTTP/1.1 200 OK\r\nContent-Length: ${BIG.length}\r\n\r\n`, BIG), closes: false },
]

export const SECOND = 'GET /second HTTP/1.1\r\nHost: example.test\r\nConnection: close\r\n\r\n'
export const SECOND_REPLY = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond'

interface Combination {
  readonly method: string
  readonly framing: Framing
  readonly version: string
  readonly alive: string
  readonly answer: Answer
  readonly closer: string
}

function requestOf(c: Combination): { head: string; body: string } {
  const connection = c.alive === 'default' ? '' : `Connection: ${c.alive}\r\n`
  const head =
    `${c.method} /first?q=1 HTTP/${c.version}\r\nHost: example.test\r\nUser-Agent: Test/1.0\r\n` +
    `${connection}${c.framing.fields}Accept: */*\r\nx-a: 1\r\nX-A: 2\r\n\r\n`
  return { head, body: c.framing.body }
}

function clientOf(c: Combination): ClientStep[] {
  const { head, body } = requestOf(c)
  const steps: ClientStep[] =
    c.framing.name === 'expect' ? [{ send: head }, { until: '\r\n\r\n' }, { send: body }] : [{ send: head + body }]
  if (c.closer === 'client half-closes') return [...steps, 'fin', { response: c.method }, 'close']
  steps.push({ response: c.method })
  if (c.closer === 'client closes late') return [...steps, 'fin', 'close']
  return [...steps, { send: SECOND }, 'response', 'close']
}

function originOf(c: Combination): OriginScript {
  const interim: OriginStep[] = c.framing.name === 'expect' ? ['head', { send: 'HTTP/1.1 100 Continue\r\n\r\n' }] : []
  const reply: OriginStep = { reply: [c.answer.text(c.method), SECOND_REPLY] }
  const later: OriginStep[] = [reply, 'loop']
  return [[...interim, reply, ...(c.answer.closes ? (['fin'] as const) : later)], later]
}

function nameOf(c: Combination): string {
  return `${c.method} ${c.framing.name}, HTTP/${c.version}, ${c.alive}; answer ${c.answer.name}; ${c.closer}`
}

const COUNTS = [METHODS.length, FRAMINGS.length, VERSIONS.length, ALIVE.length, ANSWERS.length, CLOSERS.length] as const
const TOTAL = COUNTS.reduce((product, count) => product * count, 1)
/** Coprime to the size of the product, so that its steps visit everything once and change every axis at each step. */
const STRIDE = 5309

function combination(index: number): Combination {
  let rest = (index * STRIDE) % TOTAL
  const [method, framing, version, alive, answer, closer] = COUNTS.map((count) => {
    const choice = rest % count
    rest = (rest - choice) / count
    return choice
  })
  return {
    method: METHODS[method!]!,
    framing: FRAMINGS[framing!]!,
    version: VERSIONS[version!]!,
    alive: ALIVE[alive!]!,
    answer: ANSWERS[answer!]!,
    closer: CLOSERS[closer!]!,
  }
}

// HAProxy refuses GET, HEAD and DELETE of HTTP/1.0 with a body, and whether it logs the half-close first is chance.
const unsteady = (c: Combination) =>
  c.version === '1.0' && c.framing.body !== '' && c.closer === 'client half-closes' && /GET|HEAD|DELETE/.test(c.method)
const possible = (c: Combination) => (c.version === '1.1' || c.framing.old) && !unsteady(c)

/** `count` exchanges of the product beginning at the place `share`; different shares below 100 do not overlap. */
export function product(share: number, count: number): Exchange[] {
  const exchanges: Exchange[] = []
  for (let index = share * 60; exchanges.length < count; index++) {
    const c = combination(index)
    if (possible(c)) exchanges.push({ name: nameOf(c), client: clientOf(c), origins: { s1: originOf(c) } })
  }
  return exchanges
}

/** A plain request of the test, ended by an empty line. */
export const get = (path: string, fields = '') => `GET ${path} HTTP/1.1\r\nHost: example.test\r\n${fields}\r\n`
export const ok = (body: string, fields = '') =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n${fields}\r\n${body}`

/** An origin that answers every request with `body`. */
export const always = (body: string): OriginScript => [[{ reply: [ok(body)] }, 'loop']]
