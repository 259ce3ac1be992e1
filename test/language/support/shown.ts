/** What was seen of a case, as a text that can be compared between programs and runs. */
import { brief, responseAt, showRequests, showResponse, visible } from '../../interop/support/message.js'
import type { LanguageCase } from '../case.js'
import type { Stage } from './setup.js'

/** How the connection of the client stands. */
export type Ending = 'open' | 'closed'

/** All that a run saw of a case. */
export interface Seen {
  readonly received: string
  readonly ending: Ending
  /** What each connection of the server got. */
  readonly server: readonly string[]
  readonly log: readonly string[]
  readonly clientPorts: readonly number[]
}

const PLAIN = 'GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n'

export const partsOf = ({ send = PLAIN }: LanguageCase): readonly string[] => (typeof send === 'string' ? [send] : send)

/** The methods of the requests in what is sent, as far as they can be told without reading bodies. */
export function methodsOf(one: LanguageCase): readonly string[] {
  return partsOf(one).flatMap((part) => /^([A-Za-z]+) \S* ?HTTP\/1/.exec(part)?.[1] ?? [])
}

interface Answer {
  readonly at: number
  readonly end: number
}

/** Where the answers begin and end; an interim one is one of its own. */
function answersIn(received: string, methods: readonly string[], closed: boolean): readonly Answer[] {
  const found: Answer[] = []
  let final = 0
  for (let at = 0; at < received.length; ) {
    const message = responseAt(received, at, methods[final] ?? 'GET', closed)
    if (message?.end === undefined) break
    found.push({ at, end: message.end })
    if (!/^HTTP\/1\.[01] 1(?!01)/.test(received.slice(at, at + 12))) final++
    at = message.end
  }
  return found
}

/** How many final answers have come. */
export function answered(received: string, one: LanguageCase): number {
  return answersIn(received, methodsOf(one), false).filter(
    ({ at }) => !/^HTTP\/1\.[01] 1(?!01)/.test(received.slice(at, at + 12)),
  ).length
}

const bracketed = (body: string): string | undefined => /^<(.*)>$/s.exec(body)?.[1]

function showAnswers({ received, ending }: Seen, one: LanguageCase): string {
  if (one.mode === 'tcp') return `${brief(received)}[${ending}]`
  const methods = methodsOf(one)
  const answers = answersIn(received, methods, ending === 'closed')
  const short = one.expression ?? one.format ?? one.condition
  const shown = answers.map(({ at }) => {
    const message = responseAt(received, at, 'GET', true)
    const value = message === undefined || short === undefined ? undefined : bracketed(message.body)
    if (value !== undefined && received.startsWith('HTTP/1.1 200 ', at)) return value
    return message === undefined ? '' : showResponse(received, at, message)
  })
  const rest = received.slice(answers.at(-1)?.end ?? 0)
  if (rest !== '') shown.push(`[bytes] ${visible(rest)}`)
  if (answers.length < methods.length || answers.length === 0) shown.push(`[${ending}]`)
  return shown.join('\n')
}

const TIMERS = /(?<=^| )(?:-1|\d+)(?:\/(?:-1|\+?\d+)){4}(?= |$)/gm
/** Of HTTP messages HAProxy counts the bytes of the form that they have in its memory. */
const BYTES = /(T\/(?:T|-1)\/(?:T|-1)\/(?:T|-1)\/\+?T (?:\d{3}|-1)) \d+/

function showLog(line: string): string {
  return line
    .replace(/\n+$/, '')
    .replace(/^(<\d+>)[A-Z][a-z]{2} [ \d]\d [\d:]{8} /, '$1{date} ')
    .replace(/\d{4}-\d\d-\d\dT[\d:]{8}(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g, '{date}')
    .replace(/(\w)\[\d+\]: /, '$1[{pid}]: ')
    .replace(/\[\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:]{8}(?:\.\d{3}| [+-]\d{4})\]/g, '[{date}]')
    .replace(TIMERS, (timers) => timers.replace(/(?<!-)\d+/g, 'T'))
    .replace(BYTES, '$1 {bytes}')
}

/** Digits of their own that belong to the run. */
const port = (number: number): RegExp => new RegExp(`(?<![0-9])${number}(?![0-9])`, 'g')

function masked(text: string, { port: own, serverPort, dir, subject }: Stage, { clientPorts }: Seen): string {
  let shown = text
    .replaceAll(dir, '{dir}')
    .replace(port(own), '{port}')
    .replace(port(serverPort), '{server-port}')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '{uuid}')
  for (const number of clientPorts) shown = shown.replace(port(number), '{client-port}')
  for (const [pattern, word] of subject.case.mask ?? []) shown = shown.replace(pattern, word)
  return shown
}

/** The text of a case. */
export function show(stage: Stage, seen: Seen): string {
  const { case: one } = stage.subject
  const sees = one.sees ?? ['answer']
  const parts: string[] = []
  if (sees.includes('answer')) parts.push(showAnswers(seen, one))
  if (sees.includes('server')) {
    const requests = seen.server.flatMap((bytes) =>
      one.mode === 'tcp' ? [`[bytes] ${brief(bytes)}`] : showRequests(bytes),
    )
    parts.push(...(requests.length === 0 ? ['[server] nothing'] : requests.map((request) => `[server] ${request}`)))
  }
  if (sees.includes('log')) parts.push(...seen.log.map((line) => `[log] ${showLog(line)}`))
  return masked(parts.join('\n'), stage, seen)
}
