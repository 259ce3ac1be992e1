/** Reads a class of bytes, from its bracket to the other: `[^a-z[:digit:]\s]`. */
import { ByteSet, posixClasses } from './byte-set.js'
import type { Cursor } from './cursor.js'
import { readEscape } from './escape.js'

/** How a class is read. */
export interface ClassFlags {
  readonly caseless: boolean
  /** `(?xx)`: blanks and tabs do not count. */
  readonly blanks: boolean
}

type Member = ByteSet | number

/** The class that opens here. */
export function readClass(cursor: Cursor, flags: ClassFlags): ByteSet {
  const start = cursor.at
  cursor.next()
  const negated = cursor.skip('^')
  const set = new ByteSet()
  // A bracket that closes stands for itself as the first of a class.
  let first = true
  for (; first || cursor.here !== ']'; first = false) {
    if (cursor.ended) cursor.fault('missing terminating ] for character class')
    const member = readMember(cursor, flags)
    if (member === undefined) continue
    const last = readRangeEnd(cursor, flags, member)
    if (last !== undefined) set.addRange(member as number, last)
    else if (typeof member === 'number') set.add(member)
    else set.addAll(member)
  }
  if (cursor.next() !== ']') cursor.fault('missing terminating ] for character class', start)
  const whole = flags.caseless ? set.caseless() : set
  return negated ? whole.negated() : whole
}

function readMember(cursor: Cursor, { blanks }: ClassFlags): Member | undefined {
  const start = cursor.at
  const posix = cursor.match(/\[([:.=])(\^?)([^\]]*?)\1\]/y)
  if (posix !== undefined) return posixClass(cursor, posix, start)
  const character = cursor.next()
  if (blanks && (character === ' ' || character === '\t')) return undefined
  if (character !== '\\') return byteOf(cursor, character)
  if (cursor.here === 'Q') return readQuoted(cursor)
  if (cursor.skip('E')) return undefined
  if (cursor.skip('b')) return 8
  if (/[BRX]/.test(cursor.here)) cursor.fault('escape sequence is invalid in character class')
  if (cursor.here === 'N') cursor.fault('\\N is not supported in a class')
  if (/[89]/.test(cursor.here)) return cursor.next().charCodeAt(0)
  return readEscape(cursor) ?? cursor.fault('unrecognized character follows \\')
}

function posixClass(cursor: Cursor, [, sign, caret, name = '']: RegExpExecArray, start: number): ByteSet {
  if (sign !== ':') cursor.fault('POSIX collating elements are not supported', start)
  const set = posixClasses.get(name) ?? cursor.fault('unknown POSIX class name', start)
  return caret === '^' ? set.negated() : set
}

function readQuoted(cursor: Cursor): ByteSet {
  cursor.next()
  const set = new ByteSet()
  while (!cursor.ended && !cursor.skip('\\E')) set.add(byteOf(cursor, cursor.next()))
  return set
}

function byteOf(cursor: Cursor, character: string): number {
  const code = character.charCodeAt(0)
  return code < 256 ? code : cursor.fault(`'${character}' is no character of latin1`, cursor.at - 1)
}

/** The end of a range that begins with a member; nothing when there is no range. */
function readRangeEnd(cursor: Cursor, flags: ClassFlags, from: Member): number | undefined {
  if (cursor.here !== '-' || cursor.text[cursor.at + 1] === ']' || cursor.at + 1 >= cursor.text.length) return undefined
  const start = cursor.at
  cursor.next()
  const to = readMember(cursor, flags)
  if (typeof from !== 'number' || typeof to !== 'number') cursor.fault('invalid range in character class', start)
  if (to < from) cursor.fault('range out of order in character class', start)
  return to
}
