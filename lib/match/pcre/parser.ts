/** Reads an expression in PCRE's syntax, as HAProxy has PCRE2 do: bytes, not Unicode; no options but those that the expression sets itself. */
import { readClass } from './byte-class.js'
import { anyButLineFeed, anyByte, ByteSet } from './byte-set.js'
import { Cursor } from './cursor.js'
import { readEscape } from './escape.js'
import type { Alternatives, Expression, Group, Part } from './syntax.js'

/** How an expression is read. */
export interface ReadOptions {
  /** HAProxy's `-i`. */
  readonly ignoreCase: boolean
  /** Whether plain parentheses capture. Those of an ACL do not: HAProxy refuses `\1` there. */
  readonly captures: boolean
}

/** What `(?imsx)` sets, for the rest of the group that it stands in. */
interface Flags {
  readonly caseless: boolean
  readonly multiline: boolean
  readonly dotAll: boolean
  readonly extended: boolean
  readonly blanks: boolean
  readonly ungreedy: boolean
  readonly captures: boolean
}

const OFF: Flags = {
  caseless: false,
  multiline: false,
  dotAll: false,
  extended: false,
  blanks: false,
  ungreedy: false,
  captures: true,
}

const FLAG_OF: ReadonlyMap<string, Partial<Flags>> = new Map([
  ['i', { caseless: true }],
  ['m', { multiline: true }],
  ['s', { dotAll: true }],
  ['x', { extended: true }],
  ['U', { ungreedy: true }],
  ['n', { captures: false }],
])

const place = (source: string, linear?: string): Part => ({ kind: 'plain', source, linear, place: true })

const PLACES: ReadonlyMap<string, Part> = new Map([
  ['b', place('\\b', '\\b')],
  ['B', place('\\B', '\\B')],
  // Not `^`, which does not hold once more where a search goes on behind a match.
  ['A', place('(?<![^])', '\\A')],
  ['G', place('(?<![^])', '\\A')],
  ['z', place('(?![^])', '\\z')],
  ['Z', place('(?=\\n?$)', '\\n?\\z')],
])

const LINE_END = '(?:\\r\\n|[\\n-\\r\\x85])'
const WORD_STARTS = place('\\b(?=\\w)')
const WORD_ENDS = place('\\b(?<=\\w)')

/** Kinds of groups by how they open. */
const OPENINGS: ReadonlyMap<string, Pick<Group, 'open' | 'atomic'>> = new Map(
  (
    [
      ['(?:', '(?:'],
      ['(?=', '(?='],
      ['(?!', '(?!'],
      ['(?<=', '(?<='],
      ['(?<!', '(?<!'],
      ['(*pla:', '(?='],
      ['(*positive_lookahead:', '(?='],
      ['(*nla:', '(?!'],
      ['(*negative_lookahead:', '(?!'],
      ['(*plb:', '(?<='],
      ['(*positive_lookbehind:', '(?<='],
      ['(*nlb:', '(?<!'],
      ['(*negative_lookbehind:', '(?<!'],
    ] as const
  ).map(([opening, open]) => [opening, { open, atomic: false }] as const),
)
const ATOMIC: Pick<Group, 'open' | 'atomic'> = { open: '(?:', atomic: true }

/** What cannot be had from JavaScript's expressions, by how it opens. */
const REFUSED: readonly (readonly [opening: RegExp, what: string])[] = [
  [/\(\?\(/y, 'a conditional group (?(…)…) is not supported'],
  [/\(\?(?:R|[+-]?\d|&|P>)/y, 'recursion and calls of groups are not supported'],
  [/\(\?\|/y, 'a branch reset group (?|…) is not supported'],
  [/\(\?[a-zA-Z^-]*J/y, '(?J) is not supported: give groups names of their own'],
  [/\(\*[^)]*\)?/y, 'verbs (*…) are not supported'],
]

interface Named {
  readonly name: string
  readonly number: number
}

class Reader {
  readonly #cursor: Cursor
  readonly #names: Named[] = []
  readonly #references: { readonly number: number | string; readonly at: number }[] = []
  #groups = 0
  #caselessReference = false

  constructor(text: string) {
    this.#cursor = new Cursor(text)
  }

  read(flags: Flags): Expression {
    const body = this.#alternatives(flags)
    if (!this.#cursor.ended) this.#cursor.fault('unmatched closing parenthesis')
    for (const { number, at } of this.#references) {
      const known = typeof number === 'number' ? number <= this.#groups : this.#named(number) !== undefined
      if (!known) this.#cursor.fault('reference to non-existent subpattern', at)
    }
    return { body, groups: this.#groups, caselessReference: this.#caselessReference }
  }

  #named(name: string): number | undefined {
    return this.#names.find((group) => group.name === name)?.number
  }

  #alternatives(given: Flags): Alternatives {
    let flags = given
    const alternatives: Part[][] = []
    let parts: Part[] = []
    for (;;) {
      this.#skipIdle(flags)
      if (this.#cursor.ended || this.#cursor.here === ')') break
      if (this.#cursor.skip('|')) {
        alternatives.push(parts)
        parts = []
        continue
      }
      // `(?i)` counts for what follows, the next alternatives included.
      const changed = this.#flagChange(flags)
      if (changed !== undefined) flags = changed
      else this.#item(flags, parts)
    }
    alternatives.push(parts)
    return alternatives
  }

  /** Passes comments, and what `(?x)` makes one. */
  #skipIdle({ extended }: Flags): void {
    const cursor = this.#cursor
    for (;;) {
      const start = cursor.at
      if (cursor.skip('(?#') && cursor.match(/[^)]*\)/y) === undefined) {
        cursor.fault('missing ) after (?# comment', cursor.text.length)
      }
      cursor.match(/\(\?C\d*\)/y)
      cursor.skip('\\E')
      if (extended) cursor.match(/(?:[\t-\r ]|#[^\n]*(?:\n|$))+/y)
      if (cursor.at === start) return
    }
  }

  #flagChange(flags: Flags): Flags | undefined {
    const { text, at } = this.#cursor
    const found = /^\(\?([\^a-zA-Z]*(?:-[a-zA-Z]*)?)\)/.exec(text.slice(at, at + 40))
    if (found?.[1] === undefined || /^R$/.test(found[1])) return undefined
    const changed = this.#flags(flags, found[1])
    this.#cursor.at += found[0].length
    return changed
  }

  #flags(flags: Flags, letters: string): Flags {
    let changed = letters.startsWith('^') ? { ...OFF, captures: flags.captures } : flags
    let on = true
    for (const letter of letters.replace('^', '').replace('xx', 'X')) {
      if (letter === '-') on = false
      else if (letter === 'X') changed = { ...changed, extended: on, blanks: on }
      else changed = { ...changed, ...this.#flag(letter, on) }
    }
    return changed
  }

  #flag(letter: string, on: boolean): Partial<Flags> {
    const known = FLAG_OF.get(letter)
    if (letter === 'J') this.#cursor.fault('(?J) is not supported: give groups names of their own')
    if (known === undefined) this.#cursor.fault('unrecognized character after (? or (?-', this.#cursor.at + 2)
    return Object.fromEntries(Object.entries(known).map(([name, value]) => [name, on ? value : !value]))
  }

  /** Adds what stands here, with its quantifier. */
  #item(flags: Flags, parts: Part[]): void {
    const { at } = this.#cursor
    if (this.#cursor.skip('\\Q')) {
      this.#quoted(flags, parts)
      return
    }
    const part = this.#part(flags)
    this.#skipIdle(flags)
    parts.push(this.#quantified(part, flags, at))
  }

  /** A run of `\Q…\E`: a quantifier behind it counts for its last character. */
  #quoted(flags: Flags, parts: Part[]): void {
    const cursor = this.#cursor
    let last: Part | undefined
    while (!cursor.ended && !cursor.skip('\\E')) {
      if (last !== undefined) parts.push(last)
      last = this.#byte(cursor.next(), flags)
    }
    if (last !== undefined) parts.push(this.#quantified(last, flags, cursor.at))
  }

  #part(flags: Flags): Part {
    const cursor = this.#cursor
    const character = cursor.here
    if (character === '(') return this.#group(flags)
    if (character === '[') return this.#class(flags)
    if (/[*+?]/.test(character) || /^\{\d+(?:,\d*)?\}/.test(cursor.text.slice(cursor.at)))
      cursor.fault('quantifier does not follow a repeatable item')
    cursor.next()
    if (character === '\\') return this.#escape(flags)
    if (character === '.') return { kind: 'byte', bytes: flags.dotAll ? anyByte : anyButLineFeed }
    if (character === '^') return { kind: 'start', ofLine: flags.multiline }
    if (character === '$') return flags.multiline ? place('(?=\\n|$)', '(?m:$)') : place('(?=\\n?$)', '(?:\\n?\\z)')
    return this.#byte(character, flags)
  }

  #byte(character: string, { caseless }: Flags): Part {
    const code = character.charCodeAt(0)
    if (code > 0xff) this.#cursor.fault(`'${character}' is no character of latin1`, this.#cursor.at - 1)
    const bytes = new ByteSet().add(code)
    return { kind: 'byte', bytes: caseless ? bytes.caseless() : bytes }
  }

  #class(flags: Flags): Part {
    const cursor = this.#cursor
    if (cursor.skip('[[:<:]]')) return WORD_STARTS
    if (cursor.skip('[[:>:]]')) return WORD_ENDS
    if (/^\[[:.=][^\]]*[:.=]\]/.test(cursor.text.slice(cursor.at)))
      cursor.fault('POSIX named classes are supported only within a class')
    return { kind: 'byte', bytes: readClass(cursor, flags) }
  }

  #escape(flags: Flags): Part {
    const cursor = this.#cursor
    const start = cursor.at
    const reference = this.#reference(flags)
    if (reference !== undefined) return reference
    const known = PLACES.get(cursor.here)
    if (known !== undefined) {
      cursor.next()
      return known
    }
    if (cursor.skip('N')) return { kind: 'byte', bytes: anyButLineFeed }
    if (cursor.skip('C')) return { kind: 'byte', bytes: anyByte }
    if (cursor.skip('R')) return atomic(LINE_END)
    if (cursor.skip('X')) return atomic('(?:\\r\\n|[^])')
    if (cursor.here === 'K') cursor.fault('\\K is not supported: use a lookbehind (?<=…)', start - 1)
    const read = readEscape(cursor) ?? cursor.fault('unrecognized character follows \\', start)
    const bytes = typeof read === 'number' ? new ByteSet().add(read) : read
    return { kind: 'byte', bytes: flags.caseless ? bytes.caseless() : bytes }
  }

  #reference(flags: Flags): Part | undefined {
    const cursor = this.#cursor
    const start = cursor.at
    const digits = cursor.match(/[1-9]\d*/y)?.[0]
    if (digits !== undefined) {
      const number = Number(digits)
      // Two digits are an octal number where there are not so many groups before.
      if (number < 10 || number <= this.#groups) return this.#refer(number, start, flags)
      cursor.at = start
      return undefined
    }
    const [whole, braced, plain] = cursor.match(/g(?:\{([+-]?\w+)\}|([+-]?\d+))/y) ?? []
    const named = whole === undefined ? cursor.match(/k(?:<(\w+)>|'(\w+)'|\{(\w+)\})/y) : undefined
    if (/^g[<']/.test(cursor.text.slice(cursor.at))) cursor.fault('recursion and calls of groups are not supported')
    const name = braced ?? plain ?? named?.[1] ?? named?.[2] ?? named?.[3]
    if (name === undefined) return undefined
    if (!/^[+-]?\d+$/.test(name)) return this.#refer(name, start, flags)
    const relative = name.startsWith('-') ? this.#groups + 1 : name.startsWith('+') ? this.#groups : 0
    const number = relative + Number(name)
    if (number < 1) cursor.fault('reference to non-existent subpattern', start)
    return this.#refer(number, start, flags)
  }

  #refer(number: number | string, at: number, { caseless }: Flags): Part {
    this.#references.push({ number, at })
    if (caseless) this.#caselessReference = true
    if (typeof number === 'number') return { kind: 'reference', number }
    const known = this.#named(number)
    if (known === undefined) this.#cursor.fault('reference to non-existent subpattern', at)
    return { kind: 'reference', number: known }
  }

  #group(flags: Flags): Part {
    const cursor = this.#cursor
    const start = cursor.at
    const byName = cursor.match(/\(\?P=(\w+)\)/y)
    if (byName !== undefined) return this.#refer(byName[1] as string, start, flags)
    const { open, atomic: once, number, inner } = this.#opening(flags)
    const body = this.#alternatives(inner)
    if (!cursor.skip(')')) cursor.fault('missing closing parenthesis', cursor.text.length)
    return { kind: 'group', open, number, atomic: once, body }
  }

  #opening(flags: Flags): Pick<Group, 'open' | 'atomic' | 'number'> & { readonly inner: Flags } {
    const cursor = this.#cursor
    const start = cursor.at
    if (cursor.skip('(?>') || cursor.skip('(*atomic:')) return { ...ATOMIC, number: undefined, inner: flags }
    const known = [...OPENINGS].find(([opening]) => cursor.skip(opening))?.[1]
    if (known !== undefined) return { ...known, number: undefined, inner: flags }
    const named = cursor.match(/\(\?(?:P?<(\w*)>|'(\w*)')/y)
    if (named !== undefined)
      return { open: '(', atomic: false, number: this.#name(named[1] ?? named[2] ?? '', start), inner: flags }
    for (const [opening, what] of REFUSED) if (cursor.match(opening) !== undefined) cursor.fault(what, start)
    const scoped = cursor.match(/\(\?([\^a-zA-Z]*(?:-[a-zA-Z]*)?):/y)
    if (scoped !== undefined) {
      cursor.at = start
      const inner = this.#flags(flags, scoped[1] ?? '')
      cursor.at = start + scoped[0].length
      return { open: '(?:', atomic: false, number: undefined, inner }
    }
    if (cursor.text[start + 1] === '?') cursor.fault('unrecognized character after (? or (?-', start + 2)
    cursor.next()
    if (!flags.captures) return { open: '(?:', atomic: false, number: undefined, inner: flags }
    return { open: '(', atomic: false, number: ++this.#groups, inner: flags }
  }

  #name(name: string, at: number): number {
    if (name === '') this.#cursor.fault('subpattern name expected', at + 3)
    if (/^\d/.test(name)) this.#cursor.fault('subpattern name must start with a non-digit', at + 3)
    if (this.#named(name) !== undefined) this.#cursor.fault('two named subpatterns have the same name', at)
    this.#names.push({ name, number: ++this.#groups })
    return this.#groups
  }

  #quantified(part: Part, flags: Flags, start: number): Part {
    const cursor = this.#cursor
    const at = cursor.at
    const found = cursor.match(/([*+?]|\{(\d+)(?:,(\d*))?\})([+?]?)/y)
    if (found === undefined) return part
    if (part.kind === 'start' || (part.kind === 'plain' && part.place))
      cursor.fault('quantifier does not follow a repeatable item', at)
    const [, sign = '', low = '', high, mode = ''] = found
    if (Number(low) > 65_535 || Number(high ?? '') > 65_535) cursor.fault('number too big in {} quantifier', start)
    if (high !== undefined && high !== '' && Number(high) < Number(low))
      cursor.fault('numbers out of order in {} quantifier', at)
    const lazy = mode === '+' ? false : (mode === '?') !== flags.ungreedy
    return { kind: 'repeat', of: part, quantifier: lazy ? `${sign}?` : sign, possessive: mode === '+' }
  }
}

function atomic(source: string): Part {
  const inner: Part = { kind: 'plain', source, linear: undefined, place: false }
  return { kind: 'group', open: '(?:', number: undefined, atomic: true, body: [[inner]] }
}

/** Reads an expression. Throws `PatternFault` on what is wrong or cannot be had. */
export function readPattern(text: string, { ignoreCase, captures }: ReadOptions): Expression {
  return new Reader(text).read({ ...OFF, caseless: ignoreCase, captures })
}
