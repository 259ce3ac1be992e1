/** Converters of what stands in requests: URL encoding, the parts of a Host field. */
import type { Integer } from '../../base/int64.js'
import { textInteger } from '../cast.js'
import { type ConverterDefinition, defineConverter } from '../converter.js'
import { foldCase } from '../fold.js'

/** The converters of URLs and Host fields. */
export const webConverters: readonly ConverterDefinition[] = [
  defineConverter({
    name: 'url_dec',
    from: 'str',
    type: 'str',
    arguments: [{ name: 'in_form', type: 'integer', optional: true }],
    steady: true,
    prepare:
      ([form = 0]) =>
      (value) =>
        decodeUrl(value, form !== 0),
  }),
  defineConverter({
    name: 'url_enc',
    from: 'str',
    type: 'str',
    arguments: [{ name: 'enc_type', type: 'enum', oneOf: ['query'], optional: true }],
    prepare:
      (_, { bufferSize }) =>
      (value) =>
        encodeUrl(value, bufferSize),
  }),
  defineConverter({
    name: 'host_only',
    from: 'str',
    type: 'str',
    steady: true,
    prepare: () => (value) => foldCase(value.slice(0, portAt(value))),
  }),
  defineConverter({
    name: 'port_only',
    from: 'str',
    type: 'int',
    steady: true,
    prepare: () => (value) => portOf(value.slice(portAt(value) + 1)),
  }),
]

/** Percent signs with two hexadecimal digits become bytes, `+` a blank behind the first question mark (everywhere in a form). */
function decodeUrl(value: string, form: boolean): string | undefined {
  if (/%(?![0-9A-Fa-f]{2})/.test(value)) return undefined
  const query = form ? 0 : value.indexOf('?')
  const blanks = query === -1 ? value : value.slice(0, query) + value.slice(query).replaceAll('+', ' ')
  return blanks.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
}

/** All but letters, digits and `-_.~` in percent form (RFC 3986 §2.3), cut where the buffer ends. */
function encodeUrl(value: string, room: number): string {
  const encoded = value.replace(
    /[^A-Za-z0-9_.~-]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
  if (encoded.length <= room - 2) return encoded
  return encoded.slice(0, room - 2).replace(/%.?$/, '')
}

/** Where the colon before the port is; the end without one. Colons between brackets are the address's. */
function portAt(host: string): number {
  const colon = host.lastIndexOf(':')
  return colon > host.lastIndexOf(']') ? colon : host.length
}

/** What is no number counts as no port. */
function portOf(text: string): Integer {
  return /^\d+$/.test(text) ? textInteger(text) : 0
}
