/** Actions that change the first line of the request: `set-path`, `replace-path`, `normalize-uri`, `set-method` … */
import {
  normalizeUri,
  type Phase,
  type Rule,
  replacePath,
  replacePathq,
  replaceUri,
  setMethod,
  setPath,
  setPathq,
  setQuery,
  setUri,
} from '../../index.js'
import type { Text } from '../../match/format.js'
import type { Regex } from '../../match/regex.js'
import { type NormalizerOption, normalizers } from '../../message/normalizer.js'
import type { NormalizerName } from '../../rules/actions/normalize-uri.js'
import type { ActionKeyword, ActionLine, RuleMaker } from '../action.js'
import { didYouMean } from '../advice.js'
import { exactly, readRegex } from './header-actions.js'

/** Nothing but the condition may stand behind the words of these. */
function isEnd(words: ActionLine, message: string): boolean {
  if (words.atCondition) return true
  words.alert(message, `'${words.words[0]}' is one too many: quote a value with blanks`)
  return false
}

/** `<format>`. */
const setting = (name: string, make: (value: Text<Phase>) => Rule<never>): ActionKeyword => ({
  name,
  sets: ['http-request'],
  read: (words) => {
    const message = 'expects exactly 1 argument <format>.'
    const [value] = exactly(words, 1, message) ?? []
    if (value === undefined || !isEnd(words, message)) return undefined
    return (linker, checkpoint) => {
      const text = linker.format(value, words.line.place, checkpoint)
      return text === undefined ? undefined : make(text)
    }
  },
})

/** `<regex> <format>`. */
const replacement = (name: string, make: (pattern: Regex, value: Text<Phase>) => Rule<never>): ActionKeyword => ({
  name,
  sets: ['http-request'],
  read: (words) => {
    const message = 'expects exactly 2 arguments <match-regex> and <replace-format>.'
    const [pattern, value] = exactly(words, 2, message) ?? []
    if (pattern === undefined || value === undefined || !isEnd(words, message)) return undefined
    const regex = readRegex(words, pattern)
    if (regex === undefined) return undefined
    return (linker, checkpoint) => {
      const text = linker.format(value, words.line.place, checkpoint)
      return text === undefined ? undefined : make(regex, text)
    }
  },
})

function readNormalizer(words: ActionLine): RuleMaker | undefined {
  if (words.line.loading.process.settings.experimental !== true) {
    const message =
      "'normalize-uri' action is experimental, must be allowed via a global 'expose-experimental-directives'"
    words.line.alert(message, "write 'expose-experimental-directives' into 'global'")
    return undefined
  }
  const known = `known are ${[...normalizers.keys()].join(', ')}`
  const [name] = exactly(words, 1, 'missing argument <normalizer>.', known) ?? []
  if (name === undefined) return undefined
  const options = normalizers.get(name)
  if (options === undefined) {
    words.alert(`unknown normalizer '${name}'.`, didYouMean(name, normalizers.keys()) ?? known)
    return undefined
  }
  const option = options.length === 0 ? undefined : words.next()
  if (option !== undefined && !options.includes(option as NormalizerOption)) {
    words.alert(`unknown argument '${option}' for '${name}' normalizer.`, `it has '${options.join("', '")}'`)
    return undefined
  }
  return () => normalizeUri(name as NormalizerName, option as NormalizerOption | undefined)
}

export const targetActions: readonly ActionKeyword[] = [
  setting('set-method', setMethod),
  setting('set-path', setPath),
  setting('set-pathq', setPathq),
  setting('set-query', setQuery),
  setting('set-uri', setUri),
  replacement('replace-path', replacePath),
  replacement('replace-pathq', replacePathq),
  replacement('replace-uri', replaceUri),
  { name: 'normalize-uri', sets: ['http-request'], read: readNormalizer },
]
