/**
 * Time as an input: what the rest of the library may ask of a clock, and the one that follows the system.
 * The clock of the tests lives in `fairlead/testing`.
 */

/** A timer that was set on a {@link Clock}. */
export interface Timer {
  /** Stops it; harmless when it has fired already. */
  cancel(): void
}

/** Where time comes from. Everything that waits or measures takes one of these; nothing reads the system's time itself. */
export interface Clock {
  /** Milliseconds that only ever grow, with no meaning but their difference. */
  now(): number
  /** Milliseconds since 1970, for dates that people read. */
  wall(): number
  /** Calls `fire` once, `delay` milliseconds from now. */
  after(delay: number, fire: () => void): Timer
}

const LONGEST_DELAY = 2 ** 31 - 1

class SystemTimer implements Timer {
  readonly handle: NodeJS.Timeout

  constructor(delay: number, fire: () => void) {
    // Node turns a longer delay into one millisecond, which would fire a timeout of a month at once.
    this.handle = setTimeout(fire, Math.min(Math.max(delay, 0), LONGEST_DELAY))
  }

  cancel(): void {
    clearTimeout(this.handle)
  }
}

/** The system's own time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after: (delay, fire) => new SystemTimer(delay, fire),
}
