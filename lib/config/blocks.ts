/**
 * The lines that begin with a dot: conditional blocks (`.if` … `.endif`) and messages (`.notice` …). Manual, chapter 2.4.
 * Conditions themselves are read in `condition.ts`.
 */

import { didYouMean } from './advice.js'
import { type ConditionContext, ConditionError, evaluate } from './condition.js'
import type { Diagnostics, Place, Severity } from './diagnostic.js'
import { picture } from './lexer.js'

interface Block extends Place {
  /** The lines that follow count. */
  taken: boolean
  /** One branch has counted already, or none may (the block stands inside one that does not count). */
  done: boolean
  otherwise: boolean
}

const severities: Readonly<Record<string, Severity>> = {
  '.notice': 'notice',
  '.warning': 'warning',
  '.alert': 'alert',
  '.diag': 'diag',
}
const directives = ['.if', '.elif', '.else', '.endif', ...Object.keys(severities)]

/** The blocks that are open in one file. */
export class Blocks {
  readonly #open: Block[] = []
  readonly #diagnostics: Diagnostics
  readonly #context: ConditionContext

  constructor(diagnostics: Diagnostics, context: ConditionContext) {
    this.#diagnostics = diagnostics
    this.#context = context
  }

  /** Whether the current line counts. */
  get live(): boolean {
    return this.#open.at(-1)?.taken ?? true
  }

  /** Takes a line whose first word begins with a dot. */
  take(words: readonly string[], place: Place): void {
    const [directive = '', ...rest] = words
    if (directive === '.if') this.#if(rest, place)
    else if (directive === '.elif' || directive === '.else') this.#branch(directive, rest, place)
    else if (directive === '.endif') {
      if (this.#open.pop() === undefined) this.#lone(directive, place)
    } else if (this.live) this.#message(directive, rest, place)
  }

  /** The file has ended. */
  end(): void {
    for (const block of this.#open)
      this.#diagnostics.alert(block, "non-terminated '.if' block.", "close it with '.endif'")
  }

  #lone(directive: string, place: Place): void {
    this.#diagnostics.alert(place, `lone '${directive}' with no matching '.if'.`)
  }

  #if(words: readonly string[], { file, line }: Place): void {
    const reachable = this.live
    const taken = reachable && this.#holds('.if', words, { file, line })
    this.#open.push({ file, line, taken, done: taken || !reachable, otherwise: false })
  }

  #branch(directive: string, words: readonly string[], place: Place): void {
    const block = this.#open.at(-1)
    if (block === undefined) this.#lone(directive, place)
    else if (block.otherwise) this.#diagnostics.alert(place, `'${directive}' after '.else' is not permitted.`)
    else {
      block.otherwise = directive === '.else'
      block.taken = !block.done && (block.otherwise || this.#holds(directive, words, place))
      block.done ||= block.taken
    }
  }

  #holds(directive: string, words: readonly string[], place: Place): boolean {
    const text = words.join(' ')
    try {
      return evaluate(text, this.#context)
    } catch (error) {
      if (!(error instanceof ConditionError)) throw error
      const shown = picture(`${directive} ${text}`, error.position + directive.length + 1)
      const message = `${error.message} in '${directive}' at position ${error.position + 1}:\n${shown}`
      this.#diagnostics.alert(place, message)
      return false
    }
  }

  #message(directive: string, [text = '', extra]: readonly string[], place: Place): void {
    const severity = severities[directive]
    if (severity === undefined) {
      this.#diagnostics.alert(place, `unknown directive '${directive}'.`, didYouMean(directive, directives))
    } else if (extra !== undefined) {
      const message = `Unexpected argument '${extra}' for '${directive}'. Use quotes if the message should contain spaces.`
      this.#diagnostics.alert(place, message)
    } else this.#diagnostics.add(severity, place, `'${text}'.`)
  }
}
