/** `capture`: keeps what a sample gives in a slot, for the log line and for rules that come later. */
import { z } from 'zod'
import { checkOptions, integerOption } from '../../base/options.js'
import { castText } from '../../match/cast.js'
import type { Phase } from '../../match/phase.js'
import { notYet, type Sample } from '../../match/sample.js'
import { Rule } from '../rule.js'
import { hasResponse } from './answer.js'

/** Where things can be captured. */
export type CapturePhase = 'content' | 'request' | 'responseContent' | 'response' | 'afterResponse'

const PLACES: readonly CapturePhase[] = ['content', 'request', 'responseContent', 'response', 'afterResponse']

const slotOption = z.strictObject({ slot: integerOption(0, 4095, 'the number of a slot') })

/**
 * Keeps a value in a slot of the frontend's `captures`: one of the request before there is a response, one of the response from then on. It is cut
 * at the slot's length; a sample without a value leaves the slot as it was, and a slot that is not there takes nothing. HAProxy: `capture … id`.
 *
 * @throws {OptionError} when the slot is no number
 */
export function capture<P extends Phase>(
  sample: Sample<unknown, P>,
  options: { readonly slot: number },
): Rule<P & CapturePhase> {
  const { slot } = checkOptions('capture', slotOption, options)
  const phases = PLACES.filter((phase) => sample.phases.includes(phase))
  return new Rule(`capture ${sample.name} id ${slot}`, phases, (context) => {
    if (context.captures === undefined) return undefined
    const value = sample.ask(context)
    const text = value === notYet ? undefined : captured(value)
    if (text !== undefined) context.captures.keep?.(hasResponse(context) ? 'response' : 'request', slot, text)
    return undefined
  })
}

const captured = (value: unknown): string | undefined =>
  Buffer.isBuffer(value) ? value.toString('latin1') : castText(value)
