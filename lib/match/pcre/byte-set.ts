/** Sets of bytes, as character classes are: what PCRE and JavaScript mean by `\s` or `[[:punct:]]` differs, a set of bytes does not. */

/** Any of the 256 bytes. */
export class ByteSet {
  readonly #members = new Uint8Array(256)

  /** The bytes of ranges, each of two characters as in `azAZ__`. */
  static of(ranges: string): ByteSet {
    const set = new ByteSet()
    for (let i = 0; i < ranges.length; i += 2) set.addRange(ranges.charCodeAt(i), ranges.charCodeAt(i + 1))
    return set
  }

  has(byte: number): boolean {
    return this.#members[byte] === 1
  }

  add(byte: number): this {
    this.#members[byte] = 1
    return this
  }

  addRange(first: number, last: number): this {
    this.#members.fill(1, first, last + 1)
    return this
  }

  addAll(other: ByteSet): this {
    for (let byte = 0; byte < 256; byte++) if (other.has(byte)) this.#members[byte] = 1
    return this
  }

  negated(): ByteSet {
    const set = new ByteSet()
    for (let byte = 0; byte < 256; byte++) if (!this.has(byte)) set.add(byte)
    return set
  }

  /** With the other case of each letter of ASCII. */
  caseless(): ByteSet {
    const set = new ByteSet().addAll(this)
    for (let upper = 65; upper <= 90; upper++) {
      if (this.has(upper)) set.add(upper + 32)
      if (this.has(upper + 32)) set.add(upper)
    }
    return set
  }

  /** As a character or class of a JavaScript expression. */
  get source(): string {
    const size = this.#members.reduce((sum, member) => sum + member, 0)
    if (size === 0) return '[]'
    if (size === 256) return '[^]'
    if (size === 1) return literal(this.#members.indexOf(1))
    // Negated where that is shorter; a character beyond latin1 is then in it, as it is in `[^a]`.
    return size > 128 ? `[^${this.negated().#ranges}]` : `[${this.#ranges}]`
  }

  get #ranges(): string {
    let text = ''
    for (let first = 0; first < 256; first++) {
      if (!this.has(first)) continue
      let last = first
      while (this.has(last + 1)) last++
      text += member(first)
      if (last > first) text += `${last > first + 1 ? '-' : ''}${member(last)}`
      first = last
    }
    return text
  }
}

/** A byte as JavaScript writes it in an expression. */
export function literal(byte: number): string {
  const character = String.fromCharCode(byte)
  if (/[\w !"#%&',:;<=>@`~-]/.test(character)) return character
  return byte > 32 && byte < 127 ? `\\${character}` : escaped(byte)
}

function member(byte: number): string {
  const character = String.fromCharCode(byte)
  if (/[\w !"#%&'(),.:;<=>@`~$*+/?{|}]/.test(character)) return character
  return byte > 32 && byte < 127 ? `\\${character}` : escaped(byte)
}

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [9, '\\t'],
  [10, '\\n'],
  [13, '\\r'],
])

function escaped(byte: number): string {
  const known = ESCAPES.get(byte)
  if (known !== undefined) return known
  return `\\x${byte.toString(16).padStart(2, '0')}`
}

const digits = ByteSet.of('09')
const letters = ByteSet.of('AZaz')
const words = ByteSet.of('09AZ__az')
const spaces = ByteSet.of('\t\r  ')

/** Every byte but the line feed: what `.` and `\N` are. */
export const anyButLineFeed: ByteSet = ByteSet.of('\n\n').negated()
/** All of them. */
export const anyByte: ByteSet = ByteSet.of('\x00\xff')

/** The classes that a letter behind a backslash stands for. */
export const shorthands: ReadonlyMap<string, ByteSet> = new Map(
  (
    [
      ['d', digits],
      ['w', words],
      ['s', spaces],
      ['h', ByteSet.of('\t\t  \xa0\xa0')],
      ['v', ByteSet.of('\n\r\x85\x85')],
    ] as const
  ).flatMap(([letter, set]) => [
    [letter, set],
    [letter.toUpperCase(), set.negated()],
  ]),
)

/** The POSIX classes, as in the C locale. */
export const posixClasses: ReadonlyMap<string, ByteSet> = new Map([
  ['alpha', letters],
  ['digit', digits],
  ['alnum', ByteSet.of('09AZaz')],
  ['upper', ByteSet.of('AZ')],
  ['lower', ByteSet.of('az')],
  ['space', spaces],
  ['blank', ByteSet.of('\t\t  ')],
  ['punct', ByteSet.of('!/:@[`{~')],
  ['xdigit', ByteSet.of('09AFaf')],
  ['cntrl', ByteSet.of('\x00\x1f\x7f\x7f')],
  ['print', ByteSet.of(' ~')],
  ['graph', ByteSet.of('!~')],
  ['ascii', ByteSet.of('\x00\x7f')],
  ['word', words],
])

/** The bytes of a Unicode property, as `L`, `Lu` or `Greek`; nothing when there is no such property. */
export function property(name: string): ByteSet | undefined {
  if (name.startsWith('^')) return property(name.slice(1))?.negated()
  if (name === 'Any') return anyByte
  if (name === 'L&') return property('LC')
  if (name === 'Xan') return property('L')?.addAll(property('N') ?? new ByteSet())
  if (name === 'Xwd') return property('Xan')?.add(95)
  if (name === 'Xsp' || name === 'Xps') return property('Z')?.addAll(ByteSet.of('\t\r\x85\x85'))
  const known = unicode(name) ?? unicode(`Script=${name}`)
  if (known === undefined) return undefined
  const set = new ByteSet()
  for (let byte = 0; byte < 256; byte++) if (known.test(String.fromCharCode(byte))) set.add(byte)
  return set
}

function unicode(name: string): RegExp | undefined {
  if (!/^[\w=]+$/.test(name)) return undefined
  try {
    return new RegExp(`^\\p{${name}}$`, 'u')
  } catch {
    return undefined
  }
}
