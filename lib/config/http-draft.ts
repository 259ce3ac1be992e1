/** What a proxy section says about heads of messages beside its rules. */
import type { HeaderNames } from '../index.js'
import type { Place } from './diagnostic.js'
import type { ConditionDraft } from './expression.js'

/** The options of this kind that are on or off. */
export type HttpSwitch =
  | 'http-buffer-request'
  | 'http-ignore-probes'
  | 'http-use-proxy-header'
  | 'h1-case-adjust-bogus-client'
  | 'h1-case-adjust-bogus-server'
  | 'http-pretend-keepalive'
  | 'http-drop-request-trailers'
  | 'http-drop-response-trailers'
  | 'checkcache'
  | 'idle-close-on-response'

/** An `option forwarded` line. */
export interface ForwardedDraft extends Place {
  readonly proto: boolean
  /** By the names of parameters: told, or the expression that says what. */
  readonly asked: Readonly<Record<string, true | string>>
}

/** What a defaults section hands on. */
export interface HttpSettings {
  readonly switches: Partial<Record<HttpSwitch, boolean>>
  readonly originalTo?: { readonly except: readonly string[]; readonly header?: string }
  readonly forwarded?: ForwardedDraft
  readonly headerNames?: HeaderNames
  readonly sendNameHeader?: string
  readonly monitorUri?: string
}

/** A `use-server` line. */
export interface UseServerDraft extends Place {
  readonly name: string
  readonly condition: ConditionDraft
}
