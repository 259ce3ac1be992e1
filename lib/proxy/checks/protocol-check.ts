/** What the ready-made checks of other protocols have in common: options, and how what was said is shown. */
import { z } from 'zod'
import { checkOptions } from '../../base/options.js'
import { type CheckTiming, timingOptions } from '../health-check.js'

/** The line at the start of a text, without what ends it. */
export const firstLine = (text: string): string => /^[^\r\n]*/.exec(text)?.[0] ?? ''

/** A user's name goes into packets of a few bytes, whose ends are zeros. */
export const userOption = z
  .string({ error: "must be a user's name" })
  .regex(/^[\x01-\xff]{1,200}$/, { error: 'must be 1 to 200 characters of one byte each, none of them zero' })

/** Checks a check's options; those of the timing go on to it as they are. */
export function protocolOptions<S extends z.ZodRawShape>(subject: string, shape: S, options: object) {
  const checked = checkOptions(subject, z.strictObject({ ...timingOptions, ...shape }), options)
  const timing: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(checked)) if (name in timingOptions) timing[name] = value
  return { own: checked as z.output<z.ZodObject<S>>, timing: timing as CheckTiming }
}
