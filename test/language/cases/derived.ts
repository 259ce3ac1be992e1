/** The words that are a fetch with a way to match, as `path_beg`: each once where it holds, and once where it just does not. */
import type { LanguageCase } from '../case.js'

/** Per suffix: a value, a pattern that it matches, one that it does not. */
const ways: readonly (readonly [suffix: string, holds: string, fails: string])[] = [
  ['beg', 'img/', 'mg/'],
  ['dir', 'img', 'im'],
  ['dom', 'img', 'im'],
  ['end', '.png', '.pn'],
  ['len', '{length}', '0'],
  ['reg', '^.*img/[a-z]{3}\\.png$', '^img$'],
  ['sub', 'g/cat', 'g/dog'],
]

interface Subject {
  readonly word: string
  /** Behind the suffix. */
  readonly argument?: string
  readonly request?: string
  readonly response?: string
  /** What the fetch gives. */
  readonly value: string
}

const PLAIN = 'img/cat.png'
const get = (target: string, ...fields: string[]): string =>
  `${[`GET ${target} HTTP/1.1`, ...(fields.some((field) => field.startsWith('Host')) ? [] : ['Host: x']), ...fields].join('\r\n')}\r\n\r\n`
const reply = (...fields: string[]): string =>
  `${['HTTP/1.1 200 OK', 'Content-Length: 0', ...fields].join('\r\n')}\r\n\r\n`

const subjects: readonly Subject[] = [
  { word: 'base', request: get('/img/cat.png', 'Host: img'), value: 'img/img/cat.png' },
  { word: 'cook', argument: '(c)', request: get('/', `Cookie: a=1; c=${PLAIN}`), value: PLAIN },
  { word: 'hdr', argument: '(x)', request: get('/', `X: other, ${PLAIN}`), value: PLAIN },
  { word: 'path', request: get('/img/cat.png?q'), value: '/img/cat.png' },
  { word: 'scook', argument: '(c)', response: reply(`Set-Cookie: c=${PLAIN}; path=/`), value: PLAIN },
  { word: 'shdr', argument: '(x)', response: reply(`X: other, ${PLAIN}`), value: PLAIN },
  { word: 'url', request: get('/img/cat.png'), value: '/img/cat.png' },
  { word: 'urlp', argument: '(u)', request: get(`/?t=1&u=${PLAIN}`), value: PLAIN },
]

/** `beg` counts from the value's own beginning. */
const patternOf = (subject: Subject, suffix: string, pattern: string): string => {
  if (suffix === 'len' && pattern === '{length}') return String(subject.value.length)
  return suffix === 'beg' && pattern === 'img/' && subject.value.startsWith('/') ? `/${pattern}` : pattern
}

const cased = (subject: Subject, suffix: string, pattern: string, outcome: string): LanguageCase => ({
  name: `${subject.word}_${suffix} ${outcome}`,
  covers: [`derived:${subject.word}_${suffix}`],
  ...(subject.response === undefined ? {} : { at: 'response' as const, origin: subject.response }),
  ...(subject.request === undefined ? {} : { send: subject.request }),
  condition: `{ ${subject.word}_${suffix}${subject.argument ?? ''} '${patternOf(subject, suffix, pattern)}' }`,
})

export const cases: readonly LanguageCase[] = subjects.flatMap((subject) =>
  ways.flatMap(([suffix, holds, fails]) => [
    cased(subject, suffix, holds, 'holds'),
    cased(subject, suffix, fails, 'does not hold'),
  ]),
)
