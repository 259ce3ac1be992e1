/** Converters to and from JSON. */
import { OptionError } from '../../base/errors.js'
import type { ArgumentDefinition } from '../argument.js'
import { type ConverterDefinition, defineConverter } from '../converter.js'
import { findJson, type JsonPath, parseJsonPath, unescapeJson } from '../json-path.js'
import type { Value } from '../value.js'
import { shortNumber } from './short-number.js'
import { charactersOf, encodings, type InputEncoding } from './utf8.js'

/** How the answer of a query is asked for. */
export const queryArguments: readonly ArgumentDefinition[] = [
  { name: 'json_path', type: 'string', optional: true },
  { name: 'output_type', type: 'enum', oneOf: ['int'], optional: true },
]

/** The converters to and from JSON. */
export const jsonConverters: readonly ConverterDefinition[] = [
  defineConverter({
    name: 'json',
    from: 'str',
    type: 'str',
    arguments: [{ name: 'input-code', type: 'enum', oneOf: encodings, optional: true }],
    prepare:
      ([encoding = 'ascii'], { bufferSize }) =>
      (value) => {
        const text = escapeJson(value, encoding as InputEncoding)
        return text !== undefined && text.length < bufferSize ? text : undefined
      },
  }),
  defineConverter({
    name: 'json_query',
    from: 'str',
    type: 'any',
    arguments: queryArguments,
    prepare: ([path = '', type]) => {
      if (path === '') throw new OptionError("converter 'json_query'", 'json_path', "is missing, as in '$.user.name'")
      const query = jsonQuery(String(path), type === 'int')
      return (value) => query(value)
    },
  }),
]

function escapeJson(text: string, encoding: InputEncoding): string | undefined {
  const codes = charactersOf(text, encoding)
  if (codes === undefined) return undefined
  let escaped = ''
  for (const code of codes)
    escaped += SHORT.get(code) ?? (code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : unicode(code))
  return escaped
}

const unicode = (code: number): string => `\\u${code.toString(16).padStart(4, '0')}`

const SHORT: ReadonlyMap<number, string> = new Map(
  Object.entries({ '"': '"', '\\': '\\', '/': '/', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't' }).map(
    ([character, letter]) => [character.charCodeAt(0), `\\${letter}`],
  ),
)

/**
 * What answers a query: texts as they are, yes and no, arrays as written, and numbers as HAProxy prints them (with six digits)
 * or, where an integer is asked for, their whole part. Objects and null have no value.
 */
export function jsonQuery(path: string, integer: boolean): (text: string) => Value | undefined {
  const steps: JsonPath | undefined = parseJsonPath(path)
  if (steps === undefined) return () => undefined
  return (text) => {
    const found = findJson(text, steps)
    return found === undefined ? undefined : answer(found, integer)
  }
}

function answer(json: string, integer: boolean): Value | undefined {
  switch (json[0]) {
    case '"':
      return unescapeJson(json)
    case 't':
      return true
    case 'f':
      return false
    case '[':
      return json
    case '{':
    case 'n':
      return undefined
    default: {
      if (!integer) return shortNumber(Number(json.replace(/\.$/, '')))
      const whole = Number(/^-?\d+/.exec(json)?.[0])
      return Number.isSafeInteger(whole) ? whole + 0 : undefined
    }
  }
}
