/**
 * What `explain()` tells of a request is what went over the wire: every case that is one plain request is explained on the balancer that has just
 * served it, and verdict, answer and the request at the server are compared.
 */
import t from 'tap'
import type { ExplanationData } from '../../lib/proxy/explanation.js'
import type { InMemory } from '../../lib/testing/index.js'
import { responseAt } from '../interop/support/message.js'
import { chosen } from './cases/index.js'
import { loadText } from './support/loading.js'
import { runInMemory } from './support/memory.js'
import { frontendOf, type Stage, subjectsOf } from './support/setup.js'
import { partsOf, type Seen } from './support/shown.js'

/** A request of a head alone. */
const plain =
  /^([A-Z]+) (\/[!-"$-~]*) HTTP\/(1\.[01])\r\n((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+: ?[\t -~\x80-\xff]*\r\n)*)\r\n$/

interface Plain {
  readonly method: string
  readonly target: string
  readonly version: '1.0' | '1.1'
  readonly headers: readonly (readonly [string, string])[]
}

const fieldsOf = (lines: string): readonly (readonly [string, string])[] =>
  lines
    .split('\r\n')
    .filter((line) => line !== '')
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).replace(/^ /, '')])

/** What is another value each time that one asks, or is known only of what really went: connections of a server, bodies of its answers, timers. */
const moving =
  /\b(?:fe_conn|be_conn|act_conn|dst_conn|\w+_sess_rate|\w+_req_rate|queue)\b|proc\.|\bbc_|\bbc\.|\btxn\.\w+|\btimer\b|server_status|res\.body|wait-for-body|\w+_date|maxhdr/

function requestOf({ subject }: Stage): Plain | undefined {
  const parts = partsOf(subject.case)
  const found = plain.exec(parts[0] ?? '')
  // What is as large as this is about limits of heads, which an explanation does not have.
  const large = (parts[0] ?? '').length > 2000
  if (parts.length !== 1 || found === null || large || subject.case.mode === 'tcp') return undefined
  const [, method = '', target = '', version, lines = ''] = found
  const { origin = [], ...rest } = subject.case
  if (moving.test(JSON.stringify(rest))) return undefined
  // A server that is not there.
  if (rest.backend?.some((line) => /^server /.test(line) && !line.includes('{server'))) return undefined
  // What no HTTP server would say, and answers that come before the last.
  if ([origin].flat().some((text) => !/^HTTP\/1\.\d [2-5]\d\d[\s\S]*\r\n\r\n/.test(text))) return undefined
  // Bytes that follow a head, or are promised by it, are another matter.
  if (/^(?:content-length|transfer-encoding|upgrade|expect):/im.test(lines) || method === 'CONNECT') return undefined
  return {
    method,
    target,
    version: version as Plain['version'],
    headers: fieldsOf(lines).map(([name, value]) => [name, value.trim()]),
  }
}

/** A head as both sides have it: the start line, and the fields but those of the connection, the clock and the body. */
const headText = (start: string, fields: readonly (readonly [string, string])[]): string =>
  [
    start,
    ...fields
      .filter(([name]) => !/^(?:connection|date|content-length|transfer-encoding)$/i.test(name))
      .map(([name, value]) => `${name.toLowerCase()}: ${value}`),
  ].join('\n')

function sentText({ sent, server }: ExplanationData): string {
  return sent === undefined || server?.name === undefined
    ? 'nothing'
    : headText(`${sent.method} ${sent.target} HTTP/${sent.version}`, sent.headers)
}

function servedText(bytes: string | undefined): string {
  if (bytes === undefined) return 'nothing'
  const [start = '', ...lines] = bytes.slice(0, bytes.indexOf('\r\n\r\n')).split('\r\n')
  return headText(start, fieldsOf(lines.join('\r\n')))
}

/** The last answer, since interim ones come before it; its body is told when it is ours. */
function receivedText(received: string, ours: boolean): string {
  if (received === '') return 'nothing'
  const at = Math.max(received.search(/HTTP\/1\.[01] (?!1)\d/), 0)
  const end = received.indexOf('\r\n\r\n', at)
  const body = responseAt(received, at, 'GET', true)?.body ?? ''
  const [start = '', ...lines] = received.slice(at, end).split('\r\n')
  const head = headText(start.replace(/^HTTP\/\S+ /, ''), fieldsOf(lines.join('\r\n')))
  return ours ? `${head}\n\n${body}` : head
}

function answerText({ answer }: ExplanationData, ours: boolean): string {
  if (answer === undefined) return 'nothing'
  const head = headText(`${answer.status} ${answer.reason}`, answer.headers)
  return ours ? `${head}\n\n${answer.body ?? ''}` : head
}

/** What the server of a case says, as far as its head goes. */
function serverAnswer({ subject }: Stage): {
  status: number
  reason: string
  headers: readonly (readonly [string, string])[]
} {
  const { origin = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n' } = subject.case
  const text = typeof origin === 'string' ? origin : (origin[0] ?? '')
  const [start = '', ...lines] = text.slice(0, text.indexOf('\r\n\r\n')).split('\r\n')
  const [, status = '200', reason = ''] = /^\S+ (\d+) ?(.*)$/.exec(start) ?? []
  return { status: Number(status), reason, headers: fieldsOf(lines.join('\r\n')) }
}

interface Comparison {
  readonly stage: Stage
  readonly explained: string
  readonly wire: string
}

/** Whose turn it is when the explanation is asked for need not be whose turn it was: the server's value of a new cookie may be another. */
const anyServer = (text: string): string => text.replace(/^(set-cookie: SRV=)[ab](?=[;~])/gim, '$1*')

async function compare(lb: InMemory, stage: Stage, seen: Seen): Promise<Comparison | undefined> {
  const request = requestOf(stage)
  if (request === undefined) return undefined
  const { data } = await lb.balancer.explain(request.target, {
    method: request.method,
    version: request.version,
    headers: request.headers,
    frontend: frontendOf(stage.subject),
    src: stage.subject.case.from ?? '127.0.0.1',
    srcPort: seen.clientPorts[0] ?? 0,
    dst: '127.0.0.1',
    dstPort: stage.port,
    at: lb.clock.wall(),
    response: serverAnswer(stage),
  })
  const ours = data.sent === undefined || data.server?.name === undefined
  return {
    stage,
    explained: anyServer(`server: ${sentText(data)}\nclient: ${answerText(data, ours)}`),
    wire: anyServer(`server: ${servedText(seen.server[0])}\nclient: ${receivedText(seen.received, ours)}`),
  }
}

t.setTimeout(0)

const topics = chosen(process.env['FAIRLEAD_CASES'])
/** Without a choice, one of four: which, is chance's. `npm run test:interop` takes all. */
const slice = process.env['FAIRLEAD_CASES'] === undefined && process.env['FAIRLEAD_EXPLAIN'] !== 'all' ? 4 : 1
const offset = Math.floor(Math.random() * slice)
const subjects = subjectsOf(topics).filter((_, index) => index % slice === offset)
const compared: Comparison[] = []
await runInMemory(subjects, loadText, async (lb, stage, seen) => {
  const one = await compare(lb, stage, seen)
  if (one !== undefined) compared.push(one)
})

t.test('there is something to compare', async (t) => {
  t.ok(compared.length > 0, `${compared.length} requests`)
})

for (const { name } of topics) {
  t.test(name, async (t) => {
    const own = compared.filter(({ stage }) => stage.subject.topic === name)
    for (const { stage, explained, wire } of own) t.equal(explained, wire, stage.subject.case.name)
    t.pass(`${own.length} requests`)
  })
}
