/** How a client's address is told to servers: `option forwardfor`. */
import { z } from 'zod'
import { CidrSet } from '../base/cidr.js'
import { OptionError } from '../base/errors.js'
import type { Context } from '../match/context.js'
import { isToken } from '../message/headers.js'

/** Manual, `option forwardfor`. */
export interface ForwardForOptions {
  /** Networks whose clients are not told of: proxies before us, which have told of theirs. */
  readonly except?: string | readonly string[]
  /** Name of the field. Default `X-Forwarded-For`. */
  readonly header?: string
  /** Only when the request has no such field yet. A client can then claim any address: use it behind a proxy that you trust. */
  readonly ifNone?: boolean
}

export const forwardForOptions = z.strictObject({
  except: z.union([z.string(), z.array(z.string())]).optional(),
  header: z.string().refine(isToken, { error: 'must be the name of a header field' }).optional(),
  ifNone: z.boolean().optional(),
})

/** The options, understood. */
export interface ForwardFor {
  readonly header: string
  readonly ifNone: boolean
  readonly except: CidrSet | undefined
}

/** `true` and `{}` are the defaults, `false` and `undefined` are "no". */
export function decideForwardFor(
  subject: string,
  given: boolean | z.infer<typeof forwardForOptions> | undefined,
): ForwardFor | undefined {
  if (given === undefined || given === false) return undefined
  const { except, header, ifNone } = given === true ? {} : given
  let networks: CidrSet | undefined
  try {
    if (except !== undefined) networks = new CidrSet(typeof except === 'string' ? [except] : except)
  } catch (error) {
    throw new OptionError(subject, 'forwardFor.except', (error as Error).message)
  }
  return { header: header ?? 'X-Forwarded-For', ifNone: ifNone ?? false, except: networks }
}

/**
 * Adds the client's address to a request. A frontend's and a backend's options meet here: either can ask for it, the backend's header
 * name wins, and `if-none` holds only where both that ask for it want it.
 */
export function tellForwardedFor(
  context: Context,
  frontend: ForwardFor | undefined,
  backend: ForwardFor | undefined,
): void {
  const source = context.session.source
  if (source === undefined) return
  const name = backend?.header ?? frontend?.header
  if (name === undefined) return
  const ifNone = (frontend?.ifNone ?? true) && (backend?.ifNone ?? true)
  if (ifNone && context.request.headers.has(name)) return
  if (frontend?.except?.has(source) === true || backend?.except?.has(source) === true) return
  context.request.headers.append(name, source.toString())
}
