/** Chance as an input: what the library asks of a random source, and the one that the system has. */

/** Where random numbers come from; a test hands in one that repeats. */
export interface Random {
  /** A number in [0, 1). Not for secrets. */
  next(): number
}

/** The engine's own generator. */
export const systemRandom: Random = { next: () => Math.random() }
