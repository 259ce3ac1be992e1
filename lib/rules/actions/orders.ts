/** Orders to whoever carries a transaction out: its place in queues, its tries, how it is logged. */
import { OptionError } from '../../base/errors.js'
import type { Context } from '../../match/context.js'
import type { Orders } from '../../match/orders.js'
import type { Phase } from '../../match/phase.js'
import { Rule } from '../rule.js'
import { type Numeric, numberOf, sharedPhases } from './number.js'

type QueuePhase = 'content' | 'request'

const QUEUE: readonly QueuePhase[] = ['content', 'request']

/**
 * The class of the transaction where it has to queue: those of a lower class are served first. -2047 to 2047, and what is outside counts as the
 * nearest. Default 0. HAProxy: `set-priority-class`.
 */
export function setPriorityClass<P extends Phase = Phase>(value: Numeric<P>): Rule<P & QueuePhase> {
  return numberRule('set-priority-class', QUEUE, value, (orders, number) => {
    orders.priorityClass = clamp(number, 2047)
  })
}

/**
 * Milliseconds by which the transaction counts as having come later (or, below 0, sooner) than others of its class. -524287 to 524287. Default 0.
 * HAProxy: `set-priority-offset`.
 */
export function setPriorityOffset<P extends Phase = Phase>(value: Numeric<P>): Rule<P & QueuePhase> {
  return numberRule('set-priority-offset', QUEUE, value, (orders, number) => {
    orders.priorityOffset = clamp(number, 524_287)
  })
}

/** Further tries when a connection cannot be had, in place of the backend's. 0 to 100. HAProxy (3.2 and later): `set-retries`. */
export function setRetries<P extends Phase = Phase>(value: Numeric<P>): Rule<P & QueuePhase> {
  if (typeof value === 'number' && !(Number.isInteger(value) && value >= 0 && value <= 100))
    throw new OptionError('setRetries', '', `must be a whole number from 0 to 100, but is ${value}`)
  return numberRule('set-retries', QUEUE, value, (orders, number) => {
    if (number >= 0 && number <= 100) orders.retries = number
  })
}

/** A request that was sent is not sent once more, whatever becomes of its connection. HAProxy: `disable-l7-retry`. */
export function disableL7Retry(): Rule<'request'> {
  return new Rule('disable-l7-retry', ['request'], (context) => {
    context.order().replay = false
    return undefined
  })
}

/** The levels of logs, most severe first. */
export const logLevels = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const
export type LogLevel = (typeof logLevels)[number] | 'silent'

type LogPhase = 'content' | 'request' | 'responseContent' | 'response' | 'afterResponse'

/** At which level the transaction is logged; `silent` is not at all. The last order counts. HAProxy: `set-log-level`. */
export function setLogLevel(level: LogLevel): Rule<LogPhase> {
  if (level !== 'silent' && !logLevels.includes(level))
    throw new OptionError('setLogLevel', '', `must be one of ${logLevels.join(', ')} or silent, but is '${level}'`)
  const phases: readonly LogPhase[] = ['content', 'request', 'responseContent', 'response', 'afterResponse']
  return new Rule(`set-log-level ${level}`, phases, (context) => {
    context.order().logLevel = level
    return undefined
  })
}

function numberRule<P extends Phase, Q extends Phase>(
  name: string,
  own: readonly Q[],
  value: Numeric<P>,
  set: (orders: Orders, number: number) => void,
): Rule<P & Q> {
  const reading = numberOf(value)
  return new Rule(`${name} ${reading.text}`, sharedPhases(own, reading), (context: Context) => {
    const number = reading.read(context)
    if (number !== undefined && !Number.isNaN(number)) set(context.order(), number)
    return undefined
  })
}

const clamp = (number: number, most: number): number => Math.max(-most, Math.min(most, number))
