/** Reads formats of a haproxy.cfg: `%[expression]`, `%name`, `%{+Q}name`, `%(key:type)[expression]`. Manual, chapter 8.2.6. */
import { OptionError } from '../base/errors.js'
import { nearest } from '../base/nearest.js'
import type { Alias } from './alias.js'
import { Format } from './format.js'
import { type FormatFlags, noFlags, readFlags } from './format-flags.js'
import { FormatItem, type ItemType } from './format-item.js'
import type { FormatPart } from './format-writer.js'
import type { Sample } from './sample.js'

/** What the parser of formats is told by the loader. */
export interface FormatWords {
  /** Makes a sample of what stands in `%[…]`; throws when it cannot. */
  readonly expression: (source: string) => Sample<unknown, never>
  /** The log variables, by the letters behind the percent sign. */
  readonly aliases?: ReadonlyMap<string, Alias> | undefined
  /** Told of what HAProxy passes over in silence. */
  readonly warn?: ((message: string) => void) | undefined
}

/** A format that cannot be read; `position` counts characters from 0. */
export class FormatError extends OptionError {
  readonly position: number

  constructor(text: string, position: number, message: string) {
    super(`format '${text}'`, '', `at character ${position + 1}: ${message}`)
    this.position = position
  }
}

const types: readonly string[] = ['str', 'sint', 'bool'] satisfies readonly ItemType[]

class Parser {
  readonly #text: string
  readonly #words: FormatWords
  readonly #parts: FormatPart[] = []
  #literal = ''
  #at = 0
  #global: FormatFlags = noFlags

  constructor(text: string, words: FormatWords) {
    this.#text = text
    this.#words = words
  }

  read(): readonly FormatPart[] {
    const text = this.#text
    while (this.#at < text.length) {
      const sign = text.indexOf('%', this.#at)
      if (sign < 0) break
      this.#literal += text.slice(this.#at, sign)
      this.#at = sign
      if (text[sign + 1] === '%') {
        this.#literal += '%'
        this.#at += 2
      } else this.#item()
    }
    this.#literal += text.slice(this.#at)
    this.#flush()
    return this.#parts
  }

  #flush(): void {
    if (this.#literal !== '') this.#parts.push(this.#literal)
    this.#literal = ''
  }

  #fault(position: number, message: string): FormatError {
    return new FormatError(this.#text, position, message)
  }

  #item(): void {
    const text = this.#text
    const start = this.#at
    this.#at++
    if (this.#at >= text.length) throw this.#fault(start, "truncated line after '%'; write '%%' for a percent sign")
    const named = this.#name()
    const flags = this.#flags()
    const opening = text[this.#at] ?? ''
    if (opening === '[') this.#add(new FormatItem(this.#expression(), { ...named, flags: flags ?? this.#global }))
    else if (/[A-Za-z]/.test(opening)) this.#variable(start, named, flags)
    else if (named !== undefined || flags !== undefined)
      throw this.#fault(
        start,
        `'${text.slice(start, this.#at)}' stands before nothing: write '%{+Q}name' or '%{+Q}[…]'`,
      )
    else if (opening === ' ' || /\d/.test(opening))
      throw this.#fault(start, `no variable can begin with '${opening}'; write '%%' for a percent sign`)
    else this.#words.warn?.(`'%${opening}' is no variable: the percent sign is left away; write '%%' for one`)
  }

  #add(item: FormatItem): void {
    this.#flush()
    this.#parts.push(item)
  }

  /** `(key:type)`; a parenthesis that holds neither is no name. */
  #name(): { readonly name: string | undefined; readonly type: ItemType | undefined } | undefined {
    const text = this.#text
    if (text[this.#at] !== '(') return undefined
    const end = text.indexOf(')', this.#at)
    if (end < 0) throw this.#fault(this.#at, "'%(' without its ')'")
    const [name = '', type, ...rest] = text.slice(this.#at + 1, end).split(':')
    if (rest.length > 0 || (type !== undefined && !types.includes(type)))
      throw this.#fault(this.#at, `'${type}' is no type: known are ${types.join(', ')}`)
    this.#at = end + 1
    return { name: name === '' ? undefined : name, type: type as ItemType | undefined }
  }

  #flags(): FormatFlags | undefined {
    const text = this.#text
    if (text[this.#at] !== '{') return undefined
    const end = text.indexOf('}', this.#at)
    if (end < 0) throw this.#fault(this.#at - 1, "'%{' without its '}'")
    const source = text.slice(this.#at + 1, end)
    this.#at = end + 1
    return readFlags(source, this.#global, (word) =>
      this.#words.warn?.(`'${word}' in '%{${source}}' is no flag, and does nothing: write '+Q', '-Q', '+X' or '+E'`),
    )
  }

  #expression(): Sample<unknown, never> {
    const text = this.#text
    const start = this.#at + 1
    const end = this.#closingBracket(start)
    try {
      const sample = this.#words.expression(text.slice(start, end))
      this.#at = end + 1
      return sample
    } catch (error) {
      throw this.#fault(start, (error as Error).message)
    }
  }

  /** Of the bracket that ends an expression; quotes and parentheses inside may hold others. */
  #closingBracket(from: number): number {
    const text = this.#text
    let quote = -1
    let outermost = -1
    let depth = 0
    for (let at = from; at < text.length; at++) {
      const char = text[at]
      if (quote !== -1) {
        if (char === text[quote]) quote = -1
        else if (char === '\\' && text[quote] === '"') at++
      } else if (char === '\\') at++
      else if (depth > 0 && (char === '"' || char === "'")) quote = at
      else if (char === '(') {
        if (depth++ <= 0) outermost = at
      } else if (char === ')') depth--
      else if (char === ']' && depth <= 0) return at
    }
    if (quote !== -1) throw this.#fault(quote, `a quote (${text[quote]}) without its end`)
    if (depth > 0) throw this.#fault(outermost, "'(' without its ')'")
    throw this.#fault(from - 2, "'%[' without its ']'")
  }

  #variable(
    start: number,
    named: { readonly name: string | undefined; readonly type: ItemType | undefined } | undefined,
    flags: FormatFlags | undefined,
  ): void {
    const name = /^[A-Za-z0-9]+/.exec(this.#text.slice(this.#at))?.[0] ?? ''
    this.#at += name.length
    const { aliases = new Map<string, Alias>() } = this.#words
    const alias = aliases.get(name)
    if (name === 'o' && alias !== undefined) {
      this.#global = flags ?? this.#global
      this.#add(new FormatItem(undefined, { flags: this.#global }))
      return
    }
    if (alias === undefined) {
      const near = nearestName(name, aliases.keys())
      const meant = near === undefined ? '' : `did you mean '%${near}'? `
      throw this.#fault(start, `no such variable '%${name}'; ${meant}write '%%' for a percent sign`)
    }
    this.#add(new FormatItem(alias, { ...named, flags: flags ?? this.#global }))
  }
}

/** Names are short: the longest one that this one begins with is nearer than one with other letters. */
function nearestName(name: string, known: Iterable<string>): string | undefined {
  const names = [...known]
  const beginning = names.filter((one) => name.startsWith(one)).sort((left, right) => right.length - left.length)[0]
  return beginning ?? nearest(name, names)
}

/**
 * Reads a format. Throws {@link FormatError} on an unknown variable, an expression or flags without end, a percent sign at the end or before a
 * blank.
 */
export function parseFormat(text: string, words: FormatWords): Format<never> {
  return new Format<never>(new Parser(text, words).read(), text)
}
