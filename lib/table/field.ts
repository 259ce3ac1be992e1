/** What a stick table can remember of each key: the fields that it is made with, and the functions that make them in code. */
import { parseDuration } from '../base/duration.js'
import { OptionError } from '../base/errors.js'
import { type Counted, type DataType, dataType } from './data-type.js'

export type { Counted } from './data-type.js'

/** One thing that is remembered of each key. */
export interface Field {
  readonly type: DataType
  /** Milliseconds that a rate looks back on; 0 for the others. */
  readonly period: number
  /** How many of it there are: more than 1 only in arrays. */
  readonly length: number
}

/** What can be counted by itself. */
export type CountedOf = Exclude<Counted, 'general'>

/** What is counted, when it is not the default. */
export interface FieldOptions {
  /** Default `requests`. */
  readonly of?: CountedOf | undefined
}

/** The most elements that an array may have, so that all of them fit a message to a peer. */
export const LONGEST_ARRAY = 100

/** What is remembered under a name of HAProxy's. @throws {OptionError} for an unknown name, and where period or length is missing, too many or too large */
export function fieldOf(
  name: string,
  options: { readonly period?: number | string; readonly length?: number } = {},
): Field {
  const type = dataType(name)
  if (type === undefined) throw new OptionError('field', 'type', `'${name}' is none that can be stored`)
  const { period, length } = options
  if ((type.kind === 'rate') !== (period !== undefined)) {
    throw new OptionError(name, 'period', type.kind === 'rate' ? 'is missing' : 'is for rates only')
  }
  if (type.array !== (length !== undefined)) {
    throw new OptionError(name, 'length', type.array ? 'is missing' : 'is for arrays only')
  }
  if (length !== undefined && !(Number.isInteger(length) && length >= 1 && length <= LONGEST_ARRAY)) {
    throw new OptionError(name, 'length', `must be a whole number from 1 to ${LONGEST_ARRAY}, but is ${length}`)
  }
  return { type, period: period === undefined ? 0 : readPeriod(name, period), length: length ?? 1 }
}

function readPeriod(name: string, period: number | string): number {
  const milliseconds = parseDuration(period)
  if (milliseconds >= 1 && milliseconds <= 2 ** 31 - 1) return milliseconds
  throw new OptionError(name, 'period', `must be from 1 ms to 24 days, but is ${period}`)
}

const counters: Readonly<Record<CountedOf, string>> = {
  requests: 'http_req_cnt',
  connections: 'conn_cnt',
  sessions: 'sess_cnt',
  errors: 'http_err_cnt',
  failures: 'http_fail_cnt',
  bytesIn: 'bytes_in_cnt',
  bytesOut: 'bytes_out_cnt',
  glitches: 'glitch_cnt',
}

function counterName(factory: string, options: FieldOptions): string {
  const of = options.of ?? 'requests'
  if (Object.hasOwn(counters, of)) return counters[of]
  throw new OptionError(factory, 'of', `must be one of ${Object.keys(counters).join(', ')}`)
}

/**
 * How many happened within the last `period` (milliseconds, or text as in `'10s'`). Of requests, each one that is tracked counts once: at `track`, when that is a request rule,
 * or for every request of a connection that its own rules track. HAProxy: `http_req_rate(period)`; with `of`, `conn_rate`, `sess_rate`, `http_err_rate`, `http_fail_rate`,
 * `bytes_in_rate`, `bytes_out_rate` and `glitch_rate`.
 */
export function rate(period: number | string, options: FieldOptions = {}): Field {
  return fieldOf(counterName('rate', options).replace(/_cnt$/, '_rate'), { period })
}

/**
 * How many have happened since the key was first seen; 32 bits, of bytes 64. HAProxy: `http_req_cnt`; with `of`, `conn_cnt`, `sess_cnt`, `http_err_cnt`, `http_fail_cnt`,
 * `bytes_in_cnt`, `bytes_out_cnt` and `glitch_cnt`.
 */
export function counter(options: FieldOptions = {}): Field {
  return fieldOf(counterName('counter', options))
}

/** How many are tracked at this moment. HAProxy: `conn_cur`. */
export function concurrent(): Field {
  return fieldOf('conn_cur')
}

/** A number of 32 bits that rules and calls set, to mark a key. HAProxy: `gpt0`. */
export function tag(): Field {
  return fieldOf('gpt0')
}

/** As {@link tag}, so many of them (1 to 100). HAProxy: `gpt(n)`. */
export function tags(length: number): Field {
  return fieldOf('gpt', { length })
}

/** A counter of 32 bits that rules and calls add to; so many of them, where a length (1 to 100) is given. HAProxy: `gpc0` and `gpc(n)`. */
export function general(length?: number): Field {
  return length === undefined ? fieldOf('gpc0') : fieldOf('gpc', { length })
}

/** How often rules and calls added to the {@link general} counter within the last `period`. HAProxy: `gpc0_rate(period)` and `gpc_rate(n,period)`. */
export function generalRate(period: number | string, length?: number): Field {
  return length === undefined ? fieldOf('gpc0_rate', { period }) : fieldOf('gpc_rate', { period, length })
}

/** The number of the server that the key was sent to. HAProxy: `server_id`. */
export function storedServerId(): Field {
  return fieldOf('server_id')
}

/** The name or address of the server that the key was sent to. HAProxy: `server_key`. */
export function storedServerKey(): Field {
  return fieldOf('server_key')
}
