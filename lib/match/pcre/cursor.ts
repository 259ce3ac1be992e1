/** A place in an expression that is being read. */
import { PatternFault } from './syntax.js'

export class Cursor {
  readonly text: string
  at = 0

  constructor(text: string) {
    this.text = text
  }

  get ended(): boolean {
    return this.at >= this.text.length
  }

  /** The character here; empty at the end. */
  get here(): string {
    return this.text[this.at] ?? ''
  }

  /** The character here, which is passed. */
  next(): string {
    return this.text[this.at++] ?? ''
  }

  /** Passes these characters, if they stand here. */
  skip(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false
    this.at += word.length
    return true
  }

  /** Passes what an expression with the flag `y` finds here. */
  match(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.at
    const found = sticky.exec(this.text) ?? undefined
    if (found !== undefined) this.at += found[0].length
    return found
  }

  fault(message: string, position = this.at): never {
    throw new PatternFault(message, position)
  }
}
