/** What an action changed: the state of a decision before it ran and after it, compared. Only explanations ask. */
import type { Context } from '../match/context.js'
import type { Headers } from '../message/headers.js'

/** One thing that an action changed. */
export interface Change {
  /** As in `request header x-client`, `request target`, `response status`, `variable txn.user`, `timeout server`. */
  readonly subject: string
  /** What it was; absent when it was not there. Header fields have a list, with one value for each line. */
  readonly from?: unknown
  /** What it is; absent when it is gone. */
  readonly to?: unknown
}

/** What actions can change, by name, in the order in which it is told. */
type Snapshot = ReadonlyMap<string, unknown>

/** Writes down what is there now. @returns what tells, once the action has run, what it changed */
export function watch(context: Context): () => readonly Change[] {
  const before = snapshot(context)
  return () => compare(before, snapshot(context))
}

function snapshot(context: Context): Snapshot {
  const found = new Map<string, unknown>()
  const { request, response, session, captures, orders } = context as Partial<Context>
  if (session !== undefined) {
    found.set('source', session.source)
    found.set('source port', session.sourcePort)
    found.set('destination', session.destination)
    found.set('destination port', session.destinationPort)
  }
  if (request !== undefined) {
    found.set('request method', request.method)
    found.set('request target', request.target)
    fields(found, 'request', request.headers)
  }
  if (response !== undefined) {
    found.set('response status', response.status)
    found.set('response reason', response.reason)
    fields(found, 'response', response.headers)
  }
  for (const owner of [context.process, context.connection, context])
    for (const [name, value] of owner?.variables ?? []) found.set(`variable ${name}`, value)
  slots(found, 'request capture', captures?.request)
  slots(found, 'response capture', captures?.response)
  ordered(found, orders)
  slots(
    found,
    'tracked',
    context.tracked?.map((held) => (held === undefined ? undefined : held.key)),
    'sc',
  )
  return found
}

function fields(found: Map<string, unknown>, of: string, { raw }: Headers): void {
  for (let index = 0; index < raw.length; index += 2) {
    const subject = `${of} header ${(raw[index] as string).toLowerCase()}`
    const values = found.get(subject) as string[] | undefined
    if (values === undefined) found.set(subject, [raw[index + 1]])
    else values.push(raw[index + 1] as string)
  }
}

function slots(found: Map<string, unknown>, of: string, values: readonly unknown[] | undefined, prefix = ''): void {
  values?.forEach((value, index) => {
    if (value !== undefined) found.set(`${of} ${prefix}${index}`, value)
  })
}

/** Orders are told by their own names: `logLevel` is `log level`. */
function ordered(found: Map<string, unknown>, orders: object | undefined): void {
  for (const [name, value] of Object.entries(orders ?? {})) {
    if (value === undefined || typeof value === 'function') continue
    const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    if (value instanceof Map) for (const [key, one] of value) found.set(`${words.replace(/s$/, '')} ${key}`, one)
    else found.set(words, value)
  }
}

function compare(before: Snapshot, after: Snapshot): readonly Change[] {
  const changes: Change[] = []
  for (const [subject, to] of after) {
    const from = before.get(subject)
    if (from === undefined) changes.push({ subject, to })
    else if (!same(from, to)) changes.push({ subject, from, to })
  }
  for (const [subject, from] of before) if (!after.has(subject)) changes.push({ subject, from })
  return changes
}

function same(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((value, index) => value === other[index])
  if (one === other) return true
  // Addresses, binaries and lists are told apart by what they say.
  return typeof one === 'object' && typeof other === 'object' && String(one) === String(other)
}
