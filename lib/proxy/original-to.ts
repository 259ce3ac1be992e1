/** How the address that a client connected to is told to servers: `option originalto`. */
import { z } from 'zod'
import { CidrSet } from '../base/cidr.js'
import { OptionError } from '../base/errors.js'
import type { Context } from '../match/context.js'
import { isToken } from '../message/headers.js'

/** Manual, `option originalto`. */
export interface OriginalToOptions {
  /** Networks of addresses that are not told of. */
  readonly except?: string | readonly string[]
  /** Name of the field. Default `X-Original-To`. */
  readonly header?: string
}

export const originalToOptions = z.strictObject({
  except: z.union([z.string(), z.array(z.string())]).optional(),
  header: z.string().refine(isToken, { error: 'must be the name of a header field' }).optional(),
})

/** The options, understood. */
export interface OriginalTo {
  readonly header: string | undefined
  readonly except: CidrSet | undefined
}

/** `true` and `{}` are the defaults, `false` and `undefined` are "no". */
export function decideOriginalTo(
  subject: string,
  given: boolean | z.infer<typeof originalToOptions> | undefined,
): OriginalTo | undefined {
  if (given === undefined || given === false) return undefined
  const { except, header } = given === true ? {} : given
  try {
    const networks = except === undefined ? undefined : new CidrSet(typeof except === 'string' ? [except] : except)
    return { header, except: networks }
  } catch (error) {
    throw new OptionError(subject, 'originalTo.except', (error as Error).message)
  }
}

/** Adds the address to a request. A frontend's and a backend's options meet here: either can ask for it, the backend's name of the field wins. */
export function tellOriginalTo(
  context: Context,
  frontend: OriginalTo | undefined,
  backend: OriginalTo | undefined,
): void {
  if (frontend === undefined && backend === undefined) return
  const { destination } = context.session
  if (destination === undefined) return
  if (frontend?.except?.has(destination) === true || backend?.except?.has(destination) === true) return
  const name = backend?.header ?? (backend === undefined ? frontend?.header : undefined) ?? 'X-Original-To'
  context.request.headers.append(name, destination.toString())
}
