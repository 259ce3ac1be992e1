/** What a backslash and the characters behind it stand for, where a byte or a set of bytes may stand. */
import { type ByteSet, property, shorthands } from './byte-set.js'
import type { Cursor } from './cursor.js'

const CONTROLS: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['e', 27],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
])

/**
 * Reads what stands behind a backslash when it is a byte or a set of them; nothing, and the cursor where it was, when it is something else.
 * Digits are octal here: whoever knows of groups looks at them first.
 */
export function readEscape(cursor: Cursor): ByteSet | number | undefined {
  const start = cursor.at
  if (cursor.ended) cursor.fault('\\ at end of pattern')
  const letter = cursor.next()
  const control = CONTROLS.get(letter)
  if (control !== undefined) return control
  const set = shorthands.get(letter)
  if (set !== undefined) return set
  if (letter === 'p' || letter === 'P') return readProperty(cursor, letter === 'P')
  if (letter === 'x') return readHexadecimal(cursor)
  if (letter === 'c') return readControl(cursor)
  if (letter === 'o') return readBraced(cursor, /\{([0-7]+)\}/y, 8)
  if (/[0-7]/.test(letter)) {
    cursor.at = start
    return Number.parseInt(cursor.match(/[0-7]{1,3}/y)?.[0] ?? '0', 8) & 0xff
  }
  if (/[FLlUu]/.test(letter)) cursor.fault('PCRE2 does not support \\F, \\L, \\l, \\U, or \\u', start)
  if (!/[0-9A-Za-z]/.test(letter)) return letter.charCodeAt(0)
  cursor.at = start
  return undefined
}

function readHexadecimal(cursor: Cursor): number {
  if (cursor.here === '{') return readBraced(cursor, /\{([0-9A-Fa-f]+)\}/y, 16)
  return Number.parseInt(cursor.match(/[0-9A-Fa-f]{0,2}/y)?.[0] || '0', 16)
}

function readBraced(cursor: Cursor, form: RegExp, base: number): number {
  const start = cursor.at
  const digits = cursor.match(form)?.[1]
  if (digits === undefined) cursor.fault(`digits of base ${base} between braces are missing`, start)
  const code = Number.parseInt(digits, base)
  if (code > 0xff) cursor.fault('character code point value in \\x{} or \\o{} is too large', start)
  return code
}

function readControl(cursor: Cursor): number {
  const letter = cursor.next().toUpperCase()
  if (!/^[ -~]$/.test(letter)) cursor.fault('\\c must be followed by a printable ASCII character', cursor.at - 1)
  return letter.charCodeAt(0) ^ 64
}

function readProperty(cursor: Cursor, negated: boolean): ByteSet {
  const start = cursor.at
  const [, braced, letter] = cursor.match(/\{([^}]*)\}|([A-Za-z])/y) ?? []
  const set = property(braced ?? letter ?? '')
  if (set === undefined) cursor.fault('unknown property after \\P or \\p', start)
  return negated ? set.negated() : set
}
