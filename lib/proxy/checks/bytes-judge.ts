/** What looks at the bytes of an answer in a way of its own, as protocols do that no pattern describes. */
import type { CheckStatus } from './status.js'

/** What it finds; nothing when more has to come first. */
export interface Finding {
  readonly passed: boolean
  /** What the check ends with, when it ends here. */
  readonly status?: CheckStatus
  /** In place of the step's usual text. */
  readonly info?: string
  readonly code?: number
}

/**
 * Looks at all bytes that have come and have not been used up.
 * @param last no more will come: something has to be found now
 * @returns nothing to wait for more
 */
export type BytesJudge = (bytes: Buffer, last: boolean) => Finding | undefined
