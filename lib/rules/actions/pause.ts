/** `pause`: lets a transaction rest before it goes on. */
import { checkOptions, durationOption } from '../../base/options.js'
import type { Context } from '../../match/context.js'
import type { Phase } from '../../match/phase.js'
import { Sample } from '../../match/sample.js'
import { Rule } from '../rule.js'
import type { Verdict } from '../verdict.js'
import { numberOf, sharedPhases } from './number.js'

/**
 * Holds the request or the response for a while; what other clients do goes on. Each one that is held costs a connection for that time.
 * A question without an answer holds nothing. HAProxy (3.2 and later): `http-request pause`, `http-response pause`.
 * @param time milliseconds, text as in `'2s'`, or a question about milliseconds
 */
export function pause<P extends Phase = Phase>(
  time: number | string | Sample<unknown, P>,
): Rule<P & ('request' | 'response')> {
  const reading = numberOf(time instanceof Sample ? time : checkOptions('pause', durationOption, time))
  const { read, text } = reading
  return new Rule(`pause ${text}`, sharedPhases(['request', 'response'], reading), (context) =>
    rest(context, read(context) ?? 0),
  )
}

/** Until the time is over; a client that leaves takes its timer along. */
function rest(context: Context, time: number): Promise<Verdict> | undefined {
  const { clock, rehearsal } = context
  if (!(time > 0) || clock === undefined || rehearsal) return undefined
  const { signal } = context
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel()
      signal.removeEventListener('abort', end)
      resolve(undefined)
    }
    const timer = clock.after(Math.min(time, LONGEST), end)
    signal.addEventListener('abort', end)
  })
}

const LONGEST = 2 ** 31 - 1
