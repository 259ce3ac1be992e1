/**
 * The conditions of `.if` and `-cc`: parsing and evaluating one (manual, chapter 2.4, with the predicates of 3.5).
 * The blocks that they open are in `blocks.ts`.
 */
import type { Capabilities } from './capabilities.js'
import { type Lookup, lex, lexArguments } from './lexer.js'

/** What conditions are evaluated against. */
export interface ConditionContext {
  readonly capabilities: Capabilities
  readonly lookup: Lookup
}

/** A condition that cannot be read. `position` is a place in the condition's text. */
export class ConditionError extends Error {
  readonly position: number

  constructor(message: string, position: number) {
    super(message)
    this.position = position
  }
}

/** Numbers that order versions: major, minor, patch, release (a dev version is older than its release), commits or dev number. */
type Version = readonly number[]

function parseVersion(text: string): Version {
  const [, numbers = '', dev, commits] = /^(\d*(?:\.\d+)*)(?:-dev(\d*)|-(\d+))?/.exec(text) ?? []
  const [major = 0, minor = 0, patch = 0] = numbers.split('.').map(Number)
  return [major, minor, patch, dev === undefined ? 1 : 0, Number(dev ?? commits ?? 0)]
}

/** OpenSSL's own form: `1.1.1w`, `3.0.0-alpha2`, `3.5.1+quic`. */
function parseLibraryVersion(text: string): Version {
  const [, numbers = '', letter = '', stage, count = '0'] =
    /^(\d*(?:\.\d+)*)([a-z]*)(?:-(alpha|beta|pre)(\d*))?/.exec(text) ?? []
  const [major = 0, minor = 0, patch = 0] = numbers.split('.').map(Number)
  const release = stage === undefined ? 3 : stage === 'alpha' ? 0 : 1
  return [major, minor, patch, letter === '' ? 0 : letter.charCodeAt(0) - 96, release, Number(count)]
}

function compare(left: Version, right: Version): number {
  for (const [index, value] of left.entries()) {
    const difference = value - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

interface Predicate {
  readonly arguments: number
  holds(context: ConditionContext, first: string, second: string): boolean
}

const predicate = (
  count: number,
  holds: (context: ConditionContext, first: string, second: string) => boolean,
): Predicate => ({ arguments: count, holds })

const ours = (context: ConditionContext): Version => parseVersion(context.capabilities.version)
const library = (context: ConditionContext): Version => parseLibraryVersion(context.capabilities.tlsLibraryVersion)

const predicates: ReadonlyMap<string, Predicate> = new Map([
  ['defined', predicate(1, ({ lookup }, name) => name !== '' && lookup(name) !== undefined)],
  ['feature', predicate(1, ({ capabilities }, name) => capabilities.features.get(name) === true)],
  ['enabled', predicate(1, ({ capabilities }, name) => capabilities.enabled.has(name))],
  ['streq', predicate(2, (_, first, second) => first === second)],
  ['strneq', predicate(2, (_, first, second) => first !== second)],
  ['strstr', predicate(2, (_, first, second) => first.includes(second))],
  ['version_atleast', predicate(1, (context, text) => compare(ours(context), parseVersion(text)) >= 0)],
  ['version_before', predicate(1, (context, text) => compare(ours(context), parseVersion(text)) < 0)],
  [
    'openssl_version_atleast',
    predicate(1, (context, text) => compare(library(context), parseLibraryVersion(text)) >= 0),
  ],
  ['openssl_version_before', predicate(1, (context, text) => compare(library(context), parseLibraryVersion(text)) < 0)],
  ['ssllib_name_startswith', predicate(1, ({ capabilities }, name) => capabilities.tlsLibrary.startsWith(name))],
  // Node is never built with AWS-LC: it has no version of that interface, be it old or new.
  ['awslc_api_atleast', predicate(1, () => false)],
  ['awslc_api_before', predicate(1, () => false)],
  ['fips_mode', predicate(0, ({ capabilities }) => capabilities.fips)],
])

class Parser {
  readonly text: string
  readonly context: ConditionContext
  at = 0

  constructor(text: string, context: ConditionContext) {
    this.text = text
    this.context = context
  }

  skip(): void {
    while (this.text[this.at] === ' ' || this.text[this.at] === '\t') this.at++
  }

  /** Both sides are read in any case, since a fault in the part that does not matter is a fault all the same. */
  either(): boolean {
    let holds = this.both()
    while (this.#operator('||')) holds = this.both() || holds
    return holds
  }

  both(): boolean {
    let holds = this.term()
    while (this.#operator('&&')) holds = this.term() && holds
    return holds
  }

  #operator(sign: string): boolean {
    this.skip()
    if (!this.text.startsWith(sign, this.at)) return false
    const start = this.at
    this.at += sign.length
    this.skip()
    if (this.at >= this.text.length) this.#unparsable(start)
    return true
  }

  #unparsable(start: number): never {
    throw new ConditionError(`unparsable conditional expression '${this.text.slice(start)}'`, start)
  }

  term(): boolean {
    this.skip()
    const start = this.at
    if (this.text[start] === '!') {
      this.at++
      this.skip()
      if (this.at >= this.text.length) this.#unparsable(start)
      return !this.term()
    }
    if (this.text[start] === '(') return this.#group(start)
    const number = /^[+-]?(?:0x[0-9a-f]+|\d+)/i.exec(this.text.slice(start))?.[0]
    if (number !== undefined) {
      this.at += number.length
      return Number(number.replace(/^[+-]/, '')) !== 0
    }
    return this.#predicate(start)
  }

  #group(start: number): boolean {
    this.at++
    const holds = this.either()
    this.skip()
    if (this.text[this.at] !== ')') {
      throw new ConditionError(`expected ')' after conditional expression '${this.text.slice(start)}'`, this.at)
    }
    this.at++
    return holds
  }

  #predicate(start: number): boolean {
    const name = /^[a-z_]+/.exec(this.text.slice(start))?.[0] ?? ''
    const known = predicates.get(name)
    if (known === undefined) return this.#unparsable(start)
    this.at += name.length
    let args: readonly string[] = []
    if (this.text[this.at] === '(') {
      const where = `of predicate '${name}' used in conditional expression`
      const open = this.at + 1
      const lexed = lexArguments(this.text, open)
      if (lexed.end < 0)
        throw new ConditionError(`expected ')' in argument ${lexed.args.length} ${where}`, this.text.length)
      const count = lexed.args.length
      if (count > Math.max(known.arguments, 1)) {
        throw new ConditionError(`expected ')' after argument ${known.arguments} ${where}`, open)
      }
      if (count < known.arguments) {
        throw new ConditionError(`missing arguments (got ${count}/${known.arguments}) ${where}`, lexed.end)
      }
      args = lexed.args
      this.at = lexed.end + 1
    }
    return known.holds(this.context, args[0] ?? '', args[1] ?? '')
  }
}

/**
 * Evaluates a condition whose words have been lexed and joined by one blank. The empty one does not hold.
 * @throws ConditionError when it cannot be read
 */
export function evaluate(text: string, context: ConditionContext): boolean {
  if (text.trim() === '') return false
  const parser = new Parser(text, context)
  const holds = parser.either()
  parser.skip()
  if (parser.at < text.length) {
    const rest = text[parser.at]
    throw new ConditionError(`unexpected character '${rest}' at the end of conditional expression '${text}'`, parser.at)
  }
  return holds
}

/**
 * What the command's `-cc` asks: a condition as one would write it behind `.if`, quotes and variables included.
 * @throws ConditionError when it cannot be read
 */
export function evaluateCondition(text: string, context: ConditionContext): boolean {
  const lexed = lex(text, context.lookup)
  if ('fault' in lexed) throw new ConditionError(lexed.fault.message, lexed.fault.position)
  return evaluate(lexed.words.join(' '), context)
}
