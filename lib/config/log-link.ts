/** `log` lines and log formats → the loggers of a frontend. Frontends that log alike to the same place share one. */
import { connectionLog, httpLog, type LogFormat, type Logger, syslog, tcpLog } from '../index.js'
import type { Diagnostics } from './diagnostic.js'
import type { LogTarget } from './log-target.js'
import type { ProcessDraft } from './process-draft.js'
import type { ProxyDraft } from './proxy-draft.js'

type FormatName = 'http' | 'tcp' | 'connection'

const formats: Readonly<Record<FormatName, () => LogFormat>> = { http: httpLog, tcp: tcpLog, connection: connectionLog }

/** Makes loggers, and remembers them. */
export class LoggerMaker {
  readonly #process: ProcessDraft
  readonly #diagnostics: Diagnostics
  readonly #made = new Map<string, Logger>()

  constructor(process: ProcessDraft, diagnostics: Diagnostics) {
    this.#process = process
    this.#diagnostics = diagnostics
  }

  /** The loggers of a frontend. */
  of(draft: ProxyDraft): readonly Logger[] {
    const { settings } = draft
    const targets = settings.logs.flatMap((log) => (log === 'global' ? this.#process.logs : [log]))
    const format = this.#format(draft)
    if (targets.length === 0 && draft.said.has('log format')) {
      this.#diagnostics.warning(
        draft,
        `log format ignored for ${draft.kind} '${draft.name}' since it has no log address.`,
        "add 'log global' or 'log <address> <facility>'",
      )
    }
    return targets.map((target) => this.#logger(target, format, this.#tag(draft)))
  }

  /** Who is told when servers of a backend go down and come back: HAProxy tells the backend's own `log` lines, and nobody else. */
  ofChanges(draft: ProxyDraft): readonly Logger[] {
    const targets = draft.settings.logs.flatMap((log) => (log === 'global' ? this.#process.logs : [log]))
    return targets.map((target) => this.#logger(target, 'connection', this.#tag(draft)))
  }

  #tag({ settings }: ProxyDraft): string | undefined {
    return settings.logTag ?? this.#process.settings.logTag
  }

  #format({ settings, kind, name, ...place }: ProxyDraft): FormatName {
    if (settings.logFormat !== 'http' || settings.mode === 'http') return settings.logFormat ?? 'connection'
    const message = `'option httplog' not usable with ${kind} '${name}' (needs 'mode http'). Falling back to 'option tcplog'.`
    this.#diagnostics.warning(place, message)
    return 'tcp'
  }

  #logger(target: LogTarget, format: FormatName, tag: string | undefined): Logger {
    const key = JSON.stringify([target, format, tag])
    const known = this.#made.get(key)
    if (known !== undefined) return known
    const { address, facility, level, minLevel, length, sample } = target
    const { logSendHostname } = this.#process.settings
    const made = syslog(address, {
      facility,
      level,
      minLevel,
      length,
      logFormat: formats[format](),
      ...(target.format === undefined ? {} : { format: target.format }),
      ...(sample === undefined ? {} : { sample }),
      ...(tag === undefined ? {} : { tag }),
      ...(logSendHostname === undefined ? {} : { hostname: logSendHostname === '' ? true : logSendHostname }),
    })
    this.#made.set(key, made)
    return made
  }
}
