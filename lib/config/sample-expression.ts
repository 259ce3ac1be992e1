/**
 * Text → sample: a fetch with its arguments, and converters behind commas (manual, chapter 7.3). Which fetches there are is told by
 * the rooms that own them.
 */

import type { Phase, Sample } from '../index.js'
import { callText } from '../match/call-text.js'
import { type ConverterDefinition, makeConverter } from '../match/converter.js'
import { type DerivedMatch, type FetchDefinition, makeFetch } from '../match/fetch.js'
import type { Links } from '../match/links.js'
import { didYouMean } from './advice.js'
import { lexArguments } from './lexer.js'
import { converterWords, fetchWords } from './vocabulary.js'
import type { Words } from './words.js'

/** An expression that cannot be read. */
export class ExpressionError extends Error {
  readonly advice: string | undefined

  constructor(message: string, advice?: string | undefined) {
    super(message)
    this.advice = advice
  }
}

/** A fetch or a converter as written: its name and the arguments between the parentheses. */
export interface Call {
  readonly name: string
  readonly args: readonly string[]
}

/** An expression that has been read, but not made yet. */
export interface SampleDraft {
  readonly text: string
  readonly definition: FetchDefinition
  readonly args: readonly string[]
  /** How an ACL matches that names this word and no `-m`: what the suffix of `path_beg` stands for. */
  readonly derived: DerivedMatch | undefined
  readonly converters: readonly { readonly converter: ConverterDefinition; readonly args: readonly string[] }[]
  /** Where a haproxy.cfg may ask it. */
  readonly phases: readonly Phase[]
}

/** Cuts `fetch(args),converter(args)` at its commas; as in HAProxy nothing may stand between two, or behind the last. Throws {@link ExpressionError}. */
export function cutCalls(text: string): readonly Call[] {
  const calls: Call[] = []
  let at = 0
  for (;;) {
    const name = /^[^(,]*/.exec(text.slice(at))?.[0] ?? ''
    at += name.length
    let args: readonly string[] = []
    if (text[at] === '(') {
      const lexed = lexArguments(text, at + 1)
      if (lexed.end < 0) throw new ExpressionError(`'${name}' : expected ')' in '${text}'`)
      args = lexed.args.length === 1 && lexed.args[0] === '' ? [] : lexed.args
      at = lexed.end + 1
    }
    if (name !== '' || args.length > 0 || calls.length === 0) calls.push({ name, args })
    if (at >= text.length) return calls
    if (text[at] !== ',')
      throw new ExpressionError(
        `unexpected '${text.slice(at)}' behind '${name}(…)'`,
        'quote the argument that holds the parenthesis',
      )
    at++
  }
}

/** The expression that {@link cutCalls} reads these of. */
export const joinCalls = (calls: readonly Call[]): string =>
  calls.map(({ name, args }) => callText(name, args)).join(',')

const suffix = /_(?:beg|dir|dom|end|len|reg|sub)$/

function unknownFetch(name: string, words: Words): ExpressionError {
  if (name === '') return new ExpressionError("missing fetch method in expression ''")
  const message = `unknown fetch method '${name}'`
  const derived = words.fetches.get(name)
  if (derived?.derived !== undefined)
    return new ExpressionError(
      message,
      `it is known in conditions only, where it compares; the value is '${derived.definition.name}'`,
    )
  if (words.converters.has(name) || converterWords.includes(name))
    return new ExpressionError(message, `'${name}' is a converter: write what it converts first, as in 'src,${name}'`)
  if (fetchWords.includes(name) || fetchWords.includes(name.replace(suffix, ''))) {
    return new ExpressionError(`fetch '${name}' is not supported yet`)
  }
  return new ExpressionError(message, didYouMean(name, [...words.fetches.keys(), ...fetchWords]))
}

function unknownConverter(name: string, words: Words): ExpressionError {
  if (converterWords.includes(name)) return new ExpressionError(`converter '${name}' is not supported yet`)
  const advice = /^\s|\s$/.test(name)
    ? 'remove the blanks around it'
    : didYouMean(name, [...words.converters.keys(), ...converterWords])
  return new ExpressionError(`unknown converter '${name}'`, advice)
}

/** In response rules, these ask the response. */
const ofResponse: Readonly<Record<string, string>> = {
  hdr: 'res.hdr',
  cookie: 'res.cook',
  payload: 'res.payload',
  payload_lv: 'res.payload_lv',
}

/**
 * Reads an expression. In ACLs the derived words (`path_beg`) are known, too.
 * @throws ExpressionError
 */
export function readSample(
  text: string,
  words: Words,
  place: { readonly acl: boolean; readonly response: boolean },
): SampleDraft {
  const [fetch, ...rest] = cutCalls(text) as readonly [Call, ...Call[]]
  const name = place.response && !place.acl ? (ofResponse[fetch.name] ?? fetch.name) : fetch.name
  const word = words.fetches.get(name)
  if (word === undefined || (word.derived !== undefined && !place.acl)) throw unknownFetch(fetch.name, words)
  const { definition, derived } = word
  if (fetch.args.length > definition.arguments.length) {
    const allowed = definition.arguments.length === 0 ? 'no argument' : `at most ${definition.arguments.length}`
    throw new ExpressionError(`'${fetch.name}' takes ${allowed}, but got '${fetch.args.join(',')}'`, usage(definition))
  }
  const converters = rest.map(({ name, args }) => {
    const converter = words.converters.get(name)
    if (converter === undefined) throw unknownConverter(name, words)
    return { converter, args }
  })
  return {
    text,
    definition,
    args: fetch.args,
    derived,
    converters,
    phases: definition.strictPhases ?? definition.phases,
  }
}

function usage({ name, arguments: wanted }: FetchDefinition): string {
  if (wanted.length === 0) return `write '${name}' without arguments`
  return `write '${name}(${wanted.map((argument) => (argument.optional === true ? `[${argument.name}]` : argument.name)).join(',')})'`
}

/**
 * Makes the sample.
 * @throws OptionError when an argument is wrong
 */
export function makeSample(draft: SampleDraft, links: Links): Sample<unknown, never> {
  let sample = makeFetch(draft.definition, draft.args, links)
  for (const { converter, args } of draft.converters) sample = makeConverter(converter, sample, args, links)
  return sample
}
