/** What the `global` sections say about the process: for the command line, which acts on it. */
import type { VariableLimits } from '../match/variable-size.js'
import type { Place } from './diagnostic.js'
import type { LogTarget } from './log-target.js'
import type { BindDraft } from './proxy-draft.js'

/** A `stats socket` line: where the runtime API is to answer. */
export interface StatsSocket extends BindDraft {
  readonly level: 'user' | 'operator' | 'admin'
  readonly severityOutput: 'none' | 'number' | 'string'
}

/** The process as the files describe it. Times are milliseconds, sizes are bytes; what was not said is absent. */
export interface ProcessSettings {
  user?: string
  group?: string
  uid?: number
  gid?: number
  chroot?: string
  daemon?: boolean
  pidfile?: string
  /** `server-state-file`, `server-state-base`. */
  serverStateFile?: string
  serverStateBase?: string
  /** Connections of the whole process. */
  maxConnections?: number
  /** Connections, and sessions, of the whole process in each second. */
  maxConnectionRate?: number
  maxSessionRate?: number
  /** Percent that checks come earlier or later, and the time within which all have begun. */
  spreadChecks?: number
  maxSpreadChecks?: number
  /** How many threads or processes the file asks for. */
  threads?: number
  node?: string
  /** The families of addresses that names are looked up for. */
  families?: readonly (4 | 6)[]
  description?: string
  localPeer?: string
  hardStopAfter?: number
  grace?: number
  /** `Infinity` is "not by us". */
  closeSpread?: number
  quiet?: boolean
  zeroWarning?: boolean
  /** What HAProxy calls experimental may be used. */
  experimental?: boolean
  /** Clients whose port is below 1024 are refused. */
  rejectPrivilegedPorts?: boolean
  bufferSize?: number
  /** How many slots `track-sc…` has. */
  stickCounters?: number
  /** `tune.bufsize.large`, for those who wait for large bodies. */
  largeBufferSize?: number
  /** `tune.http.logurilen` and `tune.http.cookielen`. */
  logLineLength?: number
  cookieLength?: number
  rewriteRoom?: number
  maxHeaders?: number
  /** `http-err-codes` and `http-fail-codes`: what all lines together say. */
  errorCodes?: string
  failureCodes?: string
  /** Checks may be programs. */
  externalCheck?: 'yes' | 'preserve-env'
  logTag?: string
  logSendHostname?: string
  /** How long a connection to the runtime API may be silent, and how many there may be. */
  statsTimeout?: number
  statsMaxConnections?: number
  unixBind?: {
    readonly prefix?: string
    readonly mode?: number
    readonly uid?: number
    readonly gid?: number
    readonly user?: string
    readonly group?: string
  }
}

/** A `set-var` or `set-var-fmt` line of `global`. */
export interface PresetDraft extends Place {
  readonly word: 'set-var' | 'set-var-fmt'
  /** The variable's name, with conditions behind commas. */
  readonly target: string
  readonly text: string
}

/** The process as it is being described. */
export interface ProcessDraft {
  readonly settings: ProcessSettings
  readonly logs: LogTarget[]
  readonly statsSockets: StatsSocket[]
  readonly presets: PresetDraft[]
  variableLimits: Partial<VariableLimits>
  /** What the command line calls this process among its peers: `localpeer` does not count then. */
  localPeer?: string | undefined
  /** A `peers` section has been read: what this process is called is settled. */
  peersSeen?: boolean
  /** `h1-case-adjust`: names of fields as they are to be written, by their lower case. */
  readonly headerCase: Map<string, string>
  defaultPath: { readonly base: 'current' | 'config' | 'parent' | 'origin'; readonly origin?: string }
}

export const processDraft = (): ProcessDraft => ({
  settings: {},
  logs: [],
  statsSockets: [],
  presets: [],
  variableLimits: {},
  headerCase: new Map(),
  defaultPath: { base: 'current' },
})
