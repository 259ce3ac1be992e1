/** How long what conditions have seen of a context counts. */

/** What was seen in a turn counts as long as its number is the same. */
export interface Turn {
  number: number
}
