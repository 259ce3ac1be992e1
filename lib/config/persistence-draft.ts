/** What a proxy section says about persistence. */
import type { CookieMode, StickKind } from '../index.js'
import type { Place } from './diagnostic.js'
import type { ConditionDraft } from './expression.js'

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

/** A `stick` line. */
export interface StickDraft extends Place {
  readonly kind: StickKind
  /** The sample, as it was written. */
  readonly key: string
  /** By default the proxy's own. */
  readonly table: string | undefined
  readonly condition: ConditionDraft | undefined
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
