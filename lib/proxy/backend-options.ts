/** What a backend is made of, as its users write it, and how that is checked. */
import { z } from 'zod'
import type { Algorithm } from '../balance/algorithm.js'
import { instanceOption, integerOption } from '../base/options.js'
import type { ErrorPages, Pages } from '../rules/error-pages.js'
import type { Rule } from '../rules/rule.js'
import { rulesOption } from '../rules/rule-set.js'
import { tcpKeepAliveOption } from './dialling.js'
import { Discovery } from './discovery.js'
import { type ForwardForOptions, forwardForOptions } from './forward-for.js'
import { HealthCheck } from './health-check.js'
import { type BackendHttpOptions, backendHttpShape } from './http-options.js'
import { type ConnectionMode, connectionModeOption, type Mode, modeOption } from './mode.js'
import { type OutlierOptions, outlierOptions } from './outliers.js'
import { type PersistenceOptions, persistenceShape } from './persistence/options.js'
import { type RetryOptions, retryShape } from './retry-policy.js'
import { Server } from './server.js'
import { type ServerTimeouts, serverTimeoutOptions } from './timeouts.js'

/**
 * Which idle server connections a request may take. `never`: none but its own client's. `safe`: a client's first request takes a fresh one.
 * `aggressive`: a first request takes one that has proved to be reusable. `always`: any. Manual, `http-reuse`.
 */
export type Reuse = 'never' | 'safe' | 'aggressive' | 'always'

/** What a backend is made of. */
export interface BackendOptions extends BackendHttpOptions, RetryOptions, PersistenceOptions {
  /** A list, or a source that says them while it runs; see {@link discover}. */
  readonly servers?: readonly Server[] | Discovery
  /** Which server takes a request. Default {@link roundRobin}. */
  readonly balance?: Algorithm
  readonly mode?: Mode
  /** How its servers are checked, unless they say otherwise. Default: they are not, and count as up. */
  readonly check?: HealthCheck
  readonly tcpRequestContent?: readonly Rule<'content'>[]
  /** How long content rules may wait for bytes that decide them. Default 0: they see what is there. */
  readonly inspectDelay?: number | string
  /** On what servers send, before anything of it is passed on. */
  readonly tcpResponseContent?: readonly Rule<'responseContent'>[]
  /** As {@link inspectDelay}, for what servers send. Default 0. */
  readonly responseInspectDelay?: number | string
  /** As a frontend's, for the backend's own rules. */
  readonly bufferRequest?: boolean
  readonly httpRequest?: readonly Rule<'request'>[]
  readonly httpResponse?: readonly Rule<'response'>[]
  readonly httpAfterResponse?: readonly Rule<'afterResponse'>[]
  readonly timeouts?: ServerTimeouts
  /** The address of ours that connections to servers, checks included, come from; default: the system chooses. HAProxy: `source`. */
  readonly source?: string
  /** The kernel asks silent servers whether they are still there; a time is the silence before its first question. HAProxy: `option srvtcpka`. */
  readonly tcpKeepAlive?: boolean | number | string
  /**
   * Connections to servers end by a reset: the system forgets them at once, and with them what has not gone out; a client that closes its side of bytes that are passed on ends
   * the server's, too. A last resort: time-outs do better. Default: no. Manual, `option nolinger`.
   */
  readonly noLinger?: boolean
  /**
   * Of bytes that are passed on as they are (TCP mode, upgraded connections): a server that only takes what it is sent counts as silent. Default: taking is a sign of
   * life as well. Manual, `option independent-streams`.
   */
  readonly independentStreams?: boolean
  /** Further tries when a connection cannot be had, or for another cause of {@link retryOn}. Default 3. Manual, `retries`. */
  readonly retries?: number
  /**
   * Whether tries go to other servers: after every so many of them, `true` or -1 for the last one only, `false` for never. Default 1: each
   * goes elsewhere, but those that persistence or `useServers` have sent there stay until the last. `'unassigned'`: the last one, and only of what nothing
   * but the algorithm has sent there. (A haproxy.cfg without `option redispatch` stays with its server where a key, a cookie or a rule decides.)
   */
  readonly redispatch?: boolean | number | 'unassigned'
  /**
   * With so many requests, those that wait included, servers may have their `maxConnections`; with fewer, the limit of those that have
   * `minConnections` is lower. Default: a tenth of the connections that its frontends take. Manual, `fullconn`.
   */
  readonly fullConnections?: number
  /**
   * A client that closes its side while it waits in a queue, for a connection or for an answer counts as gone. Default: in HTTP mode, as in HAProxy 3.5
   * (in 2.6 nowhere); `false` lets clients that send no more have their answer. Manual, `option abortonclose`.
   */
  readonly abortOnClose?: boolean
  /** The server that a client's last request went to gets its next one, too, when it has a place. Default: no. Manual, `option prefer-last-server`. */
  readonly preferLastServer?: boolean
  /**
   * With {@link preferLastServer}, and connections that belong to one client (`reuse: 'never'`): a client waits for its last server as long as fewer wait there.
   * 0 is "never". Default: however many wait. Manual, `max-keep-alive-queue`.
   */
  readonly maxKeepAliveQueue?: number
  /** Default `safe`. */
  readonly reuse?: Reuse
  /** Idle connections kept to each server. Default 1000. */
  readonly maxIdleConnections?: number
  /** How long a server connection may stand idle. Default 5s. Manual, `pool-purge-delay`. */
  readonly idleTimeout?: number | string
  readonly connectionMode?: ConnectionMode
  /**
   * Routes and default backends lead to it. Without it they pass over it until {@link Backend.publish}, while its servers are checked as ever. Default: yes.
   * HAProxy 3.5: `be-unpublished`.
   */
  readonly published?: boolean
  /** Its servers are not checked, and routes and default backends pass over it for good, unless {@link FrontendOptions.forceBackendSwitch} says otherwise. Default: no. Manual, `disabled`. */
  readonly disabled?: boolean
  /** The number that rules and statistics know it by. Default: its place among the balancer's proxies, from 1. Manual, `id`. */
  readonly id?: number
  readonly forwardFor?: boolean | ForwardForOptions
  /** When only backups are left, use all of them and not the first one only. Default: no. Manual, `option allbackups`. */
  readonly allBackups?: boolean
  /**
   * Percent of the regular servers' weight, 0 to 100, that has to be up: with less, all of them are used that are not drained or in maintenance;
   * with none, a backup that is up goes first. Default 0: only those that are up are used, ever. Not HAProxy's.
   */
  readonly panicThreshold?: number
  /** Servers whose traffic fails or is slow get nothing new for a while. Default: no. Not HAProxy's. */
  readonly outliers?: OutlierOptions
  /** Pages in place of the frontend's and the built-in ones. Manual, `errorfile`, `errorloc`, `http-error`. */
  readonly errorPages?: ErrorPages | Pages
}

const isAlgorithm = (given: unknown): boolean =>
  typeof given === 'object' && given !== null && typeof (given as Algorithm).picker === 'function'

const fullConnections = integerOption(1, 2 ** 31 - 1)

/** What may be said anew while a backend runs. */
export const fullOption = z.strictObject({ fullConnections })

/** What a backend's constructor checks. */
export const backendOptions = z.strictObject({
  ...backendHttpShape,
  ...retryShape,
  ...persistenceShape,
  id: integerOption(1, 2 ** 31 - 1).optional(),
  published: z.boolean({ error: 'must be true or false' }).optional(),
  disabled: z.boolean({ error: 'must be true or false' }).optional(),
  servers: z
    .union([z.array(instanceOption(Server, 'must be a Server')), instanceOption(Discovery, 'must be a Discovery')], {
      error: 'must be a list of Servers, or what discover() gives',
    })
    .optional(),
  balance: z
    .custom<Algorithm>(isAlgorithm, { error: 'must be an algorithm, as roundRobin() or leastConn() give it' })
    .optional(),
  mode: modeOption.optional(),
  check: instanceOption(HealthCheck, 'must be a HealthCheck, as HealthCheck.http() gives it').optional(),
  tcpRequestContent: rulesOption('content').optional(),
  inspectDelay: serverTimeoutOptions.shape.connect,
  tcpResponseContent: rulesOption('responseContent').optional(),
  responseInspectDelay: serverTimeoutOptions.shape.connect,
  bufferRequest: z.boolean().optional(),
  httpRequest: rulesOption('request').optional(),
  httpResponse: rulesOption('response').optional(),
  httpAfterResponse: rulesOption('afterResponse').optional(),
  timeouts: serverTimeoutOptions.optional(),
  source: z.string().optional(),
  tcpKeepAlive: tcpKeepAliveOption.optional(),
  noLinger: z.boolean({ error: 'must be true or false' }).optional(),
  independentStreams: z.boolean({ error: 'must be true or false' }).optional(),
  retries: integerOption(0, 100).optional(),
  fullConnections: fullConnections.optional(),
  abortOnClose: z.boolean({ error: 'must be true or false' }).optional(),
  preferLastServer: z.boolean({ error: 'must be true or false' }).optional(),
  maxKeepAliveQueue: integerOption(0, 2 ** 31 - 1).optional(),
  redispatch: z.union([z.boolean(), integerOption(-100, 100), z.literal('unassigned')]).optional(),
  reuse: z
    .enum(['never', 'safe', 'aggressive', 'always'], { error: "must be 'never', 'safe', 'aggressive' or 'always'" })
    .optional(),
  maxIdleConnections: integerOption(0, 2 ** 31 - 1).optional(),
  idleTimeout: serverTimeoutOptions.shape.connect,
  connectionMode: connectionModeOption.optional(),
  forwardFor: z.union([z.boolean(), forwardForOptions]).optional(),
  allBackups: z.boolean().optional(),
  panicThreshold: integerOption(0, 100, 'a percentage').optional(),
  outliers: outlierOptions.optional(),
  errorPages: z.unknown().optional(),
})

/** Every so many tries go elsewhere; 0 for never, negative counts from the last. */
export function decideRedispatch(given: boolean | number | 'unassigned' | undefined): number {
  if (given === undefined) return 1
  if (given === true || given === 'unassigned') return -1
  return given === false ? 0 : given
}
