/** Converters of texts (manual, chapter 7.3.1). Texts are latin1, one character a byte. */
import { OptionError } from '../../base/errors.js'
import { type ConverterDefinition, integerWord, textConverter } from '../converter.js'
import { foldCase } from '../text-pattern.js'

/** The converters of texts. */
export const textConverters: readonly ConverterDefinition[] = [
  textConverter('lower', 'str', 0, () => foldCase),
  textConverter('upper', 'str', 0, () => (value) => value.replace(/[a-z]+/g, (part) => part.toUpperCase())),
  textConverter('length', 'int', 0, () => (value) => value.length),
  textConverter('hex', 'str', 0, () => (value) => Buffer.from(value, 'latin1').toString('hex').toUpperCase()),
  textConverter('base64', 'str', 0, () => (value) => Buffer.from(value, 'latin1').toString('base64')),
  textConverter('field', 'str', 3, (words) => {
    const [index, delimiters, count] = fieldWords(words)
    return (value) => field(value, index, delimiters, count)
  }),
  textConverter('url_dec', 'str', 1, ([word]) => {
    const form = word !== undefined && integerWord('url_dec', word) !== 0
    return (value) => decodeUrl(value, form)
  }),
]

function fieldWords(words: readonly string[]): [index: number, delimiters: string, count: number] {
  const [word, delimiters, many] = words
  const index = integerWord('field', word)
  if (index === 0) throw new OptionError("converter 'field'", '', 'fields are counted from 1, or from -1 at the end')
  if (delimiters === undefined || delimiters === '') {
    throw new OptionError("converter 'field'", '', 'needs the characters that part the fields')
  }
  return [index, delimiters, many === undefined ? 1 : integerWord('field', many)]
}

/** `count` fields from the one with this index on, counted from the end when it is negative; 0 takes all that are left. */
function field(value: string, index: number, delimiters: string, count: number): string | undefined {
  const starts = [0]
  for (let at = 0; at < value.length; at++) if (delimiters.includes(value[at]!)) starts.push(at + 1)
  const fields = starts.length
  const first = index > 0 ? index - 1 : count === 0 ? 0 : Math.max(0, fields + index - count + 1)
  const last = index > 0 ? (count === 0 ? fields - 1 : Math.min(fields - 1, first + count - 1)) : fields + index
  if (first >= fields || last < 0) return undefined
  const text = value.slice(starts[first]!, last + 1 < fields ? starts[last + 1]! - 1 : value.length)
  return text === '' ? undefined : text
}

/** Percent signs with two hexadecimal digits become bytes, `+` a blank behind the first question mark (everywhere in a form). */
function decodeUrl(value: string, form: boolean): string | undefined {
  if (/%(?![0-9A-Fa-f]{2})/.test(value)) return undefined
  const query = form ? 0 : value.indexOf('?')
  const blanks = query === -1 ? value : value.slice(0, query) + value.slice(query).replaceAll('+', ' ')
  return blanks.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
}
