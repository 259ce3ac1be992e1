/** A message's header fields as they came: order, case and repeats are kept. What single fields mean lives elsewhere. */

/** Whether two field names are the same without regard to ASCII case; allocates nothing. */
export function sameName(a: string, b: string): boolean {
  const length = a.length
  if (length !== b.length) return false
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    const lower = x | 0x20
    if (lower !== (y | 0x20) || lower < 0x61 || lower > 0x7a) return false
  }
  return true
}

/** Whether `text` is a token (RFC 9110 §5.6.2): what field names, methods and connection options are made of. */
export function isToken(text: string): boolean {
  const length = text.length
  if (length === 0) return false
  for (let i = 0; i < length; i++) if (!isTokenCode(text.charCodeAt(i))) return false
  return true
}

/** Whether a character code may stand in a token (RFC 9110 §5.6.2). */
export function isTokenCode(code: number): boolean {
  return code < 128 && TOKEN[code] === 1
}

/** Whether `text` may be a field's value: no control characters but tab, nothing beyond latin1 (RFC 9110 §5.5). */
export function isFieldValue(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if ((code < 0x20 && code !== 0x09) || code === 0x7f || code > 0xff) return false
  }
  return true
}

const TOKEN: Uint8Array = tokenTable()

function tokenTable(): Uint8Array {
  const table = new Uint8Array(128)
  for (const char of "!#$%&'*+-.^_`|~") table[char.charCodeAt(0)] = 1
  for (let code = 0x30; code <= 0x39; code++) table[code] = 1
  for (let code = 0x41; code <= 0x5a; code++) table[code] = table[code + 0x20] = 1
  return table
}

/** A field's name or value that must not be sent: it would change the message's structure. */
export class FieldError extends TypeError {
  override readonly name = 'FieldError'
  readonly code = 'ERR_INVALID_FIELD'
}

/** What {@link Headers.from} makes headers of. */
export type HeadersInit =
  | Headers
  | Iterable<readonly [string, string]>
  | Readonly<Record<string, string | readonly string[]>>

/**
 * The header fields of one message. Names are looked up without regard to case and kept as they were written; strings
 * are latin1, one character a byte. `raw` is the storage itself, for writers and for the codec.
 */
export class Headers {
  /** Name, value, name, value … in the order of the message. Whoever writes here answers for names and values. */
  readonly raw: string[]

  /** Takes `raw` as it is, unchecked; {@link Headers.from} checks. */
  constructor(raw: string[] = []) {
    this.raw = raw
  }

  /** Headers from pairs or from an object; throws {@link FieldError} on what cannot be sent. */
  static from(init: HeadersInit): Headers {
    if (init instanceof Headers) return init.clone()
    const headers = new Headers()
    if (isPairs(init)) {
      for (const [name, value] of init) headers.append(name, value)
      return headers
    }
    for (const name of Object.keys(init)) {
      const value = init[name]
      if (value === undefined) continue
      if (typeof value === 'string') headers.append(name, value)
      else for (const each of value) headers.append(name, each)
    }
    return headers
  }

  /** How many field lines there are. */
  get count(): number {
    return this.raw.length >>> 1
  }

  /** All values of a field joined by `, `, as Fetch has it; absent gives undefined. For `Set-Cookie` use {@link getAll}. */
  get(name: string): string | undefined {
    const raw = this.raw
    let joined: string | undefined
    for (let i = 0; i < raw.length; i += 2) {
      if (sameName(raw[i]!, name)) joined = joined === undefined ? raw[i + 1]! : `${joined}, ${raw[i + 1]!}`
    }
    return joined
  }

  /** The value of the first line of a field. */
  first(name: string): string | undefined {
    const raw = this.raw
    for (let i = 0; i < raw.length; i += 2) if (sameName(raw[i]!, name)) return raw[i + 1]
    return undefined
  }

  /** The value of the last line of a field. */
  last(name: string): string | undefined {
    const raw = this.raw
    for (let i = raw.length - 2; i >= 0; i -= 2) if (sameName(raw[i]!, name)) return raw[i + 1]
    return undefined
  }

  /** The values of a field, one for each line (HAProxy's `req.fhdr`). */
  getAll(name: string): string[] {
    const raw = this.raw
    const all: string[] = []
    for (let i = 0; i < raw.length; i += 2) if (sameName(raw[i]!, name)) all.push(raw[i + 1]!)
    return all
  }

  /** The values of a field, split at the commas outside quotes, trimmed (HAProxy's `req.hdr`). */
  values(name: string): string[] {
    const raw = this.raw
    const all: string[] = []
    for (let i = 0; i < raw.length; i += 2) if (sameName(raw[i]!, name)) splitList(raw[i + 1]!, all)
    return all
  }

  has(name: string): boolean {
    const raw = this.raw
    for (let i = 0; i < raw.length; i += 2) if (sameName(raw[i]!, name)) return true
    return false
  }

  /** How many lines a field has. */
  lines(name: string): number {
    const raw = this.raw
    let lines = 0
    for (let i = 0; i < raw.length; i += 2) if (sameName(raw[i]!, name)) lines++
    return lines
  }

  /** Replaces the value of the line at an index of {@link raw}. Throws {@link FieldError} on what cannot be sent. */
  replaceAt(index: number, value: string): void {
    checkField(this.raw[index]!, value)
    this.raw[index + 1] = value
  }

  /** Removes all lines of a field and appends one. Throws {@link FieldError} on what cannot be sent. */
  set(name: string, value: string): void {
    checkField(name, value)
    this.delete(name)
    this.raw.push(name, value)
  }

  /** Adds a line after all others. Throws {@link FieldError} on what cannot be sent. */
  append(name: string, value: string): void {
    checkField(name, value)
    this.raw.push(name, value)
  }

  /** Removes all lines of a field; answers how many there were. */
  delete(name: string): number {
    const raw = this.raw
    let to = 0
    for (let from = 0; from < raw.length; from += 2) {
      if (sameName(raw[from]!, name)) continue
      if (to !== from) {
        raw[to] = raw[from]!
        raw[to + 1] = raw[from + 1]!
      }
      to += 2
    }
    const removed = (raw.length - to) >>> 1
    if (removed > 0) raw.length = to
    return removed
  }

  /** Removes all lines of the fields whose names are found when they are shown in lower case; answers how many there were. */
  deleteWhere(gone: (name: string) => boolean): number {
    const names = new Set<string>()
    for (let i = 0; i < this.raw.length; i += 2) names.add(this.raw[i]!.toLowerCase())
    let removed = 0
    for (const name of names) if (gone(name)) removed += this.delete(name)
    return removed
  }

  clone(): Headers {
    return new Headers(this.raw.slice())
  }

  *[Symbol.iterator](): Generator<[name: string, value: string]> {
    const raw = this.raw
    for (let i = 0; i < raw.length; i += 2) yield [raw[i]!, raw[i + 1]!]
  }
}

function isPairs(init: HeadersInit): init is Iterable<readonly [string, string]> {
  return Symbol.iterator in init && typeof init[Symbol.iterator] === 'function'
}

function checkField(name: string, value: string): void {
  if (!isToken(name)) throw new FieldError(`header name ${JSON.stringify(name)} is not a token (RFC 9110 section 5.1)`)
  if (!isFieldValue(value)) {
    throw new FieldError(`value of header ${name} has a character that no field may have: ${JSON.stringify(value)}`)
  }
}

/** Appends the members of a comma-separated list to `into`, and answers it; commas in quotes do not count, a backslash in quotes escapes. */
export function splitList(value: string, into: string[] = []): string[] {
  if (!value.includes(',')) {
    into.push(trimBlanks(value, 0, value.length))
    return into
  }
  let start = 0
  let quoted = false
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    if (code === 0x22) quoted = !quoted
    else if (code === 0x5c && quoted) i++
    else if (code === 0x2c && !quoted) {
      into.push(trimBlanks(value, start, i))
      start = i + 1
    }
  }
  into.push(trimBlanks(value, start, value.length))
  return into
}

/** A text without blanks and tabs around it. */
export const trimField = (value: string): string => trimBlanks(value, 0, value.length)

/** `value` from `start` to `end` without blanks around it. Only blanks and tabs: `trim()` would also take what a strict peer keeps. */
function trimBlanks(value: string, start: number, end: number): string {
  let from = start
  let to = end
  while (from < to && isBlank(value.charCodeAt(from))) from++
  while (to > from && isBlank(value.charCodeAt(to - 1))) to--
  return value.slice(from, to)
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}
