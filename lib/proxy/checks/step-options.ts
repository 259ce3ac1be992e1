/** What the makers of steps check in the same way: texts, comments. */
import { z } from 'zod'
import { OptionError } from '../../base/errors.js'
import { Format } from '../../match/format.js'
import type { CheckText } from './step.js'

/** A text of one character a byte, or a format. */
export const textOption: z.ZodType<CheckText> = z.union(
  [z.string().refine((text) => isLatin1(text)), z.instanceof(Format)],
  { error: 'must be a text of one character a byte, or a format' },
) as z.ZodType<CheckText>

export const commentOption: z.ZodType<string> = z.string({ error: 'must be a text' })

const isLatin1 = (text: string): boolean => /^[\0-\xff]*$/.test(text)

/** @throws {OptionError} on a text with characters that are more than a byte */
export function latin1(subject: string, text: string): string {
  if (isLatin1(text)) return text
  throw new OptionError(subject, '', "must be one character a byte: Buffer.from(text).toString('latin1') makes it")
}
