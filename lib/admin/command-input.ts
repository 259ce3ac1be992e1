/** What comes in at a socket of the runtime API, taken apart: commands, their words, and the payload behind `<<`. It reads no socket. */

/** One command as it was written. */
export interface Given {
  readonly words: readonly string[]
  readonly payload: string | undefined
}

/** How much may come before it is a command. */
export interface InputLimits {
  /** Characters of a line. HAProxy's `tune.bufsize`. */
  readonly line: number
  /** Characters of a payload. HAProxy's `tune.cli.max-payload-size`. */
  readonly payload: number
}

/** Somebody sends more than a command can have. */
export class TooLong extends Error {
  override readonly name = 'TooLong'
}

/** `<<`, perhaps with the line that is to end the payload in place of an empty one. */
const PAYLOAD = /(?:^|[ \t])<<(\S{0,64})[ \t]*$/

interface Heredoc {
  readonly words: readonly string[]
  readonly end: string
  readonly lines: string[]
  size: number
}

export class CommandInput {
  readonly #limits: InputLimits
  #text = ''
  /** Up to here there is no end of a command. */
  #scanned = 0
  #heredoc: Heredoc | undefined = undefined

  constructor(limits: InputLimits) {
    this.#limits = limits
  }

  /** Nothing is left that has come. */
  get empty(): boolean {
    return this.#text === '' && this.#heredoc === undefined
  }

  /** Forgets what has come and is not read yet. */
  clear(): void {
    this.#text = ''
    this.#scanned = 0
    this.#heredoc = undefined
  }

  push(text: string): void {
    this.#text = this.#scanned === 0 ? text : this.#text + text
  }

  /**
   * The next command that is complete; `more` for one more line of a payload that goes on, `undefined` when the rest is still to come.
   * @throws {TooLong}
   */
  next(): Given | 'more' | undefined {
    if (this.#heredoc !== undefined) return this.#payload(this.#heredoc)
    const end = this.#end(true)
    if (end === undefined) return undefined
    const newline = this.#text[end] === '\n'
    const line = this.#cut(end)
    const marked = newline ? PAYLOAD.exec(line) : null
    if (marked === null) return { words: split(line), payload: undefined }
    this.#heredoc = { words: split(line.slice(0, marked.index)), end: marked[1] ?? '', lines: [], size: 0 }
    return 'more'
  }

  #payload(heredoc: Heredoc): Given | 'more' | undefined {
    const end = this.#end(false)
    if (end === undefined) return undefined
    const line = this.#cut(end)
    if (line === heredoc.end) {
      this.#heredoc = undefined
      return { words: heredoc.words, payload: heredoc.lines.map((each) => `${each}\n`).join('') }
    }
    heredoc.size += line.length + 1
    if (heredoc.size > this.#limits.payload) throw new TooLong('payload')
    heredoc.lines.push(line)
    return 'more'
  }

  /** Where the next command or line ends: at a line end, or at a `;` that no backslash stands before. */
  #end(semicolons: boolean): number | undefined {
    const text = this.#text
    let at = this.#scanned
    for (; at < text.length; at++) {
      const letter = text[at]
      if (letter === '\n' || (semicolons && letter === ';')) break
      if (semicolons && letter === '\\' && text[at + 1] !== '\n') at++
    }
    if (Math.min(at, text.length) > this.#limits.line) throw new TooLong('line')
    if (at < text.length) return at
    // A backslash at the end may be for what comes next.
    this.#scanned = at > text.length ? text.length - 1 : at
    return undefined
  }

  #cut(end: number): string {
    const line = this.#text.slice(0, end)
    this.#text = this.#text.slice(end + 1)
    this.#scanned = 0
    return line.endsWith('\r') ? line.slice(0, -1) : line
  }
}

/** Words stand between blanks; a backslash takes away what its letter means. */
function split(line: string): string[] {
  const words: string[] = []
  let word: string | undefined
  for (let at = 0; at < line.length; at++) {
    const letter = line[at] as string
    if (letter === '\0') break
    if (letter === ' ' || letter === '\t') {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (letter === '\\' && at + 1 < line.length) word = (word ?? '') + (line[++at] as string)
    else word = (word ?? '') + letter
  }
  if (word !== undefined) words.push(word)
  return words
}
