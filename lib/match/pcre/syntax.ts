/** The parts of an expression in PCRE's syntax, between reading it and writing it for JavaScript. */
import type { ByteSet } from './byte-set.js'

/** One of these bytes, once. */
export interface OneByte {
  readonly kind: 'byte'
  readonly bytes: ByteSet
}

/** JavaScript that means the same; it has no groups that capture, and repeats as a whole. */
export interface Plain {
  readonly kind: 'plain'
  readonly source: string
  /** The same for RE2; nothing when that has no such thing. */
  readonly linear: string | undefined
  /** A place between bytes rather than bytes: PCRE does not let it be repeated. */
  readonly place: boolean
}

/** `^`: the start of the text, or of a line. */
export interface LineStart {
  readonly kind: 'start'
  readonly ofLine: boolean
}

/** Parentheses of any kind. */
export interface Group {
  readonly kind: 'group'
  /** How it opens in JavaScript. */
  readonly open: '(' | '(?:' | '(?=' | '(?!' | '(?<=' | '(?<!'
  /** PCRE's number, when it captures. */
  readonly number: number | undefined
  /** Once it has matched, no other way to match it is tried: `(?>…)`. */
  readonly atomic: boolean
  readonly body: Alternatives
}

/** What stands before a quantifier, with it. */
export interface Repeat {
  readonly kind: 'repeat'
  readonly of: Part
  readonly quantifier: string
  /** `a++`: what it took is not given back. */
  readonly possessive: boolean
}

/** What a group has matched, once more. */
export interface Reference {
  readonly kind: 'reference'
  readonly number: number
}

export type Part = OneByte | Plain | LineStart | Group | Repeat | Reference
export type Alternatives = readonly (readonly Part[])[]

/** An expression that has been read. */
export interface Expression {
  readonly body: Alternatives
  /** How many groups capture. */
  readonly groups: number
  /** A reference stands where letters of either case are the same: then the whole is compiled so. */
  readonly caselessReference: boolean
}

/** What is wrong with an expression, and where. */
export class PatternFault extends Error {
  /** Counted in characters from the start of the expression. */
  readonly position: number

  constructor(message: string, position: number) {
    super(message)
    this.position = position
  }
}
