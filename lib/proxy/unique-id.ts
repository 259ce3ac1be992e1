/** The ids that a frontend gives to transactions: how one is made, and the field that tells it to servers. Manual, `unique-id-format`. */
import { z } from 'zod'
import { checkOptions } from '../base/options.js'
import type { Context } from '../match/context.js'
import { asFormat, Format, type Text } from '../match/format.js'
import { Sample } from '../match/sample.js'
import { isToken } from '../message/headers.js'

/** How a frontend's transactions are known. */
export interface UniqueIdOptions {
  /** Made once a transaction, when somebody first asks for it. HAProxy: `unique-id-format`. */
  readonly format: Text<'request'>
  /** The field that tells it to servers; one that the client has sent stays in front of it. Default: none. HAProxy: `unique-id-header`. */
  readonly header?: string | undefined
}

/** The same, understood. */
export interface UniqueId {
  readonly make: (context: Context) => string
  readonly header: string | undefined
}

export const uniqueIdOptions = z.strictObject({
  format: z.custom<Text<'request'>>(
    (given) => typeof given === 'string' || given instanceof Format || given instanceof Sample,
    { error: 'must be a format, a sample or a text' },
  ),
  header: z.string().refine(isToken, { error: 'must be the name of a field' }).optional(),
})

export function decideUniqueId(subject: string, given: UniqueIdOptions | undefined): UniqueId | undefined {
  if (given === undefined) return undefined
  const { format, header } = checkOptions(subject, uniqueIdOptions, given)
  return { make: asFormat(format).as('id').render, header }
}
