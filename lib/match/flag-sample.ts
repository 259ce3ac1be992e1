/** A sample that is true or false: the conditions that can be made of it. */

import type { Condition } from './condition.js'
import { convertBy, type Word } from './converted.js'
import { debugged } from './converters/debug.js'
import type { EventSink } from './event-sink.js'
import { matchBool, matchFound, matchValue } from './matcher.js'
import type { NumberSample } from './number-sample.js'
import type { Phase } from './phase.js'
import { Sample } from './sample.js'
import type { TextSample } from './text-sample.js'
import { type TypedSample, typedSample } from './typed-sample.js'
import type { SampleType } from './value.js'

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

  /** One of two texts. HAProxy: `iif`. */
  iif(yes: string, no: string): TextSample<P> {
    return this.convert('str', 'iif', yes, no)
  }

  /** The opposite. HAProxy: `not`. */
  not(): FlagSample<P> {
    return this.convert('bool', 'not')
  }

  /** As a text. */
  toText(): TextSample<P> {
    return typedSample('str', this)
  }

  /** As an integer: texts by the digits that they begin with. */
  toInteger(): NumberSample<P> {
    return typedSample('int', this)
  }

  /** The same; each value that is seen is shown, by default in the balancer's `buf0`, which `show events` prints, and as its event `seen`. HAProxy: `debug`. */
  debug(prefix = '', sink?: EventSink): FlagSample<P> {
    return typedSample('bool', debugged(this as Sample<never, never>, prefix, sink)) as unknown as FlagSample<P>
  }

  /** Through a converter that has no method of its own, by HAProxy's name and words. The result is made to `type`. */
  convert<T extends SampleType>(type: T, name: string, ...words: readonly Word[]): TypedSample<T, P> {
    return typedSample(type, convertBy<P>(this, name, words))
  }

  /** Has a value: `-m found`. */
  exists(): Condition<P> {
    return matchFound<P>(this)
  }
}
