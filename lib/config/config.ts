/** A configuration that has been loaded: the objects that its files describe, and what there was to say about them. */

import type { ListedPatterns } from '../admin/pattern-list.js'
import type { StatsSocketOptions } from '../admin/stats-socket.js'
import type { ProcessOptions } from '../engine/process-view.js'
import type {
  Backend,
  BalancerOptions,
  CheckSpread,
  EventSink,
  Frontend,
  Logger,
  Peers,
  Resolvers,
  StickTable,
} from '../index.js'
import { PatternMap } from '../match/patterns/pattern-map.js'
import type { PatternSet } from '../match/patterns/pattern-set.js'
import type { Diagnostic } from './diagnostic.js'
import type { Linked } from './link.js'
import type { LogTarget } from './log-target.js'
import type { ProcessDraft, ProcessSettings, StatsSocket } from './process-draft.js'
import type { ServerStateFile } from './state-files.js'

/** What `global` says about the process: whoever runs the configuration acts on it. A library does not. */
export interface ProcessDescription extends Readonly<ProcessSettings> {
  readonly logs: readonly LogTarget[]
  /** Where the runtime API is to answer: for `RuntimeApi.listen()`. */
  readonly statsSockets: readonly StatsSocketOptions[]
}

/**
 * The objects of a haproxy.cfg, as you would have made them yourself; `new Balancer(config)` runs them.
 *
 * ```ts
 * const config = await loadConfig('haproxy.cfg')
 * config.frontend('edge').httpRequest.prepend(deny(403).if(header('user-agent').matches(/scrapy/i)))
 * ```
 */
export class Config implements BalancerOptions {
  readonly frontends: readonly Frontend[]
  readonly backends: readonly Backend[]
  readonly tables: readonly StickTable[]
  /** The `peers` sections in which this process takes part. */
  readonly peers: readonly Peers[]
  /** Their `log` lines, by name: whoever runs the configuration tells them when peers come and go. */
  readonly peerLoggers: ReadonlyMap<string, readonly Logger[]>
  /** The files of patterns and maps, in the order in which they are named. */
  readonly patternSets: readonly PatternSet[]
  /** The same and those of ACL lines, as the runtime API knows them: for `RuntimeApi`. */
  readonly listedPatterns: readonly ListedPatterns[]
  /** The files with the states that servers had in the process before: whoever runs the configuration reads them. */
  readonly serverStateFiles: readonly ServerStateFile[]
  /** The `log` lines of backends, by name: whoever runs the configuration tells them when servers go down and come back. */
  readonly changeLoggers: ReadonlyMap<string, readonly Logger[]>
  /** The backends whose checks are told as well, by name: `option log-health-checks`. */
  readonly checksLogged: ReadonlySet<string>
  /** The `log` lines of `global`: whoever runs the configuration tells them of starts and stops. */
  readonly processLoggers: readonly Logger[]
  readonly global: ProcessDescription
  /** Warnings and messages, in the order of the files. */
  readonly diagnostics: readonly Diagnostic[]
  /** Limits of `global`, for the balancer. */
  readonly maxConnections?: number
  readonly maxConnectionRate?: number
  readonly maxSessionRate?: number
  readonly bufferSize?: number
  readonly rewriteRoom?: number
  readonly maxHeaders?: number
  readonly errorCodes?: string
  readonly failureCodes?: string
  /** How checks are kept from coming all at once. */
  readonly checks?: CheckSpread
  /** What rules see of the process. */
  readonly process?: ProcessOptions
  /** The `resolvers` sections, and the one that is there without being written. */
  readonly resolvers: readonly Resolvers[]
  /** The rings, and the descriptors, where expressions show what they see. */
  readonly sinks: readonly EventSink[]

  constructor(linked: Linked, process: ProcessDraft, diagnostics: readonly Diagnostic[]) {
    this.frontends = linked.frontends
    this.backends = linked.backends
    this.tables = linked.tables
    this.peers = linked.peers
    this.peerLoggers = linked.peerLoggers
    this.patternSets = [...linked.patterns.files.values()]
    this.listedPatterns = linked.patterns.list()
    this.serverStateFiles = linked.serverStateFiles
    this.changeLoggers = linked.changeLoggers
    this.processLoggers = linked.processLoggers
    this.checksLogged = linked.checksLogged
    this.global = { ...process.settings, logs: process.logs, statsSockets: process.statsSockets.map(socketOptions) }
    this.diagnostics = diagnostics
    this.resolvers = linked.resolvers
    this.sinks = linked.sinks
    const {
      maxConnections,
      maxConnectionRate,
      maxSessionRate,
      bufferSize,
      rewriteRoom,
      maxHeaders,
      errorCodes,
      failureCodes,
      node,
      description,
    } = process.settings
    const { variables } = linked
    this.process = {
      node,
      description,
      variables,
      variableLimits: process.variableLimits,
      environment: linked.environment,
    }
    if (maxConnections !== undefined && maxConnections > 0) this.maxConnections = maxConnections
    if (maxConnectionRate !== undefined) this.maxConnectionRate = maxConnectionRate
    if (maxSessionRate !== undefined) this.maxSessionRate = maxSessionRate
    if (bufferSize !== undefined) this.bufferSize = bufferSize
    if (rewriteRoom !== undefined) this.rewriteRoom = rewriteRoom
    const { spreadChecks: jitter = 0, maxSpreadChecks: within = 0 } = process.settings
    if (jitter > 0 || within > 0) this.checks = { jitter, ...(within > 0 ? { within } : {}) }
    if (maxHeaders !== undefined) this.maxHeaders = maxHeaders
    if (errorCodes !== undefined) this.errorCodes = errorCodes
    if (failureCodes !== undefined) this.failureCodes = failureCodes
  }

  /**
   * The frontend (or listen) of that name.
   * @throws {Error} when there is none
   */
  frontend(name: string): Frontend {
    return named('frontend', this.frontends, name)
  }

  /**
   * The backend (or listen) of that name.
   * @throws {Error} when there is none
   */
  backend(name: string): Backend {
    return named('backend', this.backends, name)
  }

  /**
   * The map of a file, by the name that `map(…)` has for it. What is changed is seen by every rule at once.
   * @throws {Error} when there is none
   */
  map(name: string): PatternMap {
    const maps = this.patternSets.filter((set) => set instanceof PatternMap)
    return named('map', maps, name)
  }

  /**
   * The patterns of a file, by the name that `-f` has for it. What is changed is seen by every rule at once.
   * @throws {Error} when there are none
   */
  patterns(name: string): PatternSet {
    return named('pattern file', this.patternSets, name)
  }

  /**
   * The stick table of that proxy.
   * @throws {Error} when there is none
   */
  table(name: string): StickTable {
    return named('table', this.tables, name)
  }
}

/** What was not said is left out. */
function socketOptions(socket: StatsSocket): StatsSocketOptions {
  const { address, level, severityOutput, fileMode, uid, gid, backlog, maxConnections } = socket
  const said = Object.entries({ fileMode, uid, gid, backlog, maxConnections }).filter(
    ([, value]) => value !== undefined,
  )
  return { address, level, severityOutput, ...Object.fromEntries(said) }
}

function named<T extends { readonly name: string }>(noun: string, all: readonly T[], name: string): T {
  const found = all.find((one) => one.name === name)
  if (found !== undefined) return found
  const known = all.map((one) => `'${one.name}'`).join(', ')
  throw new Error(`the configuration has no ${noun} '${name}'; it has ${known === '' ? 'none' : known}`)
}
