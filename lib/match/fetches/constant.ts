/** Questions that need neither connection nor message: constants, the time. */

import { OptionError } from '../../base/errors.js'
import { Ip } from '../../base/ip.js'
import { AddressSample } from '../address-sample.js'
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

function constantText(name: string, value: string): TextSample<AnyPhase | 'check'> {
  return new TextSample({ name, type: 'str', phases: everyPhase, ask: () => value })
}

function constantAddress(text: string): AddressSample<AnyPhase | 'check'> {
  const value = Ip.parse(text)
  if (value === undefined) throw new OptionError('address', '', `'${text}' is not an IP address`)
  return new AddressSample({ name: text, type: 'ip', phases: everyPhase, ask: () => value })
}

function readFlag(text: string): boolean {
  if (/^(true|1)$/i.test(text)) return true
  if (/^(false|0)$/i.test(text)) return false
  throw new OptionError("fetch 'bool'", '', `'${text}' is neither true nor false`)
}

const anywhere = { phases: everyPhase } as const
const one = [{ name: 'value', type: 'string' }] as const

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
      new NumberSample({ name: `int(${value})`, type: 'int', phases: everyPhase, ask: () => value as number }),
  }),
  defineFetch({
    ...anywhere,
    name: 'str',
    type: 'str',
    arguments: one,
    make: ([value]) => constantText(`str(${value})`, String(value)),
  }),
  defineFetch({
    ...anywhere,
    name: 'ipv4',
    aliases: ['ipv6'],
    type: 'ip',
    arguments: one,
    make: ([value]) => constantAddress(String(value)),
  }),
  defineFetch({
    ...anywhere,
    name: 'date',
    type: 'int',
    make: () =>
      new NumberSample({ name: 'date', type: 'int', phases: everyPhase, ask: ({ wall }) => Math.floor(wall / 1000) }),
  }),
]
