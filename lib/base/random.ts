/** Chance as an input: what the library asks of a random source, and the one that the system has. */

import { randomInt } from 'node:crypto'

/** Where random numbers come from; a test hands in one that repeats. */
export interface Random {
  /** A number in [0, 1). Not for secrets. */
  next(): number
  /** As {@link next}, where others must not be able to guess it. Default: {@link next}. */
  secret?(): number
}

/** The engine's own generator. */
export const systemRandom: Random = { next: () => Math.random(), secret: () => randomInt(2 ** 47) / 2 ** 47 }
