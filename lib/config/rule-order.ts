/** Rules run by kind, whatever their order in the file: who writes them in another order is told so, as HAProxy does. */
import type { Line } from './keyword.js'
import type { ProxyDraft } from './proxy-draft.js'

/** The kinds, in the order in which they run. */
const order = [
  'tcp-request connection',
  'tcp-request session',
  'tcp-request content',
  'http-request',
  'redirect',
  'use_backend',
] as const
export type OrderedRule = (typeof order)[number]

/** Whether a kind has its place in that order. */
export const isOrdered = (kind: string): kind is OrderedRule => (order as readonly string[]).includes(kind)

/** Takes note of a rule, and warns when one that runs later stands before it. */
export function noteRule(line: Line, draft: ProxyDraft, kind: OrderedRule): void {
  draft.said.add(`rule ${kind}`)
  const later = order.slice(order.indexOf(kind) + 1).find((other) => draft.said.has(`rule ${other}`))
  if (later === undefined) return
  line.warning(
    `a '${kind}' rule placed after ${later.startsWith('h') ? 'an' : 'a'} '${later}' rule will still be processed before.`,
    'write it before',
  )
}
