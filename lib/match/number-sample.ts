/** A sample that is an integer: the conditions that can be made of it. */
import type { Integer } from '../base/int64.js'
import type { Condition } from './condition.js'
import { matchFound, matchInteger, matchValue } from './matcher.js'
import { NumberConversions } from './number-conversions.js'
import type { Phase } from './phase.js'

/** A question that is answered by an integer (HAProxy's `int`). No condition holds when there is no value. Manual, chapter 7.1.2. */
export class NumberSample<in P extends Phase> extends NumberConversions<P> {
  /** Equal to one of them: HAProxy's `eq`. */
  is(...values: readonly [number, ...number[]]): Condition<P> {
    return matchInteger<P>(
      this,
      values.map((value) => ({ min: value, max: value })),
    )
  }

  /** Greater: HAProxy's `gt`. */
  gt(value: number): Condition<P> {
    return matchValue<Integer, P>(this, `${this.name} gt ${value}`, (seen) => seen > value)
  }

  /** Greater or equal: HAProxy's `ge`. */
  ge(value: number): Condition<P> {
    return matchValue<Integer, P>(this, `${this.name} ge ${value}`, (seen) => seen >= value)
  }

  /** Less: HAProxy's `lt`. */
  lt(value: number): Condition<P> {
    return matchValue<Integer, P>(this, `${this.name} lt ${value}`, (seen) => seen < value)
  }

  /** Less or equal: HAProxy's `le`. */
  le(value: number): Condition<P> {
    return matchValue<Integer, P>(this, `${this.name} le ${value}`, (seen) => seen <= value)
  }

  /** From `min` to `max`, both included: HAProxy's `min:max`. */
  between(min: number, max: number): Condition<P> {
    return matchInteger<P>(this, [{ min, max }])
  }

  /** Has a value: `-m found`. */
  exists(): Condition<P> {
    return matchFound<P>(this)
  }
}
