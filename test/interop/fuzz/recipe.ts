/** What a case is made of: lists from which one thing after the other can be taken away, until only what differs is left. */
import type { LanguageCase } from '../../language/case.js'
import { type Message, writtenMessage } from './messages.js'
import { type Call, type Place, written } from './samples.js'

/** The test behind an expression: `-m beg -i -- a b`. */
export interface Test {
  readonly method: string | undefined
  readonly flags: readonly string[]
  readonly patterns: readonly string[]
  readonly not: boolean
}

export interface Recipe {
  readonly name: string
  readonly at: Place
  readonly calls: readonly Call[]
  readonly test: Test | undefined
  /** Items of a format. */
  readonly format: readonly string[]
  /** Lines of the frontend; what they do is seen in both directions. */
  readonly rules: readonly string[]
  readonly requests: readonly Message[]
  readonly responses: readonly Message[]
}

/** A word of a line that is exactly this text. */
export const word = (text: string): string => (/^[\w.,/:=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

function condition(calls: readonly Call[], { method, flags, patterns, not }: Test): string {
  const words = [...(method === undefined ? [] : ['-m', method]), ...flags, ...patterns].map(word)
  return `{ ${[word(written(calls)), ...words].join(' ')} }`.replace(/^/, not ? '!' : '')
}

const SET = [
  'http-request set-var(txn.a) str(abc)',
  'http-request set-var(req.a) int(7)',
  'http-request set-var(sess.a) src',
] as const

export function caseOf({ name, at, calls, test, format, rules, requests, responses }: Recipe): LanguageCase {
  const frontend = [
    ...(requests.some(({ body }) => body !== '') ? ['option http-buffer-request'] : []),
    ...SET,
    ...rules,
  ]
  return {
    name,
    covers: [],
    at,
    frontend,
    ...(test !== undefined ? { condition: condition(calls, test) } : {}),
    ...(test === undefined && calls.length > 0 ? { expression: written(calls) } : {}),
    ...(format.length > 0 ? { format: format.join('') } : {}),
    send: requests.map(writtenMessage),
    ...(responses.length > 0 ? { origin: responses.map(writtenMessage) } : {}),
    ...(rules.length > 0 ? { sees: ['answer', 'server'] } : {}),
  }
}

const without = <T>(list: readonly T[], least: number): readonly (readonly T[])[] =>
  list.length <= least ? [] : list.map((_, index) => list.filter((__, at) => at !== index))

const smallerMessage = (message: Message): readonly Message[] => [
  ...(message.body === '' ? [] : [{ ...message, body: '' }]),
  ...without(message.fields, 0)
    // Only HAProxy takes a request without.
    .filter((fields) => message.start.startsWith('HTTP') || fields.some((field) => field.startsWith('Host: ')))
    .map((fields) => ({ ...message, fields })),
]

const smallerOf = (list: readonly Message[]): readonly (readonly Message[])[] => [
  ...without(list, 1),
  ...list.flatMap((message, at) => smallerMessage(message).map((one) => list.with(at, one))),
]

/** The same with one thing less, in every way. */
export function smaller(recipe: Recipe): readonly Recipe[] {
  const { calls, test, format, rules, requests, responses } = recipe
  return [
    ...smallerOf(requests).map((less) => ({ ...recipe, requests: less })),
    ...smallerOf(responses).map((less) => ({ ...recipe, responses: less })),
    ...without(calls, 1).map((less) => ({ ...recipe, calls: less })),
    ...without(format, 1).map((less) => ({ ...recipe, format: less })),
    ...without(rules, 1).map((less) => ({ ...recipe, rules: less })),
    ...(test === undefined
      ? []
      : without(test.patterns, 1).map((patterns) => ({ ...recipe, test: { ...test, patterns } }))),
    ...(test === undefined ? [] : without(test.flags, 0).map((flags) => ({ ...recipe, test: { ...test, flags } }))),
  ]
}
