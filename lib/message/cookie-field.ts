/** A `Cookie` field and the ways to change single cookies in it: cut, judged and put together again as HAProxy does, in one pass whatever stands in it. */

/** What becomes of a cookie: `undefined` keeps it, `null` takes it out, a text is its new value. */
export type CookieFate = undefined | null | string

/**
 * Shows each cookie of a name to `judge` and does what that says. Blanks around the first `=` of a cookie go, as HAProxy takes them out of all that it
 * looks through; what else stands in the field stays as it is.
 * @returns the field's new value, `null` when nothing is left that is a cookie; the very same text when nothing has changed
 */
export function editCookies(line: string, name: string, judge: (value: string) => CookieFate): string | null {
  if (!mayHold(line, name)) return line
  return new Edit(line, name, judge).run()
}

/** Whether there is anything to do about a field of cookies: one may be of that name, or have blanks that go. */
export const mayHold = (line: string, name: string): boolean => line.includes(name) || BLANK_EQUALS.test(line)

const BLANK_EQUALS = /[ \t]=|=[ \t]/
const SEMICOLON = 0x3b
const COMMA = 0x2c
const EQUALS = 0x3d
const QUOTE = 0x22
const BACKSLASH = 0x5c
const DOLLAR = 0x24

class Edit {
  readonly #line: string
  readonly #name: string
  readonly #judge: (value: string) => CookieFate
  /** What has been kept so far, without empty texts. */
  readonly #out: string[] = []
  /** Something is left that is a cookie, and no attribute of one. */
  #cookies = false
  #cut = false
  /** The one before was taken out, and its attributes go with it. */
  #cutting = false

  constructor(line: string, name: string, judge: (value: string) => CookieFate) {
    this.#line = line
    this.#name = name
    this.#judge = judge
  }

  run(): string | null {
    const line = this.#line
    // What stood before the first piece: nothing.
    let delimiter = ''
    for (let at = 0; at <= line.length; ) {
      const start = skipBlanks(line, at)
      const equals = nameEnd(line, start, true)
      const named = line.charCodeAt(equals) === EQUALS
      const end = named ? valueEnd(line, skipBlanks(line, equals + 1)) : equals
      this.#piece(delimiter, at, start, named ? equals : -1, end)
      delimiter = line.charAt(end)
      at = end + 1
    }
    if (this.#cut && (!this.#cookies || this.#out.length === 0)) return null
    return this.#out.join('')
  }

  /** One piece between delimiters. @param from behind the delimiter; @param start behind the blanks; @param equals -1 when it has none */
  #piece(delimiter: string, from: number, start: number, equals: number, end: number): void {
    const line = this.#line
    const attribute = line.charCodeAt(start) === DOLLAR
    if (attribute && this.#cutting) return
    if (attribute || equals === -1) {
      this.#keep(delimiter, line.slice(from, start), line.slice(start, end), attribute)
      return
    }
    const name = trimEnd(line.slice(start, equals))
    const value = line.slice(skipBlanks(line, equals + 1), end)
    const fate = name === this.#name ? this.#judge(trimEnd(value)) : undefined
    if (fate === null) {
      this.#cut = true
      this.#cutting = true
    } else {
      const after = fate === undefined ? value : fate + value.slice(trimEnd(value).length)
      this.#keep(delimiter, line.slice(from, start), `${name}=${after}`, false)
    }
  }

  #keep(delimiter: string, blanks: string, text: string, attribute: boolean): void {
    if (!attribute) this.#cookies = true
    // Behind what was taken out: at the front nothing divides, elsewhere what stood behind it and one blank.
    if (!this.#cutting) this.#put(delimiter + blanks + text)
    else if (this.#out.length === 0) this.#put(text)
    else {
      this.#trim()
      this.#put(`${delimiter} ${text}`)
    }
    this.#cutting = false
  }

  #put(text: string): void {
    if (text !== '') this.#out.push(text)
  }

  #trim(): void {
    for (let last = this.#out.pop(); last !== undefined; last = this.#out.pop()) {
      const left = trimEnd(last)
      if (left === '') continue
      this.#out.push(left)
      return
    }
  }
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09

function skipBlanks(line: string, from: number): number {
  let at = from
  while (isBlank(line.charCodeAt(at))) at++
  return at
}

function trimEnd(text: string): string {
  let end = text.length
  while (end > 0 && isBlank(text.charCodeAt(end - 1))) end--
  return end === text.length ? text : text.slice(0, end)
}

/** Where a name ends: at `=`, at a delimiter, or with the field. Quotes mean nothing there. */
function nameEnd(line: string, from: number, commas: boolean): number {
  for (let at = from; at < line.length; at++) {
    const code = line.charCodeAt(at)
    if (code === EQUALS || code === SEMICOLON || (commas && code === COMMA)) return at
  }
  return line.length
}

/** Where a value ends: at a delimiter outside quotes. */
function valueEnd(line: string, from: number): number {
  let quoted = false
  for (let at = from; at < line.length; at++) {
    const code = line.charCodeAt(at)
    if (code === QUOTE) quoted = !quoted
    else if (!quoted) {
      if (code === SEMICOLON || code === COMMA) return at
    } else if (code === BACKSLASH) at++
  }
  return line.length
}

/** The first cookie of a `Set-Cookie` field, the only one that HAProxy looks at. */
export interface SetCookie {
  readonly name: string
  readonly value: string
  /** What stands behind it, blanks and delimiter included. */
  readonly rest: string
}

/** Reads a `Set-Cookie` field, of which name, `=`, value and rest make one without blanks around the equals sign; nothing, when it does not begin with a cookie. */
export function readSetCookie(line: string): SetCookie | undefined {
  const start = skipBlanks(line, 0)
  const equals = nameEnd(line, start, false)
  if (line.charCodeAt(equals) !== EQUALS) return undefined
  const from = skipBlanks(line, equals + 1)
  const whole = line.slice(from, valueEnd(line, from))
  const value = trimEnd(whole)
  return { name: trimEnd(line.slice(start, equals)), value, rest: line.slice(from + value.length) }
}
