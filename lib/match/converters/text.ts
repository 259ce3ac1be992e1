/** Converters of texts (manual, chapter 7.3.1). Texts are latin1, one character a byte. */
import { OptionError } from '../../base/errors.js'
import { type ConverterDefinition, defineConverter } from '../converter.js'
import { foldCase } from '../text-pattern.js'

/** The converters of texts. */
export const textConverters: readonly ConverterDefinition[] = [
  defineConverter({ name: 'lower', from: 'str', type: 'str', prepare: () => foldCase }),
  defineConverter({
    name: 'upper',
    from: 'str',
    type: 'str',
    prepare: () => (value) => value.replace(/[a-z]+/g, (part) => part.toUpperCase()),
  }),
  defineConverter({ name: 'length', from: 'str', type: 'int', prepare: () => (value) => value.length }),
  defineConverter({
    name: 'hex',
    from: 'bin',
    type: 'str',
    prepare: () => (value) => value.toString('hex').toUpperCase(),
  }),
  defineConverter({ name: 'base64', from: 'bin', type: 'str', prepare: () => (value) => value.toString('base64') }),
  defineConverter({
    name: 'field',
    from: 'str',
    type: 'str',
    arguments: [
      { name: 'index', type: 'integer' },
      { name: 'delimiters', type: 'string' },
      { name: 'count', type: 'integer', optional: true },
    ],
    prepare: ([index, delimiters, count = 1]) => {
      if (index === 0)
        throw new OptionError("converter 'field'", 'index', 'fields are counted from 1, or from -1 at the end')
      if (delimiters === '')
        throw new OptionError("converter 'field'", 'delimiters', 'needs the characters that part the fields')
      return (value) => field(value, Number(index), String(delimiters), Number(count))
    },
  }),
  defineConverter({
    name: 'url_dec',
    from: 'str',
    type: 'str',
    arguments: [{ name: 'in_form', type: 'integer', optional: true }],
    prepare:
      ([form = 0]) =>
      (value) =>
        decodeUrl(value, form !== 0),
  }),
]
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
