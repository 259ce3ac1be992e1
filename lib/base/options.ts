/** Options are checked once, at construction: the one place where a schema's complaint becomes an error that a person can act on. */
import { z } from 'zod'
import { formatDuration, parseDuration } from './duration.js'
import { OptionError } from './errors.js'

/**
 * Checks what a constructor was given.
 * @param subject who was being made, as in `Server 'web1'`
 * @throws {OptionError} that names the option's path, what is wrong and what is allowed
 */
export function checkOptions<T>(subject: string, schema: z.ZodType<T>, given: unknown): T {
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  if (issue === undefined) throw new OptionError(subject, '', 'is not usable')
  throw new OptionError(subject, pathText(issue.path), issueText(issue))
}

function pathText(path: readonly PropertyKey[]): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else text += text === '' ? String(step) : `.${String(step)}`
  }
  return text
}

function issueText(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `no such option: ${issue.keys.map((key) => `'${key}'`).join(', ')}`
  return issue.message
}

/** Makes sure that a factory was given no option that it does not know. @throws {OptionError} that names it */
export function checkKnown(subject: string, given: object, known: readonly string[]): void {
  for (const key of Object.keys(given))
    if (!known.includes(key)) throw new OptionError(subject, '', `no such option: '${key}'`)
}

/** An option that is a length of time: milliseconds, or text with a unit as in `'2s'` (us, ms, s, m, h, d). `Infinity` is "no limit". */
export const durationOption: z.ZodType<number> = z
  .union([z.number(), z.literal(Number.POSITIVE_INFINITY), z.string()])
  .transform((given, context) => {
    if (given === Number.POSITIVE_INFINITY) return given
    try {
      const milliseconds = parseDuration(given)
      if (milliseconds >= 0) return milliseconds
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message })
      return z.NEVER
    }
    context.addIssue({
      code: 'custom',
      message: `a time must not be negative, but is ${formatDuration(Number(given))}`,
    })
    return z.NEVER
  }) as unknown as z.ZodType<number>

/** An option that is a whole number within bounds. */
export function integerOption(least: number, most: number, noun = 'a whole number'): z.ZodType<number> {
  const message = `must be ${noun} from ${least} to ${most}`
  return z.number({ error: message }).refine((value) => Number.isInteger(value) && value >= least && value <= most, {
    error: message,
  })
}

/** An option that is an object of a class, one with a private constructor included. */
export function instanceOption<T>(type: { readonly prototype: T }, error: string): z.ZodType<T> {
  return z.custom<T>((given) => given instanceof (type as unknown as new () => object), { error })
}

/** A name of a proxy or server: what HAProxy allows (letters, digits, `-`, `_`, `.`, `:`). Manual, chapter 4. */
export const nameOption: z.ZodType<string> = z
  .string({ error: 'must be a string' })
  .regex(/^[A-Za-z0-9_.:-]+$/, { error: "may hold letters, digits, '-', '_', '.' and ':' only, and not be empty" })
