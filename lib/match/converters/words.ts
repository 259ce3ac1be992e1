/** Converters that take a part of a text which is parted by delimiters: words, fields, parameters, languages. */
import { OptionError } from '../../base/errors.js'
import type { ArgumentDefinition, ArgumentValue } from '../argument.js'
import { type ConverterDefinition, defineConverter } from '../converter.js'
import { preferredLanguage } from './language.js'

const position: readonly ArgumentDefinition[] = [
  { name: 'index', type: 'integer' },
  { name: 'delimiters', type: 'string' },
  { name: 'count', type: 'integer', optional: true },
]

type Cut = (value: string, index: number, delimiters: string, count: number) => string | undefined

/** The converters that part texts. */
export const wordConverters: readonly ConverterDefinition[] = [
  cutting('field', field),
  cutting('word', word),
  defineConverter({
    name: 'param',
    from: 'str',
    type: 'str',
    arguments: [
      { name: 'name', type: 'string' },
      { name: 'delim', type: 'string', optional: true },
    ],
    prepare: ([name, delimiter = '&']) => {
      const parting = readDelimiter(String(delimiter))
      return (value) => parameter(value, String(name), parting)
    },
  }),
  defineConverter({
    name: 'language',
    from: 'str',
    type: 'str',
    arguments: [
      { name: 'value', type: 'string', optional: true },
      { name: 'default', type: 'string', optional: true },
    ],
    prepare: ([list = '', otherwise]) => {
      const known = String(list)
        .split(';')
        .filter((each) => each !== '')
      const fallback = otherwise === '' ? undefined : (otherwise as string | undefined)
      return (value) => preferredLanguage(value, known) ?? fallback
    },
  }),
]

function cutting(name: string, cut: Cut): ConverterDefinition {
  return defineConverter({
    name,
    from: 'str',
    type: 'str',
    arguments: position,
    steady: true,
    prepare: prepareCut(name, cut),
  })
}

function prepareCut(name: string, cut: Cut) {
  return ([index, delimiters, count = 1]: readonly ArgumentValue[]): ((value: string) => string | undefined) => {
    const subject = `converter '${name}'`
    if (index === 0) throw new OptionError(subject, 'index', 'they are counted from 1, or from -1 at the end')
    if (delimiters === '') throw new OptionError(subject, 'delimiters', `needs the characters that part the ${name}s`)
    const number = Math.max(0, Number(count))
    return (value) => cut(value, Number(index), String(delimiters), number)
  }
}

/** `count` fields from the one with this index on, counted from the end when it is negative; 0 takes all that are left. */
function field(value: string, index: number, delimiters: string, count: number): string | undefined {
  const starts = [0]
  for (let at = 0; at < value.length; at++) if (delimiters.includes(value[at]!)) starts.push(at + 1)
  const fields = starts.length
  const first = index > 0 ? index - 1 : count === 0 ? 0 : Math.max(0, fields + index - count + 1)
  const last = index > 0 ? (count === 0 ? fields - 1 : Math.min(fields - 1, first + count - 1)) : fields + index
  if (first >= fields || last < 0) return undefined
  return value.slice(starts[first]!, last + 1 < fields ? starts[last + 1]! - 1 : value.length)
}

/**
 * The same of words, between which any number of delimiters stands. Where all that are left are asked for, or more than there are,
 * the delimiters at that end of the text come along.
 */
function word(value: string, index: number, delimiters: string, count: number): string | undefined {
  const words = wordsOf(value, delimiters)
  const first = index > 0 ? index - 1 : count === 0 ? Number.NEGATIVE_INFINITY : words.length + index - count + 1
  const last = index > 0 ? (count === 0 ? Number.POSITIVE_INFINITY : first + count - 1) : words.length + index
  if (index > 0 ? first >= words.length : last < 0) return undefined
  return value.slice(first < 0 ? 0 : words[first]![0], last >= words.length ? value.length : words[last]![1])
}

function wordsOf(value: string, delimiters: string): readonly (readonly [start: number, end: number])[] {
  const words: [number, number][] = []
  let start = -1
  for (let at = 0; at <= value.length; at++) {
    const parting = at === value.length || delimiters.includes(value[at]!)
    if (!parting && start < 0) start = at
    if (!parting || start < 0) continue
    words.push([start, at])
    start = -1
  }
  return words
}

function readDelimiter(text: string): string {
  const byte = /^0x([0-9A-Fa-f]{2})$/.exec(text)?.[1]
  if (byte !== undefined) return String.fromCharCode(Number.parseInt(byte, 16))
  if (text.length === 1) return text
  throw new OptionError("converter 'param'", 'delim', `'${text}' is neither one character nor a byte as in 0x3B`)
}

/** The value of `name=value` among others; nothing of it is decoded. Without an equals sign it is empty. */
function parameter(value: string, name: string, delimiter: string): string | undefined {
  for (const part of value.split(delimiter)) {
    if (part === name) return ''
    if (part.startsWith(name) && part[name.length] === '=') return part.slice(name.length + 1)
  }
  return undefined
}
