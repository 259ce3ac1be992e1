/** What a balancer is made of and told, and what it tells: its options and its events. What it does with them stands in `balancer.ts`. */
import { z } from 'zod'
import type { Clock } from '../base/clock.js'
import { checkOptions, durationOption, instanceOption, integerOption } from '../base/options.js'
import type { Random } from '../base/random.js'
import type { EventSink, SeenValue } from '../match/event-sink.js'
import { Resolvers } from '../match/resolvers.js'
import type { TransactionRecord } from '../observe/record.js'
import type { Backend } from '../proxy/backend.js'
import { Frontend } from '../proxy/frontend.js'
import { Peers } from '../proxy/peers.js'
import { type AnyStickTable, StickTable } from '../table/stick-table.js'
import type { CheckReport, HealthChange, PanicNews, ServerNews } from './engine.js'
import type { Network } from './network.js'
import type { PeerNews } from './peers/peer-groups.js'
import { type ProcessOptions, processOptions } from './process-view.js'
import type { SharedNews } from './table-sharing.js'

/** How the checks of all servers are spread over time. */
export interface CheckSpread {
  /** Percent that each interval is longer or shorter, by chance, 0 to 50. Default 0. Manual, `spread-checks`. */
  readonly jitter?: number
  /**
   * The time within which all of those that begin together have begun. Default: no limit; each begins within its own interval. Manual, `max-spread-checks`.
   */
  readonly within?: number | string
}

/** What a balancer is made of. */
export interface BalancerOptions {
  readonly frontends: readonly Frontend[]
  /** Backends that no route names and that are to be checked all the same. Those of the frontends come by themselves. */
  readonly backends?: readonly Backend[]
  /** Client connections at a time over all frontends; more wait. Default: no limit. Manual, `maxconn` of `global`. */
  readonly maxConnections?: number
  /** Connections in each second over all frontends; more wait. Default, and 0: no limit. Manual, `maxconnrate`. */
  readonly maxConnectionRate?: number
  /** As {@link maxConnectionRate}, of those that rules on connections let in. Manual, `maxsessrate`. */
  readonly maxSessionRate?: number
  /** Bytes of a request's or response's head, plus the room to rewrite in. Default 16384. Manual, `tune.bufsize`. */
  readonly bufferSize?: number
  /** How much of the buffer is kept for what rules add. At most half of it, default 1024. Manual, `tune.maxrewrite`. */
  readonly rewriteRoom?: number
  /** Header fields of a request or response. Default 101. Manual, `tune.http.maxhdr`. */
  readonly maxHeaders?: number
  /**
   * The statuses of servers' answers that count as errors of the client, for stick tables (`http_err_cnt`, `http_err_rate`) and what asks them: `'400,404-410'` are these and no others;
   * with a sign they join or leave the usual ones, `'-404 +500'`. Default `'400-499'`. HAProxy 3.5: `http-err-codes`.
   */
  readonly errorCodes?: string
  /** The same of what counts as a failure of the server (`http_fail_cnt`, `http_fail_rate`). Default `'500-599 -501,505'`. HAProxy 3.5: `http-fail-codes`. */
  readonly failureCodes?: string
  /** What rules see of the process: its name, the variables of scope `proc` that are there from the start, the room that variables have. */
  readonly process?: ProcessOptions
  /** How checks are kept from coming all at once. */
  readonly checks?: CheckSpread
  /** Lists of name servers, for {@link Balancer.resolvers}. Those that servers name come by themselves. */
  readonly resolvers?: readonly Resolvers[]
  /** Rings, and whatever else `debug()` shows values in, for {@link Balancer.sinks}. Rings let go of their servers when the balancer stops. */
  readonly sinks?: readonly EventSink[]
  /** Groups of processes that tell each other what stick tables remember. HAProxy: the `peers` sections. */
  readonly peers?: readonly Peers[]
  /** Stick tables, for {@link Balancer.tables}. Those that have been tracked at, or have remembered a server, come by themselves. */
  readonly tables?: readonly AnyStickTable[]
  /** Time, chance and network, for tests. Default: the system's. */
  readonly clock?: Clock
  readonly random?: Random
  readonly network?: Network
}

/** What happens, for whoever listens with `balancer.on()`. */
export interface BalancerEvents {
  /** A transaction is over. */
  record: (record: TransactionRecord) => void
  /** A server went up or down. */
  health: (change: HealthChange) => void
  /** A check of a server has seen something else than the one before it, or has brought it nearer to a change. */
  check: (report: CheckReport) => void
  /** A server was ordered into another state, changed or moved, has joined or left; its health, too. */
  server: (news: ServerNews) => void
  /** A backend has begun to use servers that are not up, or need not any more. See {@link BackendOptions.panicThreshold}. */
  panic: (news: PanicNews) => void
  /** An expression was told to show what it sees, `debug()`, and not where. */
  seen: (seen: SeenValue) => void
  /** A peer is connected, or is not any more; see {@link Peers}. */
  peer: (news: PeerNews) => void
  /** A stick table that several nodes count in has joined the others, or counts alone again; see {@link StickTableOptions.shared}. */
  shared: (news: SharedNews) => void
  /** A rule, a logger or a listener of yours threw; `about` says where. The request that it concerns was answered with 500. */
  fault: (error: unknown, about: string) => void
}

/** How to stop. */
export interface StopOptions {
  /**
   * `true`: what is under way may finish, however long it takes. A time: at most so long, then it is cut. Default `false`: everything is
   * cut at once.
   */
  readonly drain?: boolean | number | string
  /**
   * Client connections close within this time, each at a moment of its own, instead of all at once when they stand idle or have had their answer;
   * `Infinity` leaves them to their time-outs. Milliseconds, or as in `'10s'`. Default 0. HAProxy: `close-spread-time`.
   */
  readonly spread?: number | string
  /**
   * Teaches the stick tables of all {@link Peers} to the process that takes this one's place: one that listens at the same address under the same local name. It is
   * waited for up to 2 seconds. Default `false`.
   */
  readonly handOver?: boolean
}

/** How to start. */
export interface StartOptions {
  /**
   * This process takes the place of one that is leaving with {@link StopOptions.handOver}: it is waited for 5 seconds to teach its stick tables, before other peers are
   * asked. Default `false`.
   */
  readonly succeeds?: boolean
}

const isPart = (method: string) => (given: unknown) =>
  typeof given === 'object' && given !== null && typeof (given as Record<string, unknown>)[method] === 'function'

const shape = {
  frontends: z.array(instanceOption(Frontend, 'must be a Frontend'), { error: 'must be a list of Frontends' }),
  backends: z.array(z.custom<Backend>(isPart('seek'), { error: 'must be a Backend' })).optional(),
  maxConnections: integerOption(0, 2 ** 31 - 1).optional(),
  maxConnectionRate: integerOption(0, 2 ** 31 - 1).optional(),
  maxSessionRate: integerOption(0, 2 ** 31 - 1).optional(),
  bufferSize: integerOption(2048, 2 ** 24).optional(),
  rewriteRoom: integerOption(0, 2 ** 24).optional(),
  maxHeaders: integerOption(1, 32767).optional(),
  errorCodes: z.string({ error: 'must be a text of statuses' }).optional(),
  failureCodes: z.string({ error: 'must be a text of statuses' }).optional(),
  process: processOptions.optional(),
  checks: z
    .strictObject({ jitter: integerOption(0, 50, 'a percentage').optional(), within: durationOption.optional() })
    .optional(),
  resolvers: z
    .array(instanceOption(Resolvers, 'must be Resolvers'), { error: 'must be a list of Resolvers' })
    .optional(),
  sinks: z.array(z.custom<EventSink>(isPart('show'), { error: 'must be a Ring, or what eventsOn() gives' })).optional(),
  peers: z.array(instanceOption(Peers, 'must be Peers'), { error: 'must be a list of Peers' }).optional(),
  tables: z
    .array(instanceOption(StickTable, 'must be a StickTable'), { error: 'must be a list of StickTables' })
    .optional(),
  clock: z.custom<Clock>(isPart('after'), { error: 'must be a Clock' }).optional(),
  random: z.custom<Random>(isPart('next'), { error: 'must be a Random' }).optional(),
  network: z.custom<Network>(isPart('dial'), { error: 'must be a Network' }).optional(),
}
/** An object of a class of its own, as `loadConfig()` gives it, may hold more than a balancer asks for. */
const configured = z.looseObject(shape)
const balancerOptions = z.strictObject(shape, { error: notOptions })

function notOptions(issue: { readonly code?: string | undefined }): string | undefined {
  return issue.code === 'invalid_type' ? 'must be given options, with a list of frontends' : undefined
}

/** @throws {OptionError} that names the option that is wrong */
export function checkBalancerOptions(options: BalancerOptions): z.infer<typeof balancerOptions> {
  return checkOptions('Balancer', isPlain(options) ? balancerOptions : configured, options)
}

function isPlain(options: unknown): boolean {
  if (typeof options !== 'object' || options === null) return true
  const prototype: unknown = Object.getPrototypeOf(options)
  return prototype === Object.prototype || prototype === null
}

const spreadOption = z.strictObject({ spread: durationOption })

/** The milliseconds of {@link StopOptions.spread}. */
export function spreadOf(given: number | string): number {
  return given === Number.POSITIVE_INFINITY ? given : checkOptions('stop()', spreadOption, { spread: given }).spread
}
