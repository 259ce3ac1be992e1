/**
 * A line of a configuration → its words: quotes, escapes, comments and environment variables (manual, chapters 2.2 and 2.3, and
 * HAProxy's own behaviour where it differs from them). What the words mean is not here.
 */

/** What is wrong with a line. */
export interface LexicalFault {
  readonly message: string
  /** Where in the line, from 0 on. */
  readonly position: number
}

/** The words of a line, or what keeps it from being read. */
export type Lexed = { readonly words: readonly string[] } | { readonly fault: LexicalFault }

/** Gives the value of an environment variable, or of a pseudo-variable (whose name begins with a dot). */
export type Lookup = (name: string) => string | undefined

const pseudoVariables = ['.FILE', '.LINE', '.SECTION']
const control: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }
const blank = (char: string): boolean => char === ' ' || char === '\t' || char === '\v' || char === '\f'

class Fault extends Error {
  readonly position: number

  constructor(message: string, position: number) {
    super(message)
    this.position = position
  }
}

class Line {
  readonly text: string
  readonly lookup: Lookup
  readonly words: string[] = []
  /** The word that is being read; a pair of quotes makes an empty one. */
  word: string | undefined = undefined
  at = 0
  /** Where the open quotes began; -1 outside. */
  weak = -1
  strong = -1

  constructor(text: string, lookup: Lookup) {
    this.text = text
    this.lookup = lookup
  }

  add(text: string): void {
    this.word = (this.word ?? '') + text
  }

  flush(): void {
    if (this.word !== undefined) this.words.push(this.word)
    this.word = undefined
  }

  read(): readonly string[] {
    const { text } = this
    while (this.at < text.length) {
      const char = text[this.at] as string
      if (char === '\r' || char === '\n' || char === '\0') break
      if (this.strong >= 0) this.#inStrongQuotes(char)
      else if (char === '\\') this.#escape()
      else if (char === '"') this.#weakQuote()
      else if (this.weak >= 0) this.#inWeakQuotes(char)
      else if (char === "'") this.#openStrongQuotes()
      else if (char === '#') break
      else this.#plain(char)
    }
    if (this.weak >= 0) throw new Fault('unmatched quote', this.weak)
    if (this.strong >= 0) throw new Fault('unmatched quote', this.strong)
    this.flush()
    return this.words
  }

  #plain(char: string): void {
    if (blank(char)) this.flush()
    else this.add(char)
    this.at++
  }

  #openStrongQuotes(): void {
    this.strong = this.at++
    this.add('')
  }

  #inStrongQuotes(char: string): void {
    if (char === "'") this.strong = -1
    else this.add(char)
    this.at++
  }

  #weakQuote(): void {
    this.weak = this.weak >= 0 ? -1 : this.at
    this.add('')
    this.at++
  }

  #inWeakQuotes(char: string): void {
    if (char === '$') this.#variable()
    else {
      this.add(char)
      this.at++
    }
  }

  #escape(): void {
    const start = this.at
    const char = this.text[start + 1] ?? ''
    this.at += 2
    if (char === 'x') {
      const digits = this.text.slice(start + 2, start + 4)
      if (!/^[0-9a-f]{2}$/i.test(digits)) throw new Fault('truncated or invalid hexadecimal sequence', start)
      this.add(String.fromCharCode(Number.parseInt(digits, 16)))
      this.at += 2
    } else if (control[char] !== undefined) this.add(control[char])
    else if (char !== '' && ' \\#\'"'.includes(char)) this.add(char)
    else if (char === '$' && this.weak >= 0) this.add('$')
    else {
      // Any other backslash stands for itself, so that regular expressions need not double it.
      this.add('\\')
      this.at = start + 1
    }
  }

  #variable(): void {
    const brace = this.text[this.at + 1] === '{'
    const start = this.at + (brace ? 2 : 1)
    const name = /^\.?[A-Za-z_][A-Za-z0-9_]*/.exec(this.text.slice(start))?.[0]
    if (name === undefined || (name.startsWith('.') && !pseudoVariables.includes(name))) {
      throw new Fault('forbidden first char in environment variable name', start)
    }
    let end = start + name.length
    let value = this.lookup(name)
    let several = false
    if (brace) {
      if (this.text[end] === '[') {
        if (!this.text.startsWith('[*]', end)) throw new Fault('truncated or invalid word expansion sequence', end)
        several = true
        end += 3
      }
      const close = this.text[end] === '-' ? this.text.indexOf('}', end) : end
      if (this.text[close] !== '}') throw new Fault('unmatched brace in environment variable name', start - 1)
      if (close > end) value ??= this.text.slice(end + 1, close)
      end = close + 1
    }
    this.at = end
    if (several) this.#expand(value ?? '')
    else this.add(value ?? '')
  }

  /** Blanks of the value end the word, as if they stood in the file unquoted. */
  #expand(value: string): void {
    const [first, ...rest] = value.split(/ +/)
    this.add(first ?? '')
    for (const part of rest) {
      this.flush()
      this.add(part)
    }
  }
}

/** Cuts a line into words. `text` holds one character a byte; a comment or nothing gives no words. */
export function lex(text: string, lookup: Lookup): Lexed {
  try {
    return { words: new Line(text, lookup).read() }
  } catch (error) {
    if (error instanceof Fault) return { fault: { message: error.message, position: error.position } }
    throw error
  }
}

/** HAProxy's picture of a fault: the line, and a mark below the place. */
export function picture(text: string, position: number): string {
  const shown = text.trim()
  const indent = text.length - text.trimStart().length
  return `  ${shown}\n${' '.repeat(Math.max(position - indent, 0) + 2)}^`
}

/**
 * Cuts what stands between the parentheses of a keyword into arguments, at commas. Quotes and escapes count here a second time, without
 * `\#`, `\$`, `\xNN` and variables; a comma or parenthesis can be quoted, but not escaped. `start` is the place behind the opening
 * parenthesis; `end` is that of the closing one, or -1.
 */
export function lexArguments(text: string, start: number): { readonly args: readonly string[]; readonly end: number } {
  const args: string[] = []
  let current = ''
  let quote = ''
  for (let at = start; at < text.length; at++) {
    const char = text[at] as string
    if (quote !== "'" && char === '\\' && at + 1 < text.length) {
      const next = text[++at] as string
      if (control[next] !== undefined) current += control[next]
      else if (' \\\'"'.includes(next)) current += next
      else {
        current += '\\'
        at--
      }
    } else if (quote !== '') {
      if (char === quote) quote = ''
      else current += char
    } else if (char === '"' || char === "'") quote = char
    else if (char === ',') {
      args.push(current)
      current = ''
    } else if (char === ')') return { args: [...args, current], end: at }
    else current += char
  }
  return { args: [...args, current], end: -1 }
}
