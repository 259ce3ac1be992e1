/** Texts that the receiver of a peers session keeps, by the number that we have given them. */
import { DICTIONARY_SIZE } from './peers-format.js'

/** At most 128 of them: the one that was added longest ago makes room. */
export class PeersDictionary {
  readonly #texts: string[] = []
  readonly #numbers = new Map<string, number>()
  #next = 0

  /** By number, less one. */
  get texts(): readonly string[] {
    return this.#texts
  }

  /** Its number, from 1 on, when the receiver has been told of it. */
  find(text: string): number | undefined {
    return this.#numbers.get(text)
  }

  /** Gives it a number. */
  add(text: string): number {
    const before = this.#texts[this.#next]
    if (before !== undefined) this.#numbers.delete(before)
    this.#texts[this.#next] = text
    const number = this.#next + 1
    this.#numbers.set(text, number)
    this.#next = number % DICTIONARY_SIZE
    return number
  }
}
