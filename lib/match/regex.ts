/** Regular expressions as haproxy.cfg writes them (PCRE2, on bytes), run by JavaScript's own over latin1 strings. How they are read stands in `pcre/`. */
import { OptionError } from '../base/errors.js'
import { readPattern } from './pcre/parser.js'
import { type Expression, PatternFault } from './pcre/syntax.js'
import { writePattern } from './pcre/writer.js'

/** How an expression is compiled. */
export interface RegexOptions {
  /** HAProxy's `-i`: letters of ASCII are the same in either case. */
  readonly ignoreCase?: boolean | undefined
  /** Whether plain parentheses capture, which those of an ACL do not. Default: they do. */
  readonly captures?: boolean | undefined
}

/** An expression that is ready to be asked. It remembers nothing between calls. */
export class Regex {
  /** As it was written. */
  readonly source: string
  /** The same for whoever wants no more than JavaScript's own. */
  readonly regExp: RegExp
  /** JavaScript's numbers of PCRE's groups; nothing where they are the same. */
  readonly #groups: readonly number[] | undefined
  /** What `^` does not hold in any more; made when it is asked for. */
  readonly #makeContinued: (() => RegExp) | undefined
  #continued: RegExp | undefined

  constructor(source: string, expression: RegExp, groups?: readonly number[], makeContinued?: () => RegExp) {
    this.source = source
    this.regExp = expression
    this.#groups = groups?.every((number, index) => number === index) === true ? undefined : groups
    this.#makeContinued = makeContinued
  }

  test(text: string): boolean {
    return this.regExp.test(text)
  }

  /**
   * The first match: where it begins, the whole and what the groups hold.
   * @param continued the text goes on behind an earlier match: `^` does not hold at its start
   */
  exec(text: string, continued = false): RegexMatch | undefined {
    const expression = continued ? this.#behind() : this.regExp
    const found = expression.exec(text)
    if (found === null) return undefined
    const numbers = this.#groups
    const groups = numbers === undefined ? found : numbers.map((number) => found[number])
    return { index: found.index, end: found.index + found[0].length, groups }
  }

  #behind(): RegExp {
    if (this.#makeContinued === undefined) return this.regExp
    return (this.#continued ??= this.#makeContinued())
  }
}

/** Where an expression matched. */
export interface RegexMatch {
  readonly index: number
  readonly end: number
  /** The whole, then the groups; those that took no part have no text. */
  readonly groups: readonly (string | undefined)[]
}

/**
 * Compiles an expression. A `RegExp` is taken as it is, but without `g` and `y`, which would make it remember; a text is PCRE's syntax.
 * @throws {OptionError} on what PCRE would refuse, and on what JavaScript cannot do: conditional groups, recursion, `\K`, verbs
 */
export function compileRegex(pattern: string | RegExp, options: RegexOptions = {}): Regex {
  const { ignoreCase = false, captures = true } = options
  if (typeof pattern !== 'string') {
    const kept = pattern.flags.replace(/[gyi]/g, '')
    const flags = ignoreCase || pattern.ignoreCase ? `${kept}i` : kept
    return new Regex(pattern.source, new RegExp(pattern.source, flags))
  }
  const expression = read(pattern, ignoreCase, captures)
  const { source, flags, groups } = writePattern(expression)
  const behind = (): RegExp => new RegExp(writePattern(expression, true).source, flags)
  return new Regex(pattern, new RegExp(source, flags), groups, behind)
}

function read(pattern: string, ignoreCase: boolean, captures: boolean): Expression {
  try {
    return readPattern(pattern, { ignoreCase, captures })
  } catch (error) {
    if (!(error instanceof PatternFault)) throw error
    throw new OptionError(`regex '${pattern}'`, '', `${error.message}, at position ${error.position}`)
  }
}
