/** Lines that are nothing but a condition, or end with one that they need. */
import { type ConditionDraft, readCondition } from './expression.js'
import type { Line, ProxyKeyword } from './keyword.js'
import type { ProxyDraft } from './proxy-draft.js'

/** The condition of a keyword that means nothing without one; what is wrong with it has been told. */
export function neededCondition(
  line: Line,
  words: readonly string[],
  { acls }: ProxyDraft,
  what: string,
): ConditionDraft | undefined {
  const condition = readCondition(words, line, acls, what)
  if (condition === undefined) line.alert(`'${line.keyword}' requires either 'if' or 'unless' followed by a condition.`)
  return condition === false ? undefined : condition
}

/** A keyword that is nothing but a condition, of which there may be several. @param what the rule, for messages @param into where the draft keeps them */
export const conditionKeyword = (
  name: string,
  sections: ProxyKeyword['sections'],
  what: string,
  into: 'forcePersist' | 'ignorePersist' | 'monitorFail' | 'forceSwitch',
): ProxyKeyword => ({
  name,
  sections,
  elsewhere: 'ignored',
  parse: (line, draft) => {
    const condition = neededCondition(line, line.args, draft, what)
    if (condition !== undefined) draft[into].push(condition)
  },
})
