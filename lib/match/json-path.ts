/** HAProxy's subset of JSON paths: `$`, `.key` (a backslash before a dot that belongs to the key) and `[index]`; and how a text is searched by one. */

/** A path that has been read: keys and indices. */
export type JsonPath = readonly (string | number)[]

/** As deep as HAProxy looks. */
const DEPTH = 20

/** Reads a path; nothing when it can never be found. */
export function parseJsonPath(text: string): JsonPath | undefined {
  if (!text.startsWith('$')) return undefined
  const steps: (string | number)[] = []
  const step = /\.((?:\\.|[^.[\\])*)|\[(-?\d*)[^\]]*(?:\]|$)/gy
  step.lastIndex = 1
  while (step.lastIndex < text.length) {
    const found = step.exec(text)
    if (found === null) return undefined
    if (found[2]?.startsWith('-') === true) return undefined
    steps.push(found[1] === undefined ? Number(found[2]) : found[1].replace(/\\(.)/g, '$1'))
  }
  return steps
}

/**
 * The text of the value that a path leads to, of the first of equal keys; nothing when it is not there, or what stands before
 * it is no JSON. What stands behind it is not looked at.
 */
export function findJson(text: string, path: JsonPath): string | undefined {
  const reader = new JsonReader(text)
  reader.skipBlanks()
  for (const step of path)
    if (!(typeof step === 'string' ? reader.enter(step) : reader.enterItem(step))) return undefined
  const start = reader.at
  return reader.skipValue() ? text.slice(start, reader.at) : undefined
}

/** A text of JSON in quotes without them and its escapes; nothing when it has one that HAProxy cannot undo (`\/`, and `\u` of more than a byte). */
export function unescapeJson(text: string): string | undefined {
  if (/\\(?!["\\bfnrt]|u00[0-9A-Fa-f]{2})/.test(text.replaceAll('\\\\', ''))) return undefined
  return text
    .slice(1, -1)
    .replace(/\\(?:u00([0-9A-Fa-f]{2})|(.))/g, (_, digits: string | undefined, letter: string) =>
      digits === undefined ? (ESCAPES.get(letter) ?? letter) : String.fromCharCode(Number.parseInt(digits, 16)),
    )
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])

/** Goes through a text of JSON once, and never back. */
class JsonReader {
  at = 0
  readonly #text: string
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  skipBlanks(): void {
    while (' \t\r\n'.includes(this.#text[this.at] ?? '-')) this.at++
  }

  /** Goes to the value of a key of the object that begins here. */
  enter(key: string): boolean {
    if (!this.#open('{')) return false
    while (this.#text[this.at] === '"') {
      const start = this.at
      if (!this.#skipString()) return false
      const found = this.#text.slice(start + 1, this.at - 1) === key
      if (!this.#take(':')) return false
      if (found) return true
      if (!this.skipValue() || !this.#take(',')) return false
    }
    return false
  }

  /** Goes to an item of the array that begins here, counted from 0. */
  enterItem(index: number): boolean {
    if (!this.#open('[')) return false
    for (let left = index; left > 0; left--) if (!this.skipValue() || !this.#take(',')) return false
    return this.#text[this.at] !== ']'
  }

  /** Goes behind the value that begins here; `false` when it is none. */
  skipValue(): boolean {
    const closers: string[] = []
    for (;;) {
      const letter = this.#text[this.at]
      if (letter === '{' || letter === '[') {
        closers.push(letter === '{' ? '}' : ']')
        if (closers.length + this.#depth > DEPTH) return false
        this.at++
        this.skipBlanks()
        if (this.#text[this.at] !== closers.at(-1)) {
          if (!this.#key(closers)) return false
          continue
        }
      } else if (!this.#skipScalar()) return false
      const ended = this.#leave(closers)
      if (ended !== undefined) return ended
    }
  }

  /** Behind a value, goes to the next one. Whether all brackets have closed properly; nothing when a value follows. */
  #leave(closers: string[]): boolean | undefined {
    while (closers.length > 0) {
      const more = this.#take(',')
      this.skipBlanks()
      if (this.#text[this.at] === closers.at(-1)) {
        this.at++
        closers.pop()
      } else return more && this.#key(closers) ? undefined : false
    }
    return true
  }

  /** Within an object, goes behind the key. */
  #key(closers: readonly string[]): boolean {
    if (closers.at(-1) === ']') return true
    return this.#text[this.at] === '"' && this.#skipString() && this.#take(':')
  }

  #open(bracket: string): boolean {
    if (this.#text[this.at] !== bracket || ++this.#depth > DEPTH) return false
    this.at++
    this.skipBlanks()
    return true
  }

  #take(sign: string): boolean {
    this.skipBlanks()
    if (this.#text[this.at] !== sign) return false
    this.at++
    this.skipBlanks()
    return true
  }

  #skipScalar(): boolean {
    if (this.#text[this.at] === '"') return this.#skipString()
    const scalar = /true|false|null|-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?/y
    scalar.lastIndex = this.at
    if (!scalar.test(this.#text)) return false
    this.at = scalar.lastIndex
    return true
  }

  #skipString(): boolean {
    for (let at = this.at + 1; at < this.#text.length; at++) {
      const letter = this.#text[at]
      if (letter === '\\') at++
      else if (letter === '"') {
        this.at = at + 1
        return true
      }
    }
    return false
  }
}
