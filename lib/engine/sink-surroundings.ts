/** What every sink of log lines needs beside its address, and what none exceeds. */
import type { Clock } from '../base/clock.js'

/** What every sink needs beside its address. */
export interface SinkSurroundings {
  readonly clock: Clock
  /** Told once when the target cannot be reached. */
  readonly warn: (text: string) => void
}

/** Bytes that wait for a slow reader before lines are lost. */
export const MOST_WAITING = 1 << 20
