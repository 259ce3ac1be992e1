/** Servers whose traffic is worse than it may be get nothing new for a while. Nothing of it is HAProxy's; it is off unless a backend asks for it. */
import { z } from 'zod'
import type { Clock, Timer } from '../base/clock.js'
import { OptionError } from '../base/errors.js'
import { durationOption, integerOption } from '../base/options.js'
import { faultOf } from './analysis.js'
import type { Mode } from './mode.js'
import type { Observed, Server } from './server.js'

/** When servers are ejected, and for how long. One of `errorRate` and `latency` is needed. */
export interface OutlierOptions {
  /** Percent of failures, 1 to 100: connects that failed, answers that are none or have a status of 500 and above (but 501 and 505). */
  readonly errorRate?: number
  /** Mean time of answers (in TCP mode, of connects) that is too long. */
  readonly latency?: number | string
  /** How far back is looked. Default 10s. */
  readonly window?: number | string
  /** Results within the window that it takes to judge. Default 20. */
  readonly least?: number
  /** How long a server stays out; each time in a row that much longer, up to ten times. Default 30s. */
  readonly ejectFor?: number | string
  /** Percent of the backend's servers that may be out at a time, 1 to 100; one may be if there are two. Default 10. */
  readonly maxEjected?: number
}

/** What a backend's constructor checks. */
export const outlierOptions = z.strictObject({
  errorRate: integerOption(1, 100, 'a percentage').optional(),
  latency: durationOption.optional(),
  window: durationOption.optional(),
  least: integerOption(1, 2 ** 31 - 1).optional(),
  ejectFor: durationOption.optional(),
  maxEjected: integerOption(1, 100, 'a percentage').optional(),
})

/** The longest that a server is out, in times of `ejectFor`. */
const MOST_TIMES = 10

/** What was seen of a server in some time. */
class Tally {
  results = 0
  failures = 0
  time = 0
}

/** What is known of one server. */
class Suspect {
  /** The present half of the window, and the one before. */
  now = new Tally()
  before = new Tally()
  halfEnds = 0
  times = 0
  returns: Timer | undefined = undefined
}

export class Outliers {
  readonly #options: z.infer<typeof outlierOptions>
  readonly #servers: () => readonly Server[]
  readonly #half: number
  readonly #least: number
  readonly #ejectFor: number
  readonly #mode: Mode
  readonly #suspects = new Map<Server, Suspect>()
  #clock: Clock | undefined

  constructor(subject: string, options: z.infer<typeof outlierOptions>, mode: Mode, servers: () => readonly Server[]) {
    if (options.errorRate === undefined && options.latency === undefined)
      throw new OptionError(subject, 'outliers', 'needs an errorRate, a latency or both')
    this.#options = options
    this.#servers = servers
    this.#mode = mode
    this.#half = (options.window ?? 10_000) / 2
    this.#least = options.least ?? 20
    this.#ejectFor = options.ejectFor ?? 30_000
  }

  /** Time passes from now on. */
  attend(clock: Clock): void {
    this.#clock = clock
  }

  /** Nothing is known any more, and nobody is out. */
  leave(): void {
    for (const server of [...this.#suspects.keys()]) this.forget(server)
    this.#clock = undefined
  }

  forget(server: Server): void {
    this.#suspects.get(server)?.returns?.cancel()
    this.#suspects.delete(server)
    server.eject(false, '')
  }

  /** Something was seen of a server. */
  take(server: Server, seen: Observed): void {
    const fault = faultOf(seen)
    if (this.#clock === undefined || (seen.layer === 4 && fault === undefined && this.#mode === 'http')) return
    const suspect = this.#suspectOf(server, this.#clock.now())
    suspect.now.results++
    suspect.now.time += seen.took
    if (fault !== undefined) suspect.now.failures++
    const reason = server.ejected ? undefined : this.#judge(suspect)
    if (reason !== undefined && this.#mayEject()) this.#eject(server, suspect, reason, this.#clock)
  }

  #suspectOf(server: Server, now: number): Suspect {
    let suspect = this.#suspects.get(server)
    if (suspect === undefined) {
      suspect = new Suspect()
      suspect.halfEnds = now + this.#half
      this.#suspects.set(server, suspect)
    }
    if (now >= suspect.halfEnds) {
      suspect.before = now < suspect.halfEnds + this.#half ? suspect.now : new Tally()
      suspect.now = new Tally()
      suspect.halfEnds = now + this.#half
    }
    return suspect
  }

  #judge({ now, before }: Suspect): string | undefined {
    const results = now.results + before.results
    if (results < this.#least) return undefined
    const { errorRate, latency } = this.#options
    const rate = ((now.failures + before.failures) * 100) / results
    if (errorRate !== undefined && rate >= errorRate) return `${Math.floor(rate)}% of ${results} failed`
    const mean = (now.time + before.time) / results
    if (latency === undefined || mean <= latency) return undefined
    return `${Math.round(mean)}ms on average of ${results}`
  }

  /** The cap counts those that could serve: where most are down, nobody else is taken out. */
  #mayEject(): boolean {
    const servers = this.#servers()
    let out = 1
    let left = -1
    for (const server of servers) {
      if (server.ejected) out++
      else if (server.inRotation) left++
    }
    const most = Math.max(1, Math.floor((servers.length * (this.#options.maxEjected ?? 10)) / 100))
    return left > 0 && out <= most
  }

  #eject(server: Server, suspect: Suspect, reason: string, clock: Clock): void {
    suspect.returns?.cancel()
    suspect.times = Math.min(suspect.times + 1, MOST_TIMES)
    suspect.returns = clock.after(this.#ejectFor * suspect.times, () => this.#readmit(server, suspect))
    server.eject(true, reason)
  }

  /** It is tried again, and judged by what comes then. */
  #readmit(server: Server, suspect: Suspect): void {
    suspect.now = new Tally()
    suspect.before = new Tally()
    suspect.returns = this.#clock?.after(this.#ejectFor, () => {
      // It has behaved for a while: the next time counts as the first.
      suspect.times = 0
    })
    server.eject(false, 'tried again')
  }
}
