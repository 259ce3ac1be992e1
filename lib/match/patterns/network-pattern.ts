/** Networks as patterns write them: `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `10.1` for 10.0.0.1, `fd00::/8`. Manual, chapter 7.1.6. */
import { Ip, ipv4ToNumber } from '../../base/ip.js'
import { patternFault } from './entry.js'

/** An address and the bits of it that count. */
export interface Network {
  readonly ip: Ip
  /** How many of its first bits count; nothing for an IPv4 mask with holes. */
  readonly length: number | undefined
  /** The mask of an IPv4 network. */
  readonly mask: number
}

/**
 * Reads a network. With `plain`, an IPv4 address has four decimal numbers (HAProxy's `-n`, and in maps); without, it may be
 * shortened or octal, as the system's resolver reads it.
 * @throws {OptionError} on anything else, a name included
 */
export function readNetwork(pattern: string, plain: boolean): Network {
  const slash = pattern.indexOf('/')
  const address = slash < 0 ? pattern : pattern.slice(0, slash)
  const suffix = slash < 0 ? undefined : pattern.slice(slash + 1)
  const ip = address.includes(':') ? Ip.parse(address) : readIpv4(address, plain)
  const network = ip === undefined ? undefined : ip.family === 6 ? network6(ip, suffix) : network4(ip, suffix)
  if (network !== undefined) return network
  throw patternFault(
    pattern,
    'is not a valid IPv4 or IPv6 address: write 192.0.2.1, 10.0.0.0/8, 10.0.0.0/255.0.0.0 or fd00::/8',
  )
}

/** The name that stands where an address should, with what follows it; nothing when it cannot be one. */
export function hostOf(pattern: string): string | undefined {
  const host = pattern.replace(/\/[^/]*$/, '')
  return /^(?=.*[A-Za-z])[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?$/.test(host) ? host : undefined
}

function readIpv4(text: string, plain: boolean): Ip | undefined {
  const number = ipv4ToNumber(text)
  if (number >= 0) return Ip.fromNumber(number)
  if (plain || !/^\d+(?:\.\d+){0,3}$/.test(text)) return undefined
  const parts = text.split('.').map((part) => (/^0\d/.test(part) ? octal(part) : Number(part)))
  const last = parts.pop() ?? Number.NaN
  if (parts.some((part) => !(part <= 255)) || !(last < 2 ** (32 - 8 * parts.length))) return undefined
  return Ip.fromNumber(parts.reduce((sum, part, index) => sum + part * 2 ** (24 - 8 * index), last))
}

const octal = (text: string): number => (/^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number.NaN)

function network6(ip: Ip, suffix: string | undefined): Network | undefined {
  const length = suffix === undefined ? 128 : prefixLength(suffix, 128)
  return length === undefined ? undefined : { ip, length, mask: 0 }
}

function network4(ip: Ip, suffix: string | undefined): Network | undefined {
  const length = suffix === undefined ? 32 : prefixLength(suffix, 32)
  if (length !== undefined) return { ip, length, mask: length === 0 ? 0 : (-1 << (32 - length)) >>> 0 }
  const mask = ipv4ToNumber(suffix ?? '')
  if (mask < 0) return undefined
  const ones = Math.clz32(~mask)
  const whole = (ones === 0 ? 0 : (-1 << (32 - ones)) >>> 0) === mask
  return { ip, length: whole ? ones : undefined, mask }
}

function prefixLength(text: string, most: number): number | undefined {
  const length = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  return length <= most ? length : undefined
}
