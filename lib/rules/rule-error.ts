/** What a custom rule that failed throws; the engine answers 500 and tells the listeners. */

/** Why a custom rule gave no verdict: it threw, it took longer than it may, or nobody waits for it any more. */
export type RuleFailure = 'threw' | 'timeout' | 'left'

/** A rule that could not say anything. `cause` is what it threw. */
export class RuleError extends Error {
  override readonly name = 'RuleError'
  readonly code = 'ERR_RULE'
  /** The rule's name. */
  readonly rule: string
  readonly reason: RuleFailure

  constructor(rule: string, reason: RuleFailure, message: string, cause?: unknown) {
    super(`rule '${rule}': ${message}`, cause === undefined ? undefined : { cause })
    this.rule = rule
    this.reason = reason
  }
}
