/** The advice that offers the nearest known word. */
import { nearest } from '../base/nearest.js'

/** HAProxy's own wording; nothing when no word is near enough to be meant. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const found = nearest(word, known)
  return found === undefined ? undefined : `did you mean '${found}' maybe ?`
}
