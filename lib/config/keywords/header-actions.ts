/** Actions that change the fields of the message in hand: `set-header`, `add-header`, `del-header`, `replace-header`, `replace-value`. */
import {
  addHeader,
  addHeaders,
  delHeader,
  delHeaders,
  type Phase,
  type Rule,
  replaceHeader,
  replaceValue,
  type Sample,
  setHeader,
  setHeaders,
} from '../../index.js'
import type { Text } from '../../match/format.js'
import type { Regex } from '../../match/regex.js'
import { isToken } from '../../message/headers.js'
import { type NameMatch, removal } from '../../rules/actions/set-header.js'
import type { ActionKeyword, ActionLine, RuleMaker } from '../action.js'
import type { RuleSetName } from '../proxy-draft.js'

const messages: readonly RuleSetName[] = ['http-request', 'http-response', 'http-after-response']

/** The next words, as many as the action has; told when they are too few, or empty. */
export function exactly(
  words: ActionLine,
  count: number,
  message: string,
  advice?: string,
): readonly string[] | undefined {
  const found: string[] = []
  while (found.length < count) {
    const word = words.words.shift()
    if (word === undefined || word === '') {
      words.alert(message, advice)
      return undefined
    }
    found.push(word)
  }
  return found
}

/** An expression; told when it cannot be read. */
export function readRegex(words: ActionLine, text: string): Regex | undefined {
  try {
    return words.line.loading.compileRegex(text)
  } catch (error) {
    words.alert(`${(error as Error).message}.`)
    return undefined
  }
}

/** The name of a field. HAProxy takes the colon of `X-A: b` as part of it and sends `x-a:: b`, which no server reads as that field. */
export function fieldName(words: ActionLine, name: string): string {
  const bare = name.replace(/:$/, '')
  if (!isToken(bare) || bare === name) return name
  words.line.warning(
    `'${words.line.keyword}' : the colon of '${name}' is no part of the field's name, and is left away.`,
    `write '${bare}'`,
  )
  return bare
}

/** `<name> <format>`. */
const field = (name: string, make: (name: string, value: Text<Phase>) => Rule<never>): ActionKeyword => ({
  name,
  sets: messages,
  read: (words) => {
    const advice = 'write the name of the field and its value; quote a value with blanks'
    const [header, value] = exactly(words, 2, 'expects exactly 2 arguments.', advice) ?? []
    if (header === undefined || value === undefined) return undefined
    const name = fieldName(words, header)
    return (linker, checkpoint) => {
      const text = linker.format(value, words.line.place, checkpoint)
      return text === undefined ? undefined : make(name, text)
    }
  },
})

/** `<name> <regex> <format>`. */
const replacement = (
  name: string,
  make: (name: string, pattern: Regex, value: Text<Phase>) => Rule<never>,
): ActionKeyword => ({
  name,
  sets: messages,
  read: (words) => {
    const advice = 'write the name of the field, a regular expression, and what stands in place of what matches'
    const [header, pattern, value] = exactly(words, 3, 'expects exactly 3 arguments.', advice) ?? []
    if (header === undefined || pattern === undefined || value === undefined) return undefined
    const regex = readRegex(words, pattern)
    if (regex === undefined) return undefined
    const name = fieldName(words, header)
    return (linker, checkpoint) => {
      const text = linker.format(value, words.line.place, checkpoint)
      return text === undefined ? undefined : make(name, regex, text)
    }
  },
})

const nameMatches: readonly string[] = ['str', 'beg', 'end', 'sub'] satisfies NameMatch[]

function readRemoval(words: ActionLine): RuleMaker | undefined {
  const [header] = exactly(words, 1, 'expects at least 1 argument.', 'write the name of the field') ?? []
  if (header === undefined) return undefined
  if (words.words[0] !== '-m') {
    const name = fieldName(words, header)
    return () => delHeader(name)
  }
  words.words.shift()
  const [method] = exactly(words, 1, '-m flag expects exactly 1 argument.') ?? []
  if (method === undefined) return undefined
  if (method === 'reg') {
    const regex = readRegex(words, header)
    return regex && (() => removal(`${header} -m reg`, (name) => regex.test(name)))
  }
  if (nameMatches.includes(method)) return () => delHeader(header, method as NameMatch)
  words.alert(`-m with unsupported matching method '${method}'.`, "it can be 'str', 'beg', 'end', 'sub' and 'reg'")
  return undefined
}

const expressionAdvice = "as in 'req.hdrs_bin'"

/** `<expr> [prefix <str>]`. */
const many = (name: string, make: (from: Sample<unknown, Phase>, prefix?: string) => Rule<never>): ActionKeyword => ({
  name,
  sets: messages,
  read: (words) => {
    const [source] = exactly(words, 1, 'expects an expression.', expressionAdvice) ?? []
    if (source === undefined) return undefined
    let prefix = ''
    if (words.words[0] === 'prefix') {
      words.words.shift()
      const [value] = exactly(words, 1, "'prefix' expects an argument.") ?? []
      if (value === undefined) return undefined
      prefix = value
    }
    return (linker, checkpoint) => {
      const sample = linker.sample(source, words.line.place, checkpoint)
      return sample && make(sample, prefix)
    }
  },
})

/** `<expr> [-m str|beg|end|sub]`. */
function readRemovals(words: ActionLine): RuleMaker | undefined {
  const [source] = exactly(words, 1, 'expects an expression.', expressionAdvice) ?? []
  if (source === undefined) return undefined
  let method = 'str'
  if (words.words[0] === '-m') {
    words.words.shift()
    method = words.words.shift() ?? ''
    if (!nameMatches.includes(method)) {
      words.alert(`-m with unsupported matching method '${method}'.`, "it can be 'str', 'beg', 'end' and 'sub'")
      return undefined
    }
  }
  return (linker, checkpoint) => {
    const sample = linker.sample(source, words.line.place, checkpoint)
    return sample && delHeaders(sample, method as NameMatch)
  }
}

export const headerActions: readonly ActionKeyword[] = [
  field('set-header', setHeader),
  field('add-header', addHeader),
  { name: 'del-header', sets: messages, read: readRemoval },
  replacement('replace-header', replaceHeader),
  replacement('replace-value', replaceValue),
  many('add-headers-bin', addHeaders),
  many('set-headers-bin', setHeaders),
  { name: 'del-headers-bin', sets: messages, read: readRemovals },
]
