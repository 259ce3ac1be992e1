/** Formats by moment, for one target: HAProxy's sections `log-profile`. Manual of HAProxy 3.x. */
import type { LogFormat } from './log-format.js'
import { SyslogDress, type SyslogHeader } from './syslog.js'

/** What is done at one moment. */
export interface ProfileLines {
  /** No line. */
  readonly drop?: boolean | undefined
  /** In place of the proxy's own format. */
  readonly format?: LogFormat | undefined
  /** In place of its `log-format-sd`. */
  readonly structuredData?: LogFormat | undefined
}

/**
 * A profile: what is written at which moment. Moments are `accept`, `request`, `connect`, `response`, `close`, `error`, and those of `do-log`:
 * `tcp-req-conn`, `tcp-req-sess`, `tcp-req-cont`, `tcp-res-cont`, `http-req`, `http-res`, `http-after-res`; `any` is for all others.
 */
export class LogProfile {
  readonly name: string
  /** In place of the proxy's own tag. */
  readonly tag: string | undefined
  readonly #lines: ReadonlyMap<string, ProfileLines>
  readonly #dresses = new Map<SyslogHeader, SyslogDress>()

  constructor(name: string, lines: ReadonlyMap<string, ProfileLines>, tag?: string) {
    this.name = name
    this.tag = tag
    this.#lines = lines
  }

  /** What is done at a moment; nothing when the proxy's own format counts. */
  lines(moment: string): ProfileLines | undefined {
    return this.#lines.get(moment) ?? this.#lines.get('any')
  }

  /** A target's dress, with this profile's tag. */
  dress(header: SyslogHeader): SyslogDress {
    let dress = this.#dresses.get(header)
    if (dress === undefined) {
      dress = new SyslogDress({ ...header, tag: this.tag ?? header.tag })
      this.#dresses.set(header, dress)
    }
    return dress
  }
}

/** The moments that a profile may name. */
export const profileMoments: readonly string[] = [
  'accept',
  'request',
  'connect',
  'response',
  'close',
  'error',
  'any',
  'quic-init',
  'tcp-req-conn',
  'tcp-req-sess',
  'tcp-req-cont',
  'tcp-res-cont',
  'http-req',
  'http-res',
  'http-after-res',
]
