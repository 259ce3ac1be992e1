/** What a case must give, and whether what was seen is that. */
import type { Recorded } from './recording.js'
import type { Subject } from './setup.js'

/** How the text begins that stands for a configuration that does not load; the loader's words follow. */
export const REFUSED = '[refused]'
export const LOADS = '[loads]'

export const isLoadCase = ({ case: one }: Subject): boolean => one.sees?.includes('load') === true

/** Newer than the program that recordings are made of. */
export const isNewer = ({ case: one }: Subject): boolean => one.since !== undefined

const verdictOf = (text: string): string => (text.startsWith(REFUSED) ? REFUSED : text.startsWith(LOADS) ? LOADS : text)

export interface Judgement {
  readonly expected: string
  readonly seen: string
}

/** Of HAProxy and us, only whether it loads is compared: each has words of its own. */
export const sameVerdict = (expected: string, seen: string): boolean => verdictOf(expected) === verdictOf(seen)

/** Both sides of the comparison, the same text when the case is met. */
export function judge(subject: Subject, seen: string, recorded: Recorded): Judgement {
  const { expect, differs, since, name } = subject.case
  const gave = recorded(subject)
  if (since === undefined && gave === undefined)
    return { expected: `a recording of '${name}' as it is now: run record.js ${subject.topic}`, seen }
  if (isLoadCase(subject)) return judgeLoading(subject, seen, gave)
  if (differs === undefined && since === undefined && expect !== undefined && expect !== gave)
    return { expected: `what HAProxy gave to be '${expect}', as the case says; it gave '${gave}'`, seen }
  const expected = expect ?? gave ?? "an 'expect', since nothing is recorded"
  return { expected: verdictOf(expected), seen: expected.startsWith(REFUSED) ? verdictOf(seen) : seen }
}

function judgeLoading(subject: Subject, seen: string, gave: string | undefined): Judgement {
  const { expect, differs, since } = subject.case
  if (expect !== undefined && !seen.includes(expect)) return { expected: `… ${expect} …`, seen }
  if (differs !== undefined || since !== undefined) return { expected: seen, seen }
  return { expected: verdictOf(gave ?? ''), seen: verdictOf(seen) === verdictOf(gave ?? '') ? verdictOf(seen) : seen }
}
