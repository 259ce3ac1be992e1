/** Numbers of updates as peers tell them: 32 bits, and after the last comes the first. Ours only grow. */
const WRAP = 2 ** 32

/** What a peer is told for a number. */
export const toldAs = (number: number): number => number % WRAP

/** The last number up to `latest` that is told so; below 0 when there is none. */
export const meantBy = (told: number, latest: number): number => latest - ((((latest - told) % WRAP) + WRAP) % WRAP)
