/** `balance hash <expression>`: the same answer to a question, the same server. */
import { Ip } from '../base/ip.js'
import type { Phase } from '../match/phase.js'
import { notYet, type Sample } from '../match/sample.js'
import type { Algorithm } from './algorithm.js'
import { type HashOptions, HashType } from './hash-type.js'
import { keyed, NO_KEY } from './keyed.js'

/**
 * By any sample: strings by their bytes, addresses by theirs, numbers and booleans by their 8 bytes in network order.
 * Requests for which it has no value take turns. Manual, `balance hash`.
 *
 * ```ts
 * new Backend('cache', { balance: hash(header('x-tenant'), { method: 'consistent' }), servers })
 * ```
 */
export function hash<P extends Phase>(sample: Sample<unknown, P>, options: HashOptions = {}): Algorithm {
  const type = new HashType('balance hash', options)
  const number = new DataView(new ArrayBuffer(8))
  const bytes = new Uint8Array(number.buffer)
  return keyed(`hash ${sample.name}`, needsOf(sample.phases), type, (context) => {
    const value = sample.ask(context)
    if (value === undefined || value === notYet) return NO_KEY
    if (typeof value === 'string' || value instanceof Uint8Array) return type.function(value, 0, value.length)
    if (value instanceof Ip) return type.function(value.bytes, 0, value.bytes.length)
    const whole = Math.trunc(Number(value))
    if (!Number.isFinite(whole)) return NO_KEY
    if (type.none) return whole >>> 0
    number.setInt32(0, Math.floor(whole / 2 ** 32))
    number.setUint32(4, whole >>> 0)
    return type.function(bytes, 0, 8)
  })
}

function needsOf(phases: readonly Phase[]): Algorithm['needs'] {
  if (phases.includes('connection')) return 'nothing'
  return phases.includes('content') && !phases.includes('request') ? 'content' : 'request'
}
