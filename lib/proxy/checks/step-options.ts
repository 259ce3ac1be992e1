/** What the makers of steps check in the same way: texts, comments. */
import { z } from 'zod'
import { OptionError } from '../../base/errors.js'
import { Format } from '../../match/format.js'
import type { Phase } from '../../match/phase.js'
import type { CheckText } from './step.js'

/** A text of one character a byte, or a format. */
export const textOption: z.ZodType<CheckText> = z.union(
  [z.string().refine((text) => isLatin1(text)), z.instanceof(Format).refine(isAskable)],
  { error: 'must be a text of one character a byte, or a format of samples that a check can answer' },
) as z.ZodType<CheckText>

/** Whether a check can answer it. */
export function isAskable({ phases }: { readonly phases: readonly Phase[] }): boolean {
  return phases.includes('check')
}

export const commentOption: z.ZodType<string> = z.string({ error: 'must be a text' })

const isLatin1 = (text: string): boolean => /^[\0-\xff]*$/.test(text)

/** @throws {OptionError} on a text with characters that are more than a byte, and on a format with samples that a check cannot answer */
export function checkText<T extends CheckText>(subject: string, text: T): T {
  if (text instanceof Format) {
    if (isAskable(text)) return text
    throw new OptionError(subject, '', `'${text.text}' asks what a check cannot answer`)
  }
  if (typeof text !== 'string') throw new OptionError(subject, '', 'must be a text or a format')
  if (isLatin1(text)) return text
  throw new OptionError(subject, '', "must be one character a byte: Buffer.from(text).toString('latin1') makes it")
}
