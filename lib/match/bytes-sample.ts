/** A sample that is bytes: the conditions that can be made of it. */
import { BytesConversions } from './bytes-conversions.js'
import type { Condition } from './condition.js'
import { matchBinary, matchFound, matchLength, matchText } from './matcher.js'
import type { Phase } from './phase.js'
import { notYet, Sample } from './sample.js'

/** A question that is answered by bytes (HAProxy's `bin`). No condition holds when there is no value. Manual, chapter 7.1.5. */
export class BytesSample<in P extends Phase> extends BytesConversions<P> {
  /** Equal to one of them, written as hexadecimal digits: `-m bin`. */
  is(...values: readonly [string, ...string[]]): Condition<P> {
    return matchBinary<P>(this.latin1(), values)
  }

  /** Begins with one of these texts in latin1: `-m beg`. */
  startsWith(...values: readonly [string, ...string[]]): Condition<P> {
    return matchText<P>(this.latin1(), 'beg', values)
  }

  /** Contains one of these texts in latin1: `-m sub`. */
  contains(...values: readonly [string, ...string[]]): Condition<P> {
    return matchText<P>(this.latin1(), 'sub', values)
  }

  /** Has a length from `min` to `max` bytes, both included: `-m len min:max`. */
  lengthIn(min: number, max = Number.POSITIVE_INFINITY): Condition<P> {
    return matchLength<P>(this.latin1(), [{ min, max }])
  }

  /** Has a value, an empty one too: `-m found`. */
  exists(): Condition<P> {
    return matchFound<P>(this)
  }

  /** The same bytes, one character each. */
  latin1(): Sample<string, P> {
    return latin1<P>(this)
  }
}

/** Bytes as a text of one character each, where HAProxy compares them as they are. */
export function latin1<P extends Phase>(sample: Sample<unknown, P>): Sample<string, P> {
  return new Sample<string, P>({
    name: sample.name,
    type: 'str',
    phases: sample.phases,
    mayChange: sample.mayChange,
    ask: (context) => {
      const value = sample.ask(context)
      return value === undefined || value === notYet ? (value as undefined) : (value as Buffer).toString('latin1')
    },
  })
}
