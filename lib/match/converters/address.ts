/** Converters of addresses. */
import { OptionError } from '../../base/errors.js'
import { Ip } from '../../base/ip.js'
import { type ConverterDefinition, defineConverter } from '../converter.js'

/** The converters of addresses. */
export const addressConverters: readonly ConverterDefinition[] = [
  defineConverter({
    name: 'ipmask',
    from: 'ip',
    type: 'ip',
    arguments: [
      { name: 'mask4', type: 'string' },
      { name: 'mask6', type: 'string', optional: true },
    ],
    prepare: ([given4, given6 = '']) => {
      const mask4 = readMask(4, String(given4))
      const mask6 = given6 === '' ? undefined : readMask(6, String(given6))
      return (value) => {
        const address = value.unmapped
        const mask = address.family === 4 ? mask4 : mask6
        return mask === undefined ? undefined : masked(address, mask)
      }
    },
  }),
]

/** A number of bits, or an address of ones and zeros. */
function readMask(family: 4 | 6, text: string): Uint8Array {
  const most = family === 4 ? 32 : 128
  if (/^\d{1,3}$/.test(text) && Number(text) <= most) return ones(most / 8, Number(text))
  const mask = Ip.parse(text)
  if (mask?.family === family) return mask.bytes
  const form = family === 4 ? "'255.255.255.0'" : "'ffff:ffff::'"
  const problem =
    text === '' ? 'is missing' : `'${text}' is neither a number of bits up to ${most} nor a mask as in ${form}`
  throw new OptionError("converter 'ipmask'", `mask${family}`, problem)
}

function ones(length: number, bits: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => 0xff00 >> Math.min(8, Math.max(0, bits - 8 * at)))
}

function masked(address: Ip, mask: Uint8Array): Ip {
  return Ip.fromBytes(address.bytes.map((byte, at) => byte & mask[at]!))
}
