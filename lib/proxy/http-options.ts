/** What proxies do to the heads of messages beside their rules: names of fields, addresses told to servers, targets of their own. */
import { z } from 'zod'
import { OptionError } from '../base/errors.js'
import { isToken } from '../message/headers.js'
import { type ForwardedOptions, forwardedOption } from './forwarded.js'
import { type HeaderNames, headerNamesOption } from './header-names.js'
import { type MonitorOptions, monitorOptions } from './monitor-uri.js'
import { type OriginalToOptions, originalToOptions } from './original-to.js'
import { type ServerRoute, serverRoutesOption } from './server-route.js'

/** What frontends and backends have alike. */
interface HttpOptions {
  /** Adds the address that the client connected to as `X-Original-To`. Default: no. Manual, `option originalto`. */
  readonly originalTo?: boolean | OriginalToOptions
  /** What happens to fields with odd characters in their names, after the proxy's rules. Default `preserve`. `option http-restrict-req-hdr-names`. */
  readonly headerNames?: HeaderNames
  /**
   * How names of fields are written for peers that do not know that their case means nothing: `{ 'x-id': 'X-ID' }`. Default: in lower case.
   * A frontend's are for its clients, a backend's for its servers. `h1-case-adjust`, `option h1-case-adjust-bogus-client`, `…-server`.
   */
  readonly headerCase?: Readonly<Record<string, string>> | ReadonlyMap<string, string>
}

/** What frontends have beside that. */
export interface FrontendHttpOptions extends HttpOptions {
  /** A target of our own that says whether we are alive. Default: none. */
  readonly monitor?: MonitorOptions
  /** Connections that close, or are too late, without a byte get no answer and leave no record. Default: no. `option http-ignore-probes`. */
  readonly ignoreProbes?: boolean
  /**
   * Behind us is a proxy: clients of requests that name a host in their target are asked for their credentials, and show them, in the fields for proxies
   * (`Proxy-Authorization`, status 407). Default: no. `option http-use-proxy-header`.
   */
  readonly useProxyHeader?: boolean
  /** What follows a body in chunks (its trailer fields) is not passed on to clients. Default: it is. HAProxy 3.x: `option http-drop-response-trailers`. */
  readonly dropTrailers?: boolean
  /**
   * A balancer that stops leaves idle clients their connection until they have asked once more, or their time is over: for clients that do not ask again when
   * a connection closes under their request. Default: idle connections are closed at once. Manual, `option idle-close-on-response`.
   */
  readonly idleCloseOnResponse?: boolean
}

/** What backends have beside that. */
export interface BackendHttpOptions extends HttpOptions {
  /** Adds the field `Forwarded` of RFC 7239. Default: no. `option forwarded`. */
  readonly forwarded?: boolean | ForwardedOptions
  /** A field that tells each server its own name. Default: none. `http-send-name-header`. */
  readonly sendNameHeader?: string
  /** Does not tell servers that a connection will be closed, since some then answer without a length. Default: no. `option http-pretend-keepalive`. */
  readonly pretendKeepAlive?: boolean
  /**
   * Responses with cookies that a cache on their way may keep, and give to others, are refused with 502 (`ERR_PROXY_RESPONSE_CACHEABLE`): a server that sets
   * cookies has to say `Cache-Control: private`, `no-store`, `no-cache="set-cookie"` or the like. Default: no. Manual, `option checkcache`.
   */
  readonly checkCache?: boolean
  /** What follows a body in chunks (its trailer fields) is not passed on to servers. Default: it is. HAProxy 3.x: `option http-drop-request-trailers`. */
  readonly dropTrailers?: boolean
  /** Servers that are taken before the algorithm is asked; see `useServer()`. */
  readonly useServers?: readonly ServerRoute<'request'>[]
}

const names = z.union([z.record(z.string(), z.string()), z.instanceof(Map<string, string>)], {
  error: "must give names as they are to be written, as in { 'x-id': 'X-ID' }",
})

const trueOrFalse = z.boolean({ error: 'must be true or false' }).optional()

const shared = {
  originalTo: z.union([z.boolean(), originalToOptions]).optional(),
  headerNames: headerNamesOption.optional(),
  headerCase: names.optional(),
}

export const frontendHttpShape = {
  ...shared,
  monitor: monitorOptions.optional(),
  ignoreProbes: z.boolean().optional(),
  useProxyHeader: trueOrFalse,
  dropTrailers: trueOrFalse,
  idleCloseOnResponse: trueOrFalse,
}

/** Fields that say how a message is delimited are not for a server's name. */
const FRAMING = ['host', 'content-length', 'transfer-encoding', 'connection']

export const backendHttpShape = {
  ...shared,
  forwarded: forwardedOption.optional(),
  sendNameHeader: z
    .string()
    .refine((name) => isToken(name) && !FRAMING.includes(name.toLowerCase()), {
      error: `must be the name of a header field other than ${FRAMING.join(', ')}`,
    })
    .optional(),
  pretendKeepAlive: z.boolean().optional(),
  checkCache: trueOrFalse,
  dropTrailers: trueOrFalse,
  useServers: serverRoutesOption.optional(),
}

/** The names to write, by their lower case. */
export function decideHeaderCase(
  subject: string,
  given: Readonly<Record<string, string>> | ReadonlyMap<string, string> | undefined,
): ReadonlyMap<string, string> | undefined {
  if (given === undefined) return undefined
  const entries = given instanceof Map ? [...given] : Object.entries(given)
  for (const [name, written] of entries)
    if (name.toLowerCase() !== written.toLowerCase() || !isToken(name))
      throw new OptionError(subject, 'headerCase', `'${written}' is not '${name}' in another case`)
  return entries.length === 0 ? undefined : new Map(entries.map(([name, written]) => [name.toLowerCase(), written]))
}
