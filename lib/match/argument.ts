/** The words between the parentheses of a fetch or converter: what they have to be, and how they are read. */
import { parseDuration } from '../base/duration.js'
import { OptionError } from '../base/errors.js'
import { type Integer, parseInteger } from '../base/int64.js'
import { Ip } from '../base/ip.js'
import { parseSize } from '../base/size.js'
import { castInteger, castText } from './cast.js'
import type { Context } from './context.js'
import type { Late, Links } from './links.js'
import { Variable } from './variable.js'

/** What an argument can be. Several kinds are found by name; see {@link Links}. */
export type ArgumentType =
  | 'string'
  | 'integer'
  | 'size'
  | 'time'
  | 'ip'
  | 'enum'
  | 'variable'
  | 'integer or variable'
  | 'string or variable'
  | 'table'
  | 'frontend'
  | 'backend'
  | 'server'
  | 'users'
  | 'file'

/** One argument. */
export interface ArgumentDefinition {
  /** As the manual's summary calls it. */
  readonly name: string
  readonly type: ArgumentType
  readonly optional?: boolean | undefined
  /** The last one may come any number of times. */
  readonly repeated?: boolean | undefined
  /** The words of an `enum`. */
  readonly oneOf?: readonly string[] | undefined
}

/** An argument that has been read: `undefined` when it was left away, an object where one was named. */
export type ArgumentValue = string | Integer | Ip | Variable | Late | object | undefined

/** What the loader does with a fetch's or converter's words. `subject` is as in `converter 'add'`. Throws {@link OptionError}. */
export function readArguments(
  subject: string,
  wanted: readonly ArgumentDefinition[],
  words: readonly string[],
  links: Links,
): readonly ArgumentValue[] {
  const last = wanted.at(-1)
  const most = last?.repeated === true ? Number.POSITIVE_INFINITY : wanted.length
  if (words.length > most) {
    const allowed = most === 0 ? 'no argument' : `at most ${most}`
    throw new OptionError(subject, '', `${words.length} arguments, ${allowed} expected: ${argumentUsage(wanted)}`)
  }
  const values = wanted.map((argument, index) => readArgument(subject, argument, words[index], links))
  for (const word of words.slice(wanted.length))
    values.push(readArgument(subject, last as ArgumentDefinition, word, links))
  return values
}

/** As the manual writes it: `(<index>,<delimiters>[,<count>])`. */
export function argumentUsage(wanted: readonly ArgumentDefinition[]): string {
  if (wanted.length === 0) return 'without parentheses'
  const names = wanted.map(({ name, optional, repeated }, index) => {
    const text = `${index === 0 ? '' : ','}<${name}>${repeated === true ? ',…' : ''}`
    return optional === true ? `[${text}]` : text
  })
  return `(${names.join('')})`
}

function readArgument(
  subject: string,
  { name, type, optional, oneOf = [] }: ArgumentDefinition,
  word: string | undefined,
  links: Links,
): ArgumentValue {
  const fault = (problem: string): OptionError => new OptionError(subject, name, problem)
  if (word === undefined || (word === '' && type !== 'string' && type !== 'string or variable')) {
    if (type === 'table' || type === 'frontend' || type === 'backend') return readLinked(fault, type, undefined, links)
    if (optional === true) return undefined
    throw fault('is missing')
  }
  switch (type) {
    case 'string':
      return word
    case 'integer':
      return parseInteger(word) ?? reject(fault(`'${word}' is not an integer`))
    case 'size':
      return measured(fault, () => parseSize(word))
    case 'time':
      return measured(fault, () => parseDuration(word))
    case 'ip':
      return Ip.parse(word) ?? reject(fault(`'${word}' is not an IP address`))
    case 'enum':
      return oneOf.includes(word) ? word : reject(fault(`'${word}' is not one of ${oneOf.join(', ')}`))
    case 'variable':
      return Variable.parse(word)
    case 'integer or variable':
      return parseInteger(word) ?? variableOf(fault, word)
    case 'string or variable':
      return /^(?:proc|sess|txn|req|res|check)\./.test(word) ? Variable.parse(word) : word
    case 'file':
      return word
    default:
      return readLinked(fault, type, word, links)
  }
}

function variableOf(fault: (problem: string) => OptionError, word: string): Variable {
  try {
    return Variable.parse(word)
  } catch (error) {
    throw fault(`'${word}' is neither an integer nor a variable: ${(error as Error).message}`)
  }
}

function measured(fault: (problem: string) => OptionError, read: () => number): number {
  try {
    return read()
  } catch (error) {
    throw fault((error as Error).message)
  }
}

function reject(error: OptionError): never {
  throw error
}

function readLinked(
  fault: (problem: string) => OptionError,
  type: 'table' | 'frontend' | 'backend' | 'server' | 'users',
  word: string | undefined,
  links: Links,
): ArgumentValue {
  // Which proxy is at hand is for the fetch to say when nothing is named and none is there.
  if (word === undefined) return type === 'table' ? undefined : links[type as 'frontend'](undefined)
  if (type === 'server') {
    const slash = word.indexOf('/')
    const backend = slash < 0 ? undefined : word.slice(0, slash)
    return links.server(backend, word.slice(slash + 1)) ?? reject(fault(`there is no server '${word}'`))
  }
  if (type === 'table') return word
  const found = links[type](word) as ArgumentValue
  return found ?? reject(fault(`there is no ${type === 'users' ? 'userlist' : type} '${word}'`))
}

/** An `integer or variable` as what it is worth in a context. */
export function integerOperand(value: ArgumentValue): (context: Context) => Integer | undefined {
  if (!(value instanceof Variable)) return () => value as Integer
  return (context) => castInteger(value.get(context))
}

/** A `string or variable` as what it is worth in a context. */
export function textOperand(value: ArgumentValue): (context: Context) => string | undefined {
  if (!(value instanceof Variable)) return () => value as string
  return (context) => castText(value.get(context))
}
