/** What a persistence cookie is made of, as its users write it, and how that is checked. */
import { z } from 'zod'
import { OptionError } from '../../base/errors.js'
import { checkOptions, durationOption } from '../../base/options.js'
import { isFieldValue } from '../../message/headers.js'

/** What is done with the cookie; see {@link PersistCookieOptions.mode}. */
export type CookieMode = 'insert' | 'rewrite' | 'prefix' | 'passive'

/** How a cookie keeps clients with their servers. Manual, `cookie`. */
export interface PersistCookieOptions {
  /**
   * `insert` (default): we give the cookie to clients. `rewrite`: servers give it, and we put the server's value in place of theirs. `prefix`: servers give it,
   * and we put the server's value before theirs, with a `~` between, and take it out of requests. `passive`: we only go by it.
   */
  readonly mode?: CookieMode
  /** Servers never see it (with `insert`), and clients who have a valid one are not given another. Default: no. */
  readonly indirect?: boolean
  /** A response that caches may keep says `cache-control: private` when the cookie is inserted into it. Default: no; wise with `insert`. */
  readonly nocache?: boolean
  /** Inserted into responses to POST only. Default: no. */
  readonly postOnly?: boolean
  /** A server may set the cookie itself, to end persistence for one. With `insert` or `indirect`. Default: no. */
  readonly preserve?: boolean
  /** The attribute `HttpOnly`: scripts do not see it. Default: no. */
  readonly httpOnly?: boolean
  /** The attribute `Secure`: sent over TLS only. Default: no. */
  readonly secure?: boolean
  /** The attribute `domain`, one for each. Default: none. */
  readonly domains?: readonly string[]
  /** Further attributes, as in `SameSite=Lax`: neither `;` nor control characters. Default: none. HAProxy: `attr`. */
  readonly attributes?: readonly string[]
  /** A cookie that has not been seen for so long does not count; at least a second, in whole seconds. Default: it does. */
  readonly maxIdle?: number | string
  /** A cookie that was given so long ago does not count. Default: it does. */
  readonly maxLife?: number | string
  /**
   * Servers without a `cookie` of their own get one of address, port and {@link dynamicKey}, as HAProxy makes it, so that all who share the key agree. Default: no.
   */
  readonly dynamic?: boolean
  /** HAProxy: `dynamic-cookie-key`. */
  readonly dynamicKey?: string
  /**
   * Signs what clients are given, and takes only what is signed, so that nobody can choose a server: HMAC-SHA256 of the cookie's name and value, 128 bits of it
   * behind a dot. Of several secrets the first signs and all are taken. At least 16 characters each. Default: none. Not HAProxy's: HAProxy does not understand such cookies.
   */
  readonly secret?: string | readonly string[]
}

const flag = z.boolean({ error: 'must be true or false' }).optional()
const NOT_LONG_ENOUGH = 'must have 16 characters at least'
const secret = z.string({ error: 'must be a string' }).min(16, { error: NOT_LONG_ENOUGH })
const words = (error: string): z.ZodType<readonly string[]> =>
  z.array(z.string().refine((text) => text !== '' && isFieldValue(text) && !/[;\t]/.test(text), { error }))

const cookieOptions = z.strictObject({
  mode: z
    .enum(['insert', 'rewrite', 'prefix', 'passive'], { error: "must be 'insert', 'rewrite', 'prefix' or 'passive'" })
    .optional(),
  indirect: flag,
  nocache: flag,
  postOnly: flag,
  preserve: flag,
  httpOnly: flag,
  secure: flag,
  domains: words("must be a domain, without ';'").optional(),
  attributes: words("must be an attribute, without ';' and control characters").optional(),
  maxIdle: durationOption.optional(),
  maxLife: durationOption.optional(),
  dynamic: flag,
  dynamicKey: z.string().min(1, { error: 'must not be empty' }).optional(),
  secret: z.union([secret, z.array(secret).min(1)], { error: NOT_LONG_ENOUGH }).optional(),
})

/** The same, decided. */
export interface DecidedCookie {
  readonly name: string
  readonly mode: CookieMode
  readonly indirect: boolean
  readonly nocache: boolean
  readonly postOnly: boolean
  readonly preserve: boolean
  /** Seconds; 0 is no limit. */
  readonly maxIdle: number
  readonly maxLife: number
  readonly dynamic: boolean
  readonly dynamicKey: string | undefined
  readonly secrets: readonly string[]
  /** What stands behind its value. */
  readonly attributes: string
}

const seconds = (time: number | undefined): number =>
  time === undefined || time === Number.POSITIVE_INFINITY ? 0 : Math.ceil(time / 1000)

export function decideCookie(subject: string, name: string, options: PersistCookieOptions): DecidedCookie {
  if (typeof name !== 'string' || name === '' || !isFieldValue(name))
    throw new OptionError(subject, '', 'must be given the name of a cookie')
  const checked = checkOptions(subject, cookieOptions, options)
  const {
    mode = 'insert',
    indirect = false,
    preserve = false,
    dynamic = false,
    dynamicKey,
    secret: given = [],
  } = checked
  if (mode === 'rewrite' && indirect)
    throw new OptionError(subject, 'indirect', "is not for mode 'rewrite': servers give that cookie")
  if (preserve && mode !== 'insert' && !indirect)
    throw new OptionError(subject, 'preserve', "needs mode 'insert', or 'indirect'")
  return {
    name,
    mode,
    indirect,
    preserve,
    nocache: checked.nocache ?? false,
    postOnly: checked.postOnly ?? false,
    maxIdle: seconds(checked.maxIdle),
    maxLife: seconds(checked.maxLife),
    dynamic,
    dynamicKey,
    secrets: typeof given === 'string' ? [given] : given,
    attributes: attributesOf(checked),
  }
}

function attributesOf({ domains = [], attributes = [], httpOnly, secure }: z.infer<typeof cookieOptions>): string {
  const all = ['path=/', ...domains.map((domain) => `domain=${domain}`)]
  if (httpOnly === true) all.push('HttpOnly')
  if (secure === true) all.push('Secure')
  return [...all, ...attributes].map((one) => `; ${one}`).join('')
}
