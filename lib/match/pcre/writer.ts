/** Writes an expression that has been read as one of JavaScript. */
import { type Alternatives, type Expression, type Group, type Part, PatternFault } from './syntax.js'

/** An expression for `RegExp`, without flags that matter but `i`. */
export interface Written {
  readonly source: string
  readonly flags: string
  /** JavaScript's number of each of PCRE's groups; the first is the whole. */
  readonly groups: readonly number[]
}

/** Whose expressions are written: JavaScript's own, or RE2's, which take linear time and so know no lookaround, references and atomic groups. */
export type Dialect = 'javascript' | 're2'

/** A set that has no member, in RE2. */
const NOTHING = '[^\\x00-\\x{10FFFF}]'

/** What JavaScript writes and RE2 cannot read. */
const LINEAR_SETS: ReadonlyMap<string, string> = new Map([
  ['[^]', '[\\x00-\\x{10FFFF}]'],
  ['[]', NOTHING],
])

class Writer {
  readonly #continued: boolean
  readonly #linear: boolean
  readonly groups: number[] = [0]
  #count = 0

  constructor(continued: boolean, dialect: Dialect) {
    this.#continued = continued
    this.#linear = dialect === 're2'
  }

  alternatives(body: Alternatives): string {
    return body.map((parts) => parts.map((part) => this.#part(part)).join('')).join('|')
  }

  #part(part: Part): string {
    switch (part.kind) {
      case 'byte':
        return this.#linear ? (LINEAR_SETS.get(part.bytes.source) ?? part.bytes.source) : part.bytes.source
      case 'plain':
        return this.#linear ? (part.linear ?? backtracks('this')) : part.source
      case 'start':
        return this.#start(part.ofLine)
      case 'reference':
        if (this.#linear) return backtracks('a back-reference')
        // Closed off from digits behind it.
        return `(?:\\${this.groups[part.number] ?? 0})`
      case 'group':
        return this.#group(part)
      case 'repeat':
        if (part.possessive) return this.#once(() => this.#repeated(part.of, part.quantifier))
        return this.#repeated(part.of, part.quantifier)
    }
  }

  #start(ofLine: boolean): string {
    if (this.#linear && this.#continued) return NOTHING
    if (this.#linear) return ofLine ? '(?m:^)' : '\\A'
    if (!ofLine) return this.#continued ? '(?!)' : '^'
    return this.#continued ? '(?<=\\n)(?!$)' : '(?:^|(?<=\\n)(?!$))'
  }

  #group({ open, number, atomic, body }: Group): string {
    if (atomic) return this.#once(() => this.alternatives(body))
    if (this.#linear && open !== '(' && open !== '(?:') return backtracks('a lookaround')
    if (number !== undefined) this.groups[number] = ++this.#count
    return `${open}${this.alternatives(body)})`
  }

  #repeated(part: Part, quantifier: string): string {
    const source = this.#part(part)
    const whole = part.kind === 'byte' || (part.kind === 'group' && !part.atomic && /^\((?:\?:|[^?])/.test(source))
    return `${whole ? source : `(?:${source})`}${quantifier}`
  }

  /** What matches in a lookahead is not tried otherwise; a reference then takes it. */
  #once(inner: () => string): string {
    if (this.#linear) return backtracks('an atomic group or possessive quantifier')
    const number = ++this.#count
    return `(?:(?=(${inner()}))\\${number})`
  }
}

function backtracks(what: string): never {
  throw new PatternFault(`${what} cannot be had in linear time, with re2`, 0)
}

/**
 * Writes an expression.
 * @param continued the search goes on behind an earlier match: `^` does not hold where it begins
 */
export function writePattern(
  { body, caselessReference }: Expression,
  continued = false,
  dialect: Dialect = 'javascript',
): Written {
  const writer = new Writer(continued, dialect)
  const source = writer.alternatives(body)
  return { source: source === '' ? '(?:)' : source, flags: caselessReference ? 'i' : '', groups: writer.groups }
}
