/** Cases → one configuration, in which each has a frontend of its own; and which lines belong to whom. */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LanguageCase, Topic } from '../case.js'

/** A case with the word that is its own, the same in every run and program. */
export interface Subject {
  readonly topic: string
  readonly id: string
  readonly case: LanguageCase
}

/** Where a case happens in one run. */
export interface Stage {
  readonly subject: Subject
  readonly port: number
  readonly serverPort: number
  readonly log: string
  readonly dir: string
}

const digest = (text: string): string => createHash('sha1').update(text).digest('hex')

export const subjectsOf = (topics: readonly Topic[]): readonly Subject[] =>
  topics.flatMap(({ name, cases }) =>
    cases.map((one) => ({ topic: name, id: digest(`${name}/${one.name}`).slice(0, 8), case: one })),
  )

export const frontendOf = ({ id }: Subject): string => `fe_${id}`

/** What a recording belongs to: when a case is changed, it must be recorded anew. */
export function fingerprint({ case: one }: Subject): string {
  const { covers: _, since: __, differs: ___, expect: ____, ...rest } = one
  const mask = rest.mask?.map(([pattern, word]) => [pattern.source, word])
  return digest(JSON.stringify({ ...rest, mask })).slice(0, 8)
}

/** Cases that may share a process. */
export function groupsOf(subjects: readonly Subject[]): readonly (readonly Subject[])[] {
  const groups = new Map<string, Subject[]>()
  for (const subject of subjects) {
    const { global = [], alone } = subject.case
    const key = alone === true ? subject.id : global.join('\n')
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [subject])
    else group.push(subject)
  }
  return [...groups.values()]
}

/** Puts a case's own words into a text. */
export function fill(text: string, { subject, port, serverPort, log, dir }: Stage): string {
  const words: Readonly<Record<string, string>> = {
    id: subject.id,
    frontend: frontendOf(subject),
    backend: `be_${subject.id}`,
    port: String(port),
    server: `127.0.0.1:${serverPort}`,
    'server-port': String(serverPort),
    log,
    dir,
  }
  const filled = text.replace(/\{([a-z-]+)\}/g, (whole, name: string) => words[name] ?? whole)
  // A descriptor counts the line feed, the socket that it stands for does not.
  return filled.replace(/\b(log fd@\d+ len )(\d+)/, (_, head: string, length: string) => head + (Number(length) + 1))
}

/** A word of a haproxy.cfg that stands for exactly this text. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** An answer loses what the response had said before its text is made: what is asked of a response is kept in a variable. */
function shorthand({ expression, format, condition, at = 'request' }: LanguageCase): readonly string[] {
  const answer = `http-${at} return status 200 content-type text/plain`
  if (condition !== undefined) return [`${answer} string <yes> if ${condition}`, `${answer} string <no>`]
  const text = expression === undefined ? format : `%[${expression}]`
  if (text === undefined) return []
  if (at === 'request') return [`${answer} lf-string ${quoted(`<${text}>`)}`]
  const keep =
    expression === undefined ? `set-var-fmt(txn.value) ${quoted(text)}` : `set-var(txn.value) ${quoted(expression)}`
  return [`http-${at} ${keep}`, `${answer} lf-string <%[var(txn.value)]>`]
}

function proxies({ case: one }: Subject): readonly string[] {
  const { frontend = [], backend = [], mode = 'http', bind = '', server = '', sections = '', sees = [] } = one
  const logs = sees.includes('log') && !frontend.some((line) => /^(no )?log /.test(line)) ? ['log {log} local0'] : []
  const own = backend.some((line) => /^server(-template)? /.test(line))
  const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`)
  return [
    'frontend {frontend}',
    `  bind 127.0.0.1:{port} ${bind}`.trimEnd(),
    ...indented([`mode ${mode}`, ...logs, ...frontend, ...shorthand(one)]),
    ...(frontend.some((line) => /^default_backend /.test(line)) ? [] : ['  default_backend {backend}']),
    'backend {backend}',
    ...indented([`mode ${mode}`, ...backend, ...(own ? [] : [`server s1 {server} ${server}`.trimEnd()])]),
    ...sections.split('\n'),
  ]
}

const DEFAULTS = [
  'defaults',
  '  mode http',
  '  timeout connect 2s',
  '  timeout client 5s',
  '  timeout server 5s',
] as const

/** A configuration, and the last line of each case in it. */
export interface Rendered {
  readonly text: string
  readonly ends: readonly (readonly [line: number, subject: Subject])[]
}

/** The configuration of a group. */
export function render(stages: readonly Stage[], global: readonly string[] = []): Rendered {
  const first = stages[0]
  const own = first?.subject.case.global ?? []
  const lines = ['global', ...[...global, ...own].map((line) => `  ${first === undefined ? line : fill(line, first)}`)]
  const ends: [number, Subject][] = []
  let current: readonly string[] | undefined
  for (const stage of stages) {
    const { defaults = [] } = stage.subject.case
    if (current === undefined || defaults.length + current.length > 0)
      lines.push(...DEFAULTS, ...defaults.map((line) => `  ${fill(line, stage)}`))
    current = defaults
    for (const line of proxies(stage.subject)) lines.push(...fill(line, stage).split('\n'))
    ends.push([lines.length, stage.subject])
  }
  return { text: `${lines.join('\n')}\n`, ends }
}

/** Whose line it is. */
export const ownerOf = ({ ends }: Rendered, line: number): Subject | undefined => ends.find(([end]) => line <= end)?.[1]

/** Writes the files of a case. */
export function writeFiles({ subject, dir }: Stage): void {
  if (subject.case.files === undefined) return
  mkdirSync(dir, { recursive: true })
  for (const [name, text] of Object.entries(subject.case.files)) writeFileSync(join(dir, name), text, 'latin1')
}
