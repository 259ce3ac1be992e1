/** The words of haproxy.cfg for questions about header fields; the questions themselves are in `header.ts`. */
import { OptionError } from '../../base/errors.js'
import { Ip } from '../../base/ip.js'
import { AddressSample } from '../address-sample.js'
import type { ArgumentValue } from '../argument.js'
import { defineFetch, type FetchDefinition } from '../fetch.js'
import { NumberSample } from '../number-sample.js'
import type { Phase, RequestPhase, ResponsePhase } from '../phase.js'
import { notYet } from '../sample.js'
import type { TextSample } from '../text-sample.js'
import {
  fullHeader,
  fullHeaderCount,
  fullResponseHeader,
  fullResponseHeaderCount,
  type HeaderOptions,
  header,
  headerCount,
  responseHeader,
  responseHeaderCount,
} from './header.js'
import { looseInteger } from './loose-integer.js'
import { requestOnly, requestPhases, responseOnly, responsePhases } from './phases.js'

const named = [
  { name: 'name', type: 'string', optional: true },
  { name: 'occurrence', type: 'integer', optional: true },
] as const
const counted = [{ name: 'name', type: 'string', optional: true }] as const

const ofRequest = { phases: requestPhases, strictPhases: requestOnly } as const
const ofResponse = { phases: responsePhases, strictPhases: responseOnly } as const

type Values = readonly ArgumentValue[]

/** HAProxy remembers where the last ten values of a field are, and no more. */
const LAST = 10

/** No field is called like this: without a name there is nothing to find, while an empty one is any. */
const NONE = ':'

function read([name = NONE, occurrence]: Values): [string, HeaderOptions] {
  if (occurrence !== undefined && (occurrence as number) < -LAST)
    throw new OptionError(
      `field '${name as string}'`,
      'occurrence',
      `must be -${LAST} or more, not ${String(occurrence)}`,
    )
  return [name as string, { occurrence: occurrence === undefined ? undefined : Number(occurrence) }]
}
const only = ([name]: Values): string | undefined => name as string | undefined

/** A field's value as the integer that it begins with. */
function integerOf(sample: TextSample<never>, fetch: string): NumberSample<never> {
  const { name, phases, ask, all, steady } = sample
  return new NumberSample<never>({
    name: name.replace(/^[^(]+/, fetch),
    type: 'int',
    phases,
    steady,
    ask: (context) => {
      const value = ask(context)
      return value === undefined || value === notYet ? value : looseInteger(value)
    },
    all: all === undefined ? undefined : (context) => (all(context) as readonly string[]).map(looseInteger),
  })
}

/**
 * An address as header fields hold them: an IPv4 one may have leading zeros, and may be followed by a port, which is dropped; one in brackets is
 * none.
 */
function fieldAddress(text: string): Ip | undefined {
  const [, address, port] = /^([\d.]+)(?::(\d{1,5}))?$/.exec(text) ?? []
  if (address === undefined) return Ip.parse(text)
  if (Number(port ?? 0) > 65535) return undefined
  return Ip.parse(address.replace(/(^|\.)0+(?=\d)/g, '$1'))
}

function addressOf<P extends Phase>(sample: TextSample<P>, fetch: string): AddressSample<P> {
  const { ask, all, steady } = sample
  return new AddressSample<P>({
    name: sample.name.replace(/^[^(]+/, fetch),
    type: 'ip',
    phases: sample.phases,
    steady,
    ask: (context) => {
      const value = ask(context)
      return value === undefined || value === notYet ? value : fieldAddress(value)
    },
    all:
      all === undefined
        ? undefined
        : (context) => (all(context) as readonly string[]).map(fieldAddress).filter((ip) => ip !== undefined),
  })
}

/** A request's field as an address: `headerAddress('x-forwarded-for', { occurrence: -1 }).in('10.0.0.0/8')`. HAProxy: `req.hdr_ip(name[,occurrence])`. */
export function headerAddress(name: string, options: HeaderOptions = {}): AddressSample<RequestPhase> {
  return addressOf(header(name, options), 'req.hdr_ip')
}

/** A response's field as an address. HAProxy: `res.hdr_ip(name[,occurrence])`. */
export function responseHeaderAddress(name: string, options: HeaderOptions = {}): AddressSample<ResponsePhase> {
  return addressOf(responseHeader(name, options), 'res.hdr_ip')
}

function headerWords(
  side: 'req' | 'res',
  aliases: readonly string[],
  make: (values: Values) => TextSample<never>,
): FetchDefinition[] {
  const where = side === 'req' ? ofRequest : ofResponse
  const alias = (suffix: string): string[] => aliases.map((name) => name + suffix)
  return [
    defineFetch({
      ...where,
      name: `${side}.hdr`,
      aliases,
      type: 'str',
      arguments: named,
      match: 'str',
      derive: aliases,
      make,
    }),
    defineFetch({
      ...where,
      name: `${side}.hdr_val`,
      aliases: alias('_val'),
      type: 'int',
      arguments: named,
      make: (values) => integerOf(make(values), `${side}.hdr_val`),
    }),
    defineFetch({
      ...where,
      name: `${side}.hdr_ip`,
      aliases: alias('_ip'),
      type: 'ip',
      arguments: named,
      make: (values) => addressOf(make(values), `${side}.hdr_ip`),
    }),
  ]
}

/**
 * The words of haproxy.cfg for header fields. `hdr` itself is a request's; the loader makes `res.hdr` of it in response rules, as HAProxy does.
 */
export const headerFetches: readonly FetchDefinition[] = [
  ...headerWords('req', ['hdr'], (values) => header(...read(values))),
  ...headerWords('res', ['shdr'], (values) => responseHeader(...read(values))),
  defineFetch({
    ...ofRequest,
    name: 'req.fhdr',
    type: 'str',
    arguments: named,
    match: 'str',
    make: (values) => fullHeader(...read(values)),
  }),
  defineFetch({
    ...ofResponse,
    name: 'res.fhdr',
    type: 'str',
    arguments: named,
    match: 'str',
    make: (values) => fullResponseHeader(...read(values)),
  }),
  defineFetch({
    ...ofRequest,
    name: 'req.hdr_cnt',
    aliases: ['hdr_cnt'],
    type: 'int',
    arguments: counted,
    make: (values) => headerCount(only(values)),
  }),
  defineFetch({
    ...ofRequest,
    name: 'req.fhdr_cnt',
    type: 'int',
    arguments: counted,
    make: (values) => fullHeaderCount(only(values)),
  }),
  defineFetch({
    ...ofResponse,
    name: 'res.hdr_cnt',
    aliases: ['shdr_cnt'],
    type: 'int',
    arguments: counted,
    make: (values) => responseHeaderCount(only(values)),
  }),
  defineFetch({
    ...ofResponse,
    name: 'res.fhdr_cnt',
    type: 'int',
    arguments: counted,
    make: (values) => fullResponseHeaderCount(only(values)),
  }),
]
