/** What a stick table's keys are made of, and how a sample's value becomes one. */
import { Ip } from '../base/ip.js'
import { textInteger } from '../match/cast.js'
import { valueText } from '../match/value.js'

/** `ip` takes both families, `ipv4` (HAProxy's `type ip`) only the old one, `string` is cut at `keyLength` bytes. */
export type KeyType = 'ip' | 'ipv4' | 'integer' | 'string'

/** Makes the key of a value; undefined when it cannot be one, and then nothing is tracked. */
export type KeyMaker = (value: unknown) => string | undefined

/** How the keys of a table are made. An IPv4 address in IPv6 form is the IPv4 address. */
export function keyMaker(type: KeyType, keyLength: number): KeyMaker {
  switch (type) {
    case 'ip':
      return (value) => addressOf(value)?.unmapped.toString()
    case 'ipv4':
      return (value) => {
        const address = addressOf(value)?.unmapped
        return address?.family === 4 ? address.toString() : undefined
      }
    case 'integer':
      return integerText
    case 'string':
      return (value) => valueText(value).slice(0, keyLength)
  }
}

function addressOf(value: unknown): Ip | undefined {
  if (value instanceof Ip) return value
  return typeof value === 'string' ? Ip.parse(value) : undefined
}

function integerText(value: unknown): string | undefined {
  if (typeof value === 'string') return String(textInteger(value))
  return value instanceof Ip ? undefined : String(Number(value))
}
