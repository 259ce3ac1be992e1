/** Texts that many entries share, each kept once under a number for as long as somebody refers to it: the names of servers. */

interface Word {
  readonly text: string
  readonly number: number
  users: number
}

/** The number 0 stands for no text. */
export class Dictionary {
  readonly #byText = new Map<string, Word>()
  readonly #byNumber = new Map<number, Word>()
  #last = 0

  /** How many there are. */
  get size(): number {
    return this.#byText.size
  }

  /** The number of a text, for one more user of it. */
  take(text: string): number {
    let word = this.#byText.get(text)
    if (word === undefined) {
      do this.#last = (this.#last + 1) & 0x7fffffff || 1
      while (this.#byNumber.has(this.#last))
      word = { text, number: this.#last, users: 0 }
      this.#byText.set(text, word)
      this.#byNumber.set(word.number, word)
    }
    word.users++
    return word.number
  }

  /** One user less. */
  give(number: number): void {
    const word = this.#byNumber.get(number)
    if (word === undefined || --word.users > 0) return
    this.#byText.delete(word.text)
    this.#byNumber.delete(number)
  }

  /** Nobody uses any of them any more. */
  clear(): void {
    this.#byText.clear()
    this.#byNumber.clear()
  }

  text(number: number): string | undefined {
    return this.#byNumber.get(number)?.text
  }
}
