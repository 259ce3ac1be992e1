/** What a stick table can remember of each key: the kinds of fields, and what makes them count. */
import { parseDuration } from '../base/duration.js'
import { OptionError } from '../base/errors.js'

/** What is counted: HTTP requests, or client connections. */
export type Counted = 'requests' | 'connections'

/** One thing that is remembered of each key. */
export interface Field {
  readonly kind: 'rate' | 'counter' | 'concurrent'
  readonly of: Counted
  /** Milliseconds that a rate looks back on; 0 for the others. */
  readonly period: number
}

/** What is counted, when it is not the default. */
export interface FieldOptions {
  /** Default `requests`. */
  readonly of?: Counted | undefined
}

/**
 * How many happened within the last `period` (milliseconds, or text as in `'10s'`). Of requests, each one that is tracked counts once: at `track`, when that is a request rule,
 * or for every request of a connection that its own rules track. HAProxy: `http_req_rate(period)`, with `of: 'connections'` `conn_rate(period)`.
 */
export function rate(period: number | string, options: FieldOptions = {}): Field {
  const milliseconds = parseDuration(period)
  if (!(milliseconds >= 1 && milliseconds <= 2 ** 31 - 1)) {
    throw new OptionError('rate', 'period', `must be from 1 ms to 24 days, but is ${period}`)
  }
  return { kind: 'rate', of: options.of ?? 'requests', period: milliseconds }
}

/** How many have happened since the key was first seen. HAProxy: `http_req_cnt`, with `of: 'connections'` `conn_cnt`. */
export function counter(options: FieldOptions = {}): Field {
  return { kind: 'counter', of: options.of ?? 'requests', period: 0 }
}

/** How many are tracked at this moment. HAProxy: `conn_cur`. */
export function concurrent(): Field {
  return { kind: 'concurrent', of: 'connections', period: 0 }
}
