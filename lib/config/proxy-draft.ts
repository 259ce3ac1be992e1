/**
 * What a proxy section has said so far. `settings` is what a defaults section hands on; the rest belongs to one section alone.
 * The objects are made of drafts in `link.ts`.
 */
import type {
  BandwidthLimit,
  ConnectionMode,
  InitState,
  OnError,
  Page,
  Phase,
  RetryOptions,
  Rule,
  ServerOptions,
} from '../index.js'
import type { CaptureLayout, CaptureSlot } from '../match/captures.js'
import { type CheckSettings, checkSettings } from './check-draft.js'
import type { Place } from './diagnostic.js'
import type { AclDraft, Checkpoint, ConditionDraft } from './expression.js'
import type { HttpSettings, UseServerDraft } from './http-draft.js'
import type { Linker } from './linker.js'
import { type LogSettings, logSettings } from './log-settings.js'
import type { LogTarget } from './log-target.js'
import type { PersistenceSettings, StickDraft } from './persistence-draft.js'
import type { ProxyKind, SectionHeader } from './sections.js'

/** A name that is resolved once all sections have been read. */
export interface Reference extends Place {
  readonly name: string
}

/** The name is asked for each time, and may be any backend's. */
export const isDynamic = ({ name }: Reference): boolean => name.includes('%[')

/** The sets that rules stand in. */
export type RuleSetName =
  | 'tcp-request connection'
  | 'tcp-request session'
  | 'tcp-request content'
  | 'tcp-response content'
  | 'http-request'
  | 'http-response'
  | 'http-after-response'

/** Error pages that are made once all sections have been read; `undefined` stands for the page that there would be anyway. */
export type PagesDraft = (linker: Linker) => readonly (readonly [status: number, page: Page | undefined])[]

/** A rule that is made once all sections have been read; `undefined` when something in it is wrong, which has been told. */
export type RuleDraft = (linker: Linker) => Rule<Phase> | undefined

/** A `use_backend` line. */
export interface RouteDraft extends Reference {
  readonly condition: ConditionDraft | undefined
}

/** A `bind` address with the line's options. */
export interface BindDraft extends Place {
  readonly address: string
  readonly name: string | undefined
  readonly id: number | undefined
  readonly maxConnections: number | undefined
  readonly backlog: number | undefined
  readonly dualStack: boolean | undefined
  readonly fileMode: number | undefined
  readonly uid: number | undefined
  readonly gid: number | undefined
}

/** What a server's line says of its name. */
export interface NamingDraft {
  readonly resolvers?: Reference
  readonly prefer?: 4 | 6
  readonly networks?: readonly string[]
  readonly duplicates?: boolean
  readonly ignoreWeight?: boolean
  readonly initial?: readonly string[]
}

/** What `server` and `default-server` lines set. Times are milliseconds. */
export interface ServerSettings {
  readonly naming?: NamingDraft
  readonly weight?: number
  readonly backup?: boolean
  readonly disabled?: boolean
  readonly cookie?: string
  readonly nonStick?: boolean
  readonly drain?: boolean
  readonly maxConnections?: number
  readonly minConnections?: number
  readonly maxQueue?: number
  readonly strictMaxConnections?: boolean
  readonly maxIdleConnections?: number
  /** Milliseconds. */
  readonly idleTimeout?: number
  readonly maxReuse?: number
  /** An expression, to be linked. */
  readonly poolName?: string
  readonly check?: boolean
  /** The name of a `healthcheck` section. */
  readonly healthcheck?: string
  readonly checkPort?: number
  readonly checkAddress?: string
  readonly interval?: number
  readonly fastInterval?: number
  readonly downInterval?: number
  readonly rise?: number
  readonly fall?: number
  readonly source?: string
  readonly agentCheck?: boolean
  readonly agentPort?: number
  readonly agentAddress?: string
  readonly agentInterval?: number
  readonly agentSend?: string
  readonly observe?: ServerOptions['observe'] | undefined
  readonly errorLimit?: number
  readonly onError?: OnError
  readonly onMarkedDown?: 'shutdownSessions'
  readonly onMarkedUp?: 'shutdownBackupSessions'
  readonly slowStart?: number
  readonly initState?: InitState | undefined
  /** As it was written. */
  readonly track?: string
}

/** A `server` line. */
export interface ServerDraft extends Place {
  readonly name: string
  readonly address: string
  readonly id: number | undefined
  readonly settings: ServerSettings
}

/** A `balance` line. */
export interface BalanceDraft extends Place {
  /** Without its argument in parentheses. */
  readonly algorithm: string
  readonly argument: string | undefined
  readonly options: readonly string[]
}

/** A `hash-type` line. */
export interface HashTypeDraft {
  readonly method: 'map-based' | 'consistent'
  readonly hash: 'sdbm' | 'djb2' | 'wt6' | 'crc32' | 'none' | undefined
  readonly avalanche: boolean
}

/** The names of `timeout`. */
export type TimeoutName =
  | 'connect'
  | 'client'
  | 'server'
  | 'http-request'
  | 'http-keep-alive'
  | 'queue'
  | 'tunnel'
  | 'client-fin'
  | 'server-fin'
  | 'tarpit'
  | 'check'

/** The options that are on or off. */
export type SwitchName =
  | 'abortonclose'
  | 'nolinger'
  | 'independent-streams'
  | 'prefer-last-server'
  | 'allbackups'
  | 'dontlognull'
  | 'socket-stats'
  | 'contstats'

/** `option clitcpka` and `clitcpka-idle`, and the same for servers. */
export interface KeepAliveDraft {
  readonly on?: boolean
  /** Milliseconds. */
  readonly idle?: number
}

/** What a defaults section hands on to those that come of it. */
export interface ProxySettings {
  mode: 'http' | 'tcp'
  timeouts: Partial<Record<TimeoutName, number>>
  switches: Partial<Record<SwitchName, boolean>>
  connectionMode?: ConnectionMode
  /** `load-server-state-from-file`, and `server-state-file-name` where it is not the backend's own. */
  serverState?: 'global' | 'local' | 'none'
  serverStateName?: string | undefined
  retries?: number
  retryOn?: RetryOptions['retryOn']
  /** 0: never; -1: on the last retry; n: on every n-th. */
  redispatch?: number
  maxConnections?: number
  backlog?: number
  maxSessionRate?: number
  maxOwnConnections?: number
  fullConnections?: number
  maxKeepAliveQueue?: number
  balance?: BalanceDraft
  hashType?: HashTypeDraft
  hashBalanceFactor?: number
  hashAffinity?: 'always' | 'maxConnections' | 'maxQueue'
  httpReuse?: 'never' | 'safe' | 'aggressive' | 'always'
  http: HttpSettings
  persistence: PersistenceSettings
  forwardFor?: { readonly except: readonly string[]; readonly header?: string; readonly ifNone: boolean }
  defaultBackend?: Reference
  defaultServer: ServerSettings
  check: CheckSettings
  /** In the order of the lines: later ones count. */
  pages: readonly PagesDraft[]
  logs: readonly (LogTarget | 'global')[]
  log: LogSettings
  logTag?: string
  source?: string
  clientKeepAlive?: KeepAliveDraft
  serverKeepAlive?: KeepAliveDraft
  disabled: boolean
  uniqueId?: { readonly format?: string; readonly header?: string; readonly place?: Place }
}

/** One proxy section. */
export interface ProxyDraft extends Place {
  readonly kind: ProxyKind
  readonly name: string
  readonly settings: ProxySettings
  /** The names of settings that this section (not its defaults) has set, to tell of doubles. */
  readonly said: Set<string>
  readonly acls: Map<string, AclDraft>
  readonly rules: Map<RuleSetName, RuleDraft[]>
  /** `redirect` lines: they come after all `http-request` rules. */
  readonly redirects: RuleDraft[]
  readonly routes: RouteDraft[]
  /** Slots in the order of their lines. */
  readonly captures: {
    readonly request: CaptureSlot[]
    readonly response: CaptureSlot[]
    cookie: CaptureLayout['cookie']
  }
  readonly binds: BindDraft[]
  /** `filter bwlim-in` and `bwlim-out`, by name. */
  readonly bandwidths: Map<string, BandwidthDraft>
  readonly servers: ServerDraft[]
  /** `monitor fail` lines. */
  readonly monitorFail: ConditionDraft[]
  readonly useServers: UseServerDraft[]
  /** `force-persist` lines. */
  readonly forcePersist: ConditionDraft[]
  /** `ignore-persist` lines. */
  readonly ignorePersist: ConditionDraft[]
  /** Tables that remember servers, in order. */
  readonly sticks: StickDraft[]
  /** `force-be-switch` lines. */
  readonly forceSwitch: ConditionDraft[]
  /** `be-unpublished`. */
  unpublished: boolean
  inspectDelay: number | undefined
  responseInspectDelay: number | undefined
  table: TableDraft | undefined
  description: string | undefined
  id: number | undefined
}

/** One of what a table stores. */
export interface StoreDraft {
  readonly name: string
  /** Of a rate; milliseconds. */
  readonly period?: number
  /** Of an array. */
  readonly length?: number
}

/** A `filter bwlim-…` line. */
export interface BandwidthDraft {
  /** Tells what is wrong with it, once there are tables and whether or not a rule puts it on. */
  readonly check?: (linker: Linker) => void
  /** Makes the limit, for the rules of a checkpoint; nothing when something is wrong with it, which has been told. */
  readonly make: (linker: Linker, checkpoint: Checkpoint) => BandwidthLimit | undefined
}

/** A `stick-table` line, or a `table` line of a `peers` section. */
export interface TableDraft extends Place {
  readonly type: string
  /** Bytes of a string or binary. */
  readonly length?: number
  readonly size: number
  /** Milliseconds; 0 is never. */
  readonly expire?: number
  readonly noPurge: boolean
  readonly store: readonly StoreDraft[]
  /** The `peers` section whose members share it. */
  readonly peers?: string
  readonly serverKey?: 'name' | 'address'
  /** The table that what peers teach is copied to. */
  readonly writeTo?: string
  readonly bytesFactor?: number
  readonly receiveOnly: boolean
}

const empty = (): ProxySettings => ({
  mode: 'tcp',
  timeouts: {},
  switches: {},
  http: { switches: {} },
  persistence: {},
  defaultServer: {},
  check: checkSettings,
  pages: [],
  logs: [],
  log: logSettings,
  disabled: false,
})

/** A new section, with what it inherits. */
export function proxyDraft(header: SectionHeader, defaults: ProxyDraft | undefined): ProxyDraft {
  const inherited = defaults?.settings ?? empty()
  return {
    kind: header.word as ProxyKind,
    name: header.name,
    file: header.file,
    line: header.line,
    settings: { ...inherited, timeouts: { ...inherited.timeouts }, switches: { ...inherited.switches } },
    said: new Set(),
    acls: new Map(),
    rules: new Map([...(defaults?.rules ?? [])].map(([set, rules]) => [set, [...rules]])),
    redirects: [],
    routes: [],
    captures: { request: [], response: [], cookie: undefined },
    binds: [],
    bandwidths: new Map(),
    servers: [],
    monitorFail: [],
    useServers: [],
    forcePersist: [],
    ignorePersist: [],
    sticks: [],
    forceSwitch: [],
    unpublished: false,
    inspectDelay: defaults?.inspectDelay,
    responseInspectDelay: defaults?.responseInspectDelay,
    table: undefined,
    description: undefined,
    id: undefined,
  }
}

/** Takes clients. */
export const isFrontend = (draft: { readonly kind: ProxyKind }): boolean =>
  draft.kind === 'frontend' || draft.kind === 'listen'
/** Has servers. */
export const isBackend = (draft: { readonly kind: ProxyKind }): boolean =>
  draft.kind === 'backend' || draft.kind === 'listen'
