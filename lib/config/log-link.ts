/** `log` lines and log formats → the loggers of a frontend. Lines to the same place share a socket. */
import { loadDatagrams, withoutDatagrams } from '../engine/datagram-sink.js'
import { parseLogAddress } from '../engine/log-address.js'
import {
  connectionLog,
  httpLog,
  jsonLog,
  type LogFormat,
  type Logger,
  LogProfile,
  type LogStep,
  logFormat,
  Ring,
  syslog,
  tcpLog,
} from '../index.js'
import { httpsLog, isKnownEarly, namedFormats } from '../observe/custom-log.js'
import { cutRequestLine } from '../observe/cut-line.js'
import type { LinePolicy, SyslogLogger } from '../observe/syslog-logger.js'
import { didYouMean } from './advice.js'
import type { Diagnostics } from './diagnostic.js'
import type { Linker } from './linker.js'
import type { FormatText, NamedFormat } from './log-settings.js'
import type { LogProfileDraft, LogTarget } from './log-target.js'
import type { ProcessDraft } from './process-draft.js'
import type { ProxyDraft } from './proxy-draft.js'
import type { ThingDrafts } from './thing-drafts.js'

/** Characters of a request line, where `tune.http.logurilen` does not say how many. */
const LONGEST_LINE = 1023

/** HAProxy's tag is the name that it was started by. */
const TAG = 'haproxy'

/** How a frontend's lines are made, where a target does not say otherwise. */
type Lines = Omit<LinePolicy, 'profile'>

/** Makes loggers, and remembers those of each target. */
export class LoggerMaker {
  readonly #process: ProcessDraft
  readonly #things: ThingDrafts
  readonly #diagnostics: Diagnostics
  readonly #targets = new Map<string, SyslogLogger>()
  #toldOfDatagrams = false

  constructor(process: ProcessDraft, things: ThingDrafts, diagnostics: Diagnostics) {
    this.#process = process
    this.#things = things
    this.#diagnostics = diagnostics
  }

  /** The loggers of a frontend. */
  of(draft: ProxyDraft, linker: Linker): readonly Logger[] {
    const targets = this.#targetsOf(draft)
    const lines = this.#lines(draft, linker)
    if (targets.length === 0 && draft.said.has('log format')) {
      this.#diagnostics.warning(
        draft,
        `log format ignored for ${draft.kind} '${draft.name}' since it has no log address.`,
        "add 'log global' or 'log <address> <facility>'",
      )
    }
    return targets.map((target) => {
      const profile = this.#profile(target, draft, linker)
      const structuredData = target.format === 'rfc5424' ? lines.structuredData : undefined
      const profiles = this.#profilesOf(draft, linker)
      return this.#target(target).with({ ...lines, ...this.#tagged(draft), structuredData, profile, profiles })
    })
  }

  /** Who is told when servers of a backend go down and come back: HAProxy tells the backend's own `log` lines, and nobody else. */
  ofChanges(draft: ProxyDraft): readonly Logger[] {
    return this.#targetsOf(draft).map((target) => this.#target(target).with(this.#tagged(draft)))
  }

  /** Those of a section that is no proxy. */
  ofTargets(logs: readonly (LogTarget | 'global')[]): readonly Logger[] {
    return logs.flatMap((log) => (log === 'global' ? this.#process.logs : [log])).map((target) => this.#target(target))
  }

  /** The `log` lines of `global`: "they will receive logs for starts and exits". */
  ofProcess(): readonly Logger[] {
    return this.#process.logs.map((target) => this.#target(target))
  }

  #targetsOf({ settings }: ProxyDraft): readonly LogTarget[] {
    return settings.logs.flatMap((log) => (log === 'global' ? this.#process.logs : [log]))
  }

  #tagged({ settings }: ProxyDraft): { readonly tag?: string } {
    return settings.logTag === undefined ? {} : { tag: settings.logTag }
  }

  #lines(draft: ProxyDraft, linker: Linker): Lines {
    const { log, mode } = draft.settings
    const early = log.switches.has('logasap')
    const first: LogStep = mode === 'http' ? 'response' : 'connect'
    const made = this.#format(draft, linker, early)
    const structured = this.#custom(log.structuredData, draft, linker, early)
    const failed = this.#custom(log.errorFormat, draft, linker, early)
    return {
      logFormat: made.format,
      // HAProxy's own format has no structured data.
      structuredData: log.format === 'connection' ? undefined : structured?.format,
      errorFormat: failed?.format,
      at: log.steps ?? (early ? [first] : made.at),
      skipNormal: log.switches.has('dontlog-normal'),
      separateErrors: log.switches.has('log-separate-errors'),
      wantsLocalAddress: [made, structured, failed].some((one) => one?.local === true),
    }
  }

  /** The proxy's format, and when its line is written if nothing says otherwise: as soon as all is known that it shows. */
  #format(draft: ProxyDraft, linker: Linker, early: boolean): Made {
    const { log, mode } = draft.settings
    if (typeof log.format !== 'string')
      return this.#custom(log.format, draft, linker, early) ?? { format: connectionLog(), at: ['close'], local: false }
    const name = this.#named(log.format, draft)
    const at: LogStep = name !== 'connection' ? 'close' : mode === 'http' ? 'request' : 'accept'
    const format = formats[name](early)
    return { format: name === 'json' ? format : this.#cut(format), at: [at], local: false }
  }

  #custom(text: FormatText | undefined, draft: ProxyDraft, linker: Linker, early: boolean): Made | undefined {
    if (text === undefined) return undefined
    const { mode } = draft.settings
    const format = linker.logFormat(text, mode)
    if (format === undefined) return undefined
    const first: LogStep = mode === 'http' ? 'response' : 'connect'
    const at: LogStep = isKnownEarly(format) ? first : 'close'
    const local = format.aliases.some(({ name }) => name === 'bi' || name === 'bp')
    return { format: this.#cut(logFormat(format, { early })), at: [at], local }
  }

  #cut(format: LogFormat): LogFormat {
    return cutRequestLine(format, this.#process.settings.logLineLength ?? LONGEST_LINE)
  }

  #named(format: NamedFormat, draft: ProxyDraft): NamedFormat {
    const { kind, name, settings, file, line } = draft
    const word = settings.mode === 'http' ? undefined : httpOnly[format]
    if (word === undefined) return format
    const message = `'option ${word}' not usable with ${kind} '${name}' (needs 'mode http'). Falling back to 'option tcplog'.`
    this.#diagnostics.warning({ file, line }, message)
    return format === 'clf' ? 'tcp clf' : 'tcp'
  }

  #profile(target: LogTarget, draft: ProxyDraft, linker: Linker): LogProfile | undefined {
    if (target.profile === undefined) return undefined
    const found = this.#things.logProfiles.get(target.profile)
    if (found !== undefined) return this.#makeProfile(found, draft, linker)
    const known = this.#things.logProfiles.keys()
    const advice = didYouMean(target.profile, known) ?? `declare it with a 'log-profile ${target.profile}' section`
    this.#diagnostics.alert(target, `log : there is no log-profile '${target.profile}'`, advice)
    return undefined
  }

  #profilesOf(draft: ProxyDraft, linker: Linker): ReadonlyMap<string, LogProfile> | undefined {
    const { logProfiles } = this.#things
    if (logProfiles.size === 0) return undefined
    return new Map([...logProfiles].map(([name, profile]) => [name, this.#makeProfile(profile, draft, linker)]))
  }

  #makeProfile({ name, tag, lines }: LogProfileDraft, draft: ProxyDraft, linker: Linker): LogProfile {
    const early = draft.settings.log.switches.has('logasap')
    const made = [...lines].map(([moment, line]) => {
      const format = this.#custom(line.format, draft, linker, early)?.format
      const structuredData = this.#custom(line.structuredData, draft, linker, early)?.format
      return [moment, { drop: line.drop, format, structuredData }] as const
    })
    return new LogProfile(name, new Map(made), tag)
  }

  /** What is the same for all who log to a place. */
  #target(target: LogTarget): SyslogLogger {
    const { file: _file, line: _line, profile: _profile, ...settings } = target
    const key = JSON.stringify(settings)
    const known = this.#targets.get(key)
    if (known !== undefined) return known
    const { address, facility, level, minLevel, length, sample, format } = target
    const { logSendHostname, logTag } = this.#process.settings
    const made = syslog(this.#place(target), {
      facility,
      level,
      minLevel,
      length,
      tag: logTag ?? TAG,
      ...(format === undefined ? {} : { format }),
      ...(sample === undefined ? {} : { sample }),
      ...(logSendHostname === undefined ? {} : { hostname: logSendHostname === '' ? true : logSendHostname }),
    })
    if (parseLogAddress(address).kind === 'unix') this.#tellOfDatagrams(target)
    this.#targets.set(key, made)
    return made
  }

  #place(target: LogTarget): string | Ring {
    const parsed = parseLogAddress(target.address)
    if (parsed.kind !== 'ring') return target.address
    const found = this.#things.rings.get(parsed.name)
    if (found !== undefined) return found
    const advice =
      didYouMean(parsed.name, this.#things.rings.keys()) ?? `declare it with a 'ring ${parsed.name}' section`
    this.#diagnostics.warning(target, `log : there is no ring '${parsed.name}': its lines go nowhere.`, advice)
    return new Ring('none')
  }

  /** Once, however many lines go there. */
  #tellOfDatagrams(target: LogTarget): void {
    if (this.#toldOfDatagrams || loadDatagrams() !== undefined) return
    this.#toldOfDatagrams = true
    this.#diagnostics.warning(target, withoutDatagrams(target.address))
  }
}

interface Made {
  readonly format: LogFormat
  readonly at: readonly LogStep[]
  /** It shows our own address towards servers. */
  readonly local: boolean
}

const formats: Readonly<Record<NamedFormat, (early: boolean) => LogFormat>> = {
  connection: () => connectionLog(),
  http: (early) => httpLog({ early }),
  clf: (early) => logFormat(namedFormats['httplog clf'], { early }),
  https: (early) => httpsLog({ early }),
  json: () => jsonLog(),
  tcp: (early) => tcpLog({ early }),
  'tcp clf': (early) => logFormat(namedFormats['tcplog clf'], { early }),
}

/** The formats that need HTTP, by the words of their options. */
const httpOnly: Readonly<Partial<Record<NamedFormat, string>>> = {
  http: 'httplog',
  clf: 'httplog clf',
  https: 'httpslog',
}
