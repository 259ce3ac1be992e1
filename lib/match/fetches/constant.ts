/** Questions whose answer is written down in the configuration. */

import { OptionError } from '../../base/errors.js'
import type { Integer } from '../../base/int64.js'
import { Ip } from '../../base/ip.js'
import { AddressSample } from '../address-sample.js'
import { BytesSample } from '../bytes-sample.js'
import { callText } from '../call-text.js'
import { defineFetch, type FetchDefinition } from '../fetch.js'
import { FlagSample } from '../flag-sample.js'
import { NumberSample } from '../number-sample.js'
import { type AnyPhase, phases as everyPhase } from '../phase.js'
import { TextSample } from '../text-sample.js'

/** HAProxy: `always_true`. */
export const alwaysTrue: FlagSample<AnyPhase | 'check'> = constantFlag('always_true', true)
/** HAProxy: `always_false`. */
export const alwaysFalse: FlagSample<AnyPhase | 'check'> = constantFlag('always_false', false)

function constantFlag(name: string, value: boolean): FlagSample<AnyPhase | 'check'> {
  return new FlagSample({ name, type: 'bool', phases: everyPhase, ask: () => value })
}

function constantText(fetch: 'str' | 'meth', value: string): TextSample<AnyPhase | 'check'> {
  return new TextSample({ name: callText(fetch, [value]), type: fetch, phases: everyPhase, ask: () => value })
}

function constantAddress(fetch: 'ipv4' | 'ipv6', text: string): AddressSample<AnyPhase | 'check'> {
  const value = Ip.parse(text)
  if (value === undefined || value.family !== (fetch === 'ipv4' ? 4 : 6))
    throw new OptionError(`fetch '${fetch}'`, '', `'${text}' is not an IPv${fetch === 'ipv4' ? 4 : 6} address`)
  return new AddressSample({ name: callText(fetch, [text]), type: 'ip', phases: everyPhase, ask: () => value })
}

function constantBytes(digits: string): BytesSample<AnyPhase | 'check'> {
  const odd = /[^0-9A-Fa-f]/.exec(digits)?.[0]
  const fault = (problem: string): OptionError => new OptionError("fetch 'bin'", '', problem)
  if (odd !== undefined) throw fault(`'${odd}' is not a hexadecimal digit`)
  if (digits === '' || digits.length % 2 === 1)
    throw fault(`'${digits}' must be an even number of hexadecimal digits, two for each byte`)
  const value = Buffer.from(digits, 'hex')
  return new BytesSample({ name: `bin(${digits})`, type: 'bin', phases: everyPhase, ask: () => value })
}

function readFlag(text: string): boolean {
  if (/^(true|1)$/i.test(text)) return true
  if (/^(false|0)$/i.test(text)) return false
  throw new OptionError("fetch 'bool'", '', `'${text}' is neither 'true', 'false', '1' nor '0'`)
}

const anywhere = { phases: everyPhase, standalone: true } as const
const one = [{ name: 'value', type: 'string' }] as const
const perhaps = [{ name: 'value', type: 'string', optional: true }] as const

/** The words of haproxy.cfg for these. */
export const constantFetches: readonly FetchDefinition[] = [
  defineFetch({ ...anywhere, name: 'always_true', type: 'bool', make: () => alwaysTrue }),
  defineFetch({ ...anywhere, name: 'always_false', type: 'bool', make: () => alwaysFalse }),
  defineFetch({
    ...anywhere,
    name: 'bool',
    type: 'bool',
    arguments: one,
    make: ([value]) => constantFlag(`bool(${value})`, readFlag(String(value))),
  }),
  defineFetch({
    ...anywhere,
    name: 'int',
    type: 'int',
    arguments: [{ name: 'value', type: 'integer' }],
    make: ([value]) =>
      new NumberSample({ name: `int(${value})`, type: 'int', phases: everyPhase, ask: () => value as Integer }),
  }),
  defineFetch({
    ...anywhere,
    name: 'str',
    type: 'str',
    arguments: perhaps,
    make: ([value = '']) => constantText('str', value as string),
  }),
  defineFetch({
    ...anywhere,
    name: 'meth',
    type: 'meth',
    arguments: perhaps,
    make: ([value = '']) => constantText('meth', value as string),
  }),
  defineFetch({
    ...anywhere,
    name: 'bin',
    type: 'bin',
    arguments: one,
    make: ([value]) => constantBytes(value as string),
  }),
  defineFetch({
    ...anywhere,
    name: 'ipv4',
    type: 'ip',
    arguments: one,
    make: ([value]) => constantAddress('ipv4', value as string),
  }),
  defineFetch({
    ...anywhere,
    name: 'ipv6',
    type: 'ip',
    arguments: one,
    make: ([value]) => constantAddress('ipv6', value as string),
  }),
]
