/** What a proxy section says about persistence. */
import type { CookieMode } from '../index.js'
import type { Place } from './diagnostic.js'

/** A `cookie` line. */
export interface CookieDraft extends Place {
  readonly name: string
  readonly mode?: CookieMode
  readonly indirect?: boolean
  readonly nocache?: boolean
  readonly postOnly?: boolean
  readonly preserve?: boolean
  readonly httpOnly?: boolean
  readonly secure?: boolean
  readonly dynamic?: boolean
  readonly domains: readonly string[]
  readonly attributes: readonly string[]
  /** Milliseconds, whole seconds; 0 is no limit. */
  readonly maxIdle?: number
  readonly maxLife?: number
}

/** What a defaults section hands on. */
export interface PersistenceSettings {
  readonly cookie?: CookieDraft
  readonly dynamicKey?: string
  /** `option persist`. */
  readonly persist?: boolean
  /** The name of the cookie of `persist rdp-cookie`. */
  readonly rdpCookie?: string
}
