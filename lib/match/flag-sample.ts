/** A sample that is true or false: the conditions that can be made of it. */
import type { Condition } from './condition.js'
import { matchBool, matchFound, matchValue } from './matcher.js'
import type { Phase } from './phase.js'
import { Sample } from './sample.js'

/** A question that is answered by yes or no (HAProxy's `bool`). Neither condition holds when there is no value. Manual, chapter 7.1.1. */
export class FlagSample<in P extends Phase> extends Sample<boolean, P> {
  /** HAProxy's bare `{ name }`. */
  isTrue(): Condition<P> {
    return matchBool<P>(this)
  }

  /** HAProxy's `{ name -m int 0 }`. */
  isFalse(): Condition<P> {
    return matchValue<boolean, P>(this, `${this.name} -m int 0`, (value) => !value)
  }

  /** Has a value: `-m found`. */
  exists(): Condition<P> {
    return matchFound<P>(this)
  }
}
