/** Writes an expression that has been read as one of JavaScript. */
import type { Alternatives, Expression, Group, Part } from './syntax.js'

/** An expression for `RegExp`, without flags that matter but `i`. */
export interface Written {
  readonly source: string
  readonly flags: string
  /** JavaScript's number of each of PCRE's groups; the first is the whole. */
  readonly groups: readonly number[]
}

class Writer {
  readonly #continued: boolean
  readonly groups: number[] = [0]
  #count = 0

  constructor(continued: boolean) {
    this.#continued = continued
  }

  alternatives(body: Alternatives): string {
    return body.map((parts) => parts.map((part) => this.#part(part)).join('')).join('|')
  }

  #part(part: Part): string {
    switch (part.kind) {
      case 'byte':
        return part.bytes.source
      case 'plain':
        return part.source
      case 'start':
        return this.#start(part.ofLine)
      case 'reference':
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
    if (!ofLine) return this.#continued ? '(?!)' : '^'
    return this.#continued ? '(?<=\\n)(?!$)' : '(?:^|(?<=\\n)(?!$))'
  }

  #group({ open, number, atomic, body }: Group): string {
    if (atomic) return this.#once(() => this.alternatives(body))
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
    const number = ++this.#count
    return `(?:(?=(${inner()}))\\${number})`
  }
}

/**
 * Writes an expression.
 * @param continued the search goes on behind an earlier match: `^` does not hold where it begins
 */
export function writePattern({ body, caselessReference }: Expression, continued = false): Written {
  const writer = new Writer(continued)
  const source = writer.alternatives(body)
  return { source: source === '' ? '(?:)' : source, flags: caselessReference ? 'i' : '', groups: writer.groups }
}
