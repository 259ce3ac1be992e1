/** Regular expressions as haproxy.cfg writes them (PCRE2, on bytes), run by JavaScript's own over latin1 strings. How they are read stands in `pcre/`. */
import { createRequire } from 'node:module'
import { OptionError } from '../base/errors.js'
import { readPattern } from './pcre/parser.js'
import { PatternFault } from './pcre/syntax.js'
import { type Dialect, writePattern } from './pcre/writer.js'

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

/** Makes expressions of what haproxy.cfg writes: see {@link compileRegex}. */
export type RegexCompiler = (pattern: string | RegExp, options?: RegexOptions) => Regex

/**
 * Compiles an expression. A `RegExp` is taken as it is, but without `g` and `y`, which would make it remember; a text is PCRE's syntax. An
 * expression may take exponential time in the length of the text: with patterns that you do not trust, see {@link linearCompiler}.
 * @throws {OptionError} on what PCRE would refuse, and on what JavaScript cannot do: conditional groups, recursion, `\K`, verbs
 */
export function compileRegex(pattern: string | RegExp, options: RegexOptions = {}): Regex {
  const { ignoreCase = false } = options
  if (typeof pattern !== 'string') {
    const kept = pattern.flags.replace(/[gyi]/g, '')
    const flags = ignoreCase || pattern.ignoreCase ? `${kept}i` : kept
    return new Regex(pattern.source, new RegExp(pattern.source, flags))
  }
  return compile(pattern, options, 'javascript', RegExp)
}

/**
 * A compiler whose expressions take linear time, by the package `re2`; what needs backtracking (lookaround, back-references, atomic groups) is refused.
 * @param load gives the package; by default it is loaded here
 * @throws {OptionError} when the package is not installed
 */
export function linearCompiler(load: () => unknown = loadRe2): RegexCompiler {
  const made = load() as typeof RegExp
  return (pattern, options = {}) => {
    if (typeof pattern === 'string') return compile(pattern, options, 're2', made)
    const ignoreCase = options.ignoreCase === true || pattern.ignoreCase
    return compile(pattern.source, { ...options, ignoreCase }, 're2', made)
  }
}

function loadRe2(): unknown {
  try {
    return createRequire(import.meta.url)('re2')
  } catch (error) {
    const reason = String((error as Error).message).split('\n')[0]
    throw new OptionError('regular expressions', '', `the package 're2' cannot be loaded: ${reason}; npm install re2`)
  }
}

function compile(pattern: string, options: RegexOptions, dialect: Dialect, make: typeof RegExp): Regex {
  const { ignoreCase = false, captures = true } = options
  try {
    const expression = readPattern(pattern, { ignoreCase, captures })
    const { source, flags, groups } = writePattern(expression, false, dialect)
    const behind = (): RegExp => new make(writePattern(expression, true, dialect).source, flags)
    return new Regex(pattern, new make(source, flags), groups, behind)
  } catch (error) {
    if (error instanceof PatternFault)
      throw new OptionError(`regex '${pattern}'`, '', `${error.message}, at position ${error.position}`)
    if (error instanceof SyntaxError) throw new OptionError(`regex '${pattern}'`, '', error.message)
    throw error
  }
}
