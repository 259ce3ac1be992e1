/** `tcp-check expect` and `http-check expect`: what a check looks for, and what more its line says. */
import { type ExpectOptions, expect, type Sample } from '../../index.js'
import { errorStatuses, okStatuses, timeoutStatuses } from '../../proxy/checks/status.js'
import type { ExpectStep } from '../../proxy/checks/step.js'
import { type CheckSet, checkpointOf, makeFormat, type StepMaker } from '../check-draft.js'
import type { Line } from '../keyword.js'
import type { Linker } from '../linker.js'
import { type PatternMaker, readField } from './check-field.js'
import { isHex, isRegex } from './check-values.js'

/** What is in the line, word by word. */
interface Reading {
  pattern?: PatternMaker
  not?: boolean
  atLeast?: number
  onSuccess?: string
  onError?: string
  okStatus?: string
  errorStatus?: string
  timeoutStatus?: string
  code?: string
  comment?: string
}

const inBytes = ['string', 'rstring', 'string-lf', 'binary', 'rbinary', 'binary-lf', 'custom']
const inAnswers = ['string', 'rstring', 'string-lf', 'status', 'rstatus', 'hdr', 'fhdr', 'custom']

const known: Readonly<Record<CheckSet, string>> = {
  'tcp-check':
    "min-recv, '[!]binary', '[!]string', '[!]rstring', '[!]string-lf', '[!]rbinary', '[!]binary-lf' or comment",
  'http-check':
    "min-recv, '[!]string', '[!]rstring', '[!]string-lf', '[!]status', '[!]rstatus', '[!]hdr', '[!]fhdr' or comment",
}

/** A whole line; nothing when something is wrong, which has been told. */
export function readExpect(line: Line, set: CheckSet): StepMaker | undefined {
  const words = [...line.args]
  const read: Reading = {}
  if (words.length === 0) {
    line.alert(`'${line.keyword}' : expects at least a matching pattern as arguments.`)
    return undefined
  }
  while (words.length > 0) if (!readWord(line, set, words, read)) return undefined
  if (read.pattern !== undefined) return (linker) => make(line, read, linker)
  line.alert(`'${line.keyword}' : expects a pattern to look for.`, `as in '${line.keyword} string OK'`)
  return undefined
}

function readWord(line: Line, set: CheckSet, words: string[], read: Reading): boolean {
  const patterns = set === 'tcp-check' ? inBytes : inAnswers
  let word = words.shift() ?? ''
  const not = word.startsWith('!')
  if (not) word = word === '!' ? (words.shift() ?? '') : word.slice(1)
  if (set === 'http-check' && word === 'header') word = correctSpelling(line, words)
  if (patterns.includes(word)) {
    if (read.pattern !== undefined) {
      line.alert(`'${line.keyword}' : only one pattern is expected.`)
      return false
    }
    read.not = not
    const pattern = readPattern(line, word, words)
    if (pattern !== undefined) read.pattern = pattern
    return pattern !== undefined
  }
  if (not && Object.hasOwn(options, word)) {
    line.alert(`'${line.keyword}' : [!] not supported with '${word}'.`)
    return false
  }
  if (Object.hasOwn(options, word)) return options[word]?.(line, words.shift() ?? '', read) === true
  line.alert(`'${line.keyword}' : only supports ${known[set]} but got '${word}' as argument.`)
  return false
}

/** Tutorials write `header NAME -m sub VALUE`. */
function correctSpelling(line: Line, words: string[]): 'hdr' {
  const [name = '', ...rest] = words
  words.splice(0, words.length, 'name', name, ...(rest.length === 0 ? [] : ['value', ...rest]))
  line.warning(
    "'http-check expect header' is not HAProxy's spelling.",
    `write 'http-check expect hdr ${words.join(' ')}'`,
  )
  return 'hdr'
}

function readPattern(line: Line, word: string, words: string[]): PatternMaker | undefined {
  if (word === 'hdr' || word === 'fhdr') return readField(line, word, words)
  if (word === 'custom')
    return (_linker, options) => expect.custom(() => ({ passed: line.keyword === 'tcp-check expect' }), options)
  const text = words.shift() ?? ''
  if (text === '') {
    line.alert(`'${line.keyword}' : '${word}' expects a <pattern> as argument.`)
    return undefined
  }
  if (!isPattern(line, word, text)) return undefined
  return (linker, options) => makePattern(line, word, text, linker, options)
}

/** What can be told of a pattern before all is known. */
function isPattern(line: Line, word: string, text: string): boolean {
  if (word === 'binary') return isHex(line, text, '')
  if (word === 'status') return isStatusList(line, text)
  if (word === 'string') warnOfQuotes(line, text)
  return word.startsWith('r') ? isRegex(line, text) : true
}

function isStatusList(line: Line, text: string): boolean {
  const odd = /[^0-9,-]/.exec(text)?.[0]
  if (odd !== undefined) {
    line.alert(`'${line.keyword}' : invalid character '${odd}' in the list of status codes.`)
    return false
  }
  for (const part of text.split(',')) {
    const [, first, last] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part) ?? []
    if (part === '' || (first !== undefined && Number(last ?? first) >= Number(first))) continue
    line.alert(`'${line.keyword}' : invalid range of status codes '${part}'.`)
    return false
  }
  return true
}

/** `"status":"ok"` loses its quotes to the parser, as it does in HAProxy. */
function warnOfQuotes(line: Line, pattern: string): void {
  if (!/^\{?[\w-]+:[\w-]+\}?$/.test(pattern)) return
  line.warning(
    `'${line.keyword} string' looks for ${pattern}, without quotes: the parser removes them.`,
    'to look for quotes, write the pattern in single quotes, as in \'"status":"ok"\'',
  )
}

function makePattern(
  line: Line,
  word: string,
  text: string,
  linker: Linker,
  options: ExpectOptions,
): ExpectStep | undefined {
  switch (word) {
    case 'string':
      return expect.string(text, options)
    case 'binary':
      return expect.binary(text, options)
    case 'status':
      return expect.status(text.replace(/,+$/, ''), options)
    case 'string-lf':
    case 'binary-lf': {
      const format = makeFormat(text, line.keyword, line.place, linker)
      if (format === undefined) return undefined
      return word === 'string-lf' ? expect.string(format, options) : expect.binary(format, options)
    }
    default:
      return expect[word as 'rstring' | 'rbinary' | 'rstatus'](linker.compileRegex(text), options)
  }
}

/** An option and its word. */
type OptionReader = (line: Line, value: string, read: Reading) => boolean

const text =
  (name: string, key: 'onSuccess' | 'onError' | 'comment', what = 'a string'): OptionReader =>
  (line, value, read) => {
    if (value === '') line.alert(`'${line.keyword}' : '${name}' expects ${what} as argument.`)
    else read[key] = value
    return value !== ''
  }

const status =
  (name: string, key: 'okStatus' | 'errorStatus' | 'timeoutStatus', words: readonly string[]): OptionReader =>
  (line, value, read) => {
    if (words.includes(value)) {
      read[key] = value
      return true
    }
    const sorted = [...words].sort().map((word) => `'${word}'`)
    const last = sorted.pop()
    if (value === '') line.alert(`'${line.keyword}' : '${name}' expects a string as argument.`)
    else
      line.alert(`'${line.keyword}' : '${name}' only supports ${sorted.join(', ')} or ${last} status (got '${value}').`)
    return false
  }

const minimum: OptionReader = (line, value, read) => {
  const number = Number(value)
  if (/^-?\d+$/.test(value) && number >= -1 && number < 2 ** 31) {
    if (number >= 0) read.atLeast = number
    return true
  }
  const message = value === '' ? 'expects a integer as argument.' : 'expects -1 or an integer from 0 to INT_MAX.'
  line.alert(`'${line.keyword}' : 'min-recv' ${message}`)
  return false
}

const code: OptionReader = (line, value, read) => {
  if (value === '') line.alert(`'${line.keyword}' : 'status-code' expects an expression as argument.`)
  else read.code = value
  return value !== ''
}

const options: Readonly<Record<string, OptionReader>> = {
  'min-recv': minimum,
  comment: text('comment', 'comment'),
  'on-success': text('on-success', 'onSuccess'),
  'on-error': text('on-error', 'onError'),
  'ok-status': status('ok-status', 'okStatus', okStatuses),
  'error-status': status('error-status', 'errorStatus', errorStatuses),
  'tout-status': status('tout-status', 'timeoutStatus', timeoutStatuses),
  'status-code': code,
}

function make(line: Line, read: Reading, linker: Linker): ExpectStep | undefined {
  const { pattern, onSuccess, onError, code, ...rest } = read
  const format = (given: string | undefined) =>
    given === undefined ? undefined : makeFormat(given, line.keyword, line.place, linker)
  const made = {
    onSuccess: format(onSuccess),
    onError: format(onError),
    code: code === undefined ? undefined : linker.sample(code, line.place, checkpointOf(`${line.keyword} status-code`)),
  }
  const faulty = [onSuccess, onError, code].some(
    (given, index) => given !== undefined && Object.values(made)[index] === undefined,
  )
  if (faulty) return undefined
  const known = Object.fromEntries(Object.entries({ ...rest, ...made }).filter(([, value]) => value !== undefined))
  return pattern?.(linker, known as ExpectOptions & { code?: Sample<unknown, 'check'> })
}
