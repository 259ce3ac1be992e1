/** A sample that is a text: the conditions that can be made of it. Strings are latin1, one character a byte. */
import type { Condition } from './condition.js'
import { matchFound, matchLength, matchText, type TextOptions } from './matcher.js'
import type { Phase } from './phase.js'
import type { SampleDefinition } from './sample.js'
import { TextConversions } from './text-conversions.js'

/**
 * A question that is answered by a text (HAProxy's `str`, `bin`, `meth`). Each condition takes several patterns and holds
 * when one of them matches one of the values; it never holds when there is no value. Manual, chapter 7.1.3.
 */
export class TextSample<in P extends Phase> extends TextConversions<P> {
  readonly #options: TextOptions

  constructor(definition: SampleDefinition<string>, options: TextOptions = {}) {
    super(definition)
    this.#options = options
  }

  /** The same question, compared without regard to ASCII case: HAProxy's `-i`. */
  ignoringCase(): TextSample<P> {
    return new TextSample(this, { ignoreCase: true })
  }

  /** Equal to one of them: `-m str`. */
  is(...values: readonly [string, ...string[]]): Condition<P> {
    return matchText<P>(this, 'str', values, this.#options)
  }

  /** Begins with one of them: `-m beg`. */
  startsWith(...values: readonly [string, ...string[]]): Condition<P> {
    return matchText<P>(this, 'beg', values, this.#options)
  }

  /** Ends with one of them: `-m end`. */
  endsWith(...values: readonly [string, ...string[]]): Condition<P> {
    return matchText<P>(this, 'end', values, this.#options)
  }

  /** Contains one of them: `-m sub`. */
  contains(...values: readonly [string, ...string[]]): Condition<P> {
    return matchText<P>(this, 'sub', values, this.#options)
  }

  /** Contains one of them between slashes, question marks or the text's ends: `-m dir`. */
  inDirectory(...values: readonly [string, ...string[]]): Condition<P> {
    return matchText<P>(this, 'dir', values, this.#options)
  }

  /**
   * Contains one of them between dots, colons, slashes, question marks or the text's ends: `-m dom`. Anybody can put the
   * word before another domain: for a suffix that decides about access, use {@link endsWith}.
   */
  inDomain(...values: readonly [string, ...string[]]): Condition<P> {
    return matchText<P>(this, 'dom', values, this.#options)
  }

  /** Matches one of the regular expressions: `-m reg`. The flags `g` and `y` mean nothing here. A costly expression blocks everybody. */
  matches(...patterns: readonly [RegExp, ...RegExp[]]): Condition<P> {
    return matchText<P>(this, 'reg', patterns, this.#options)
  }

  /** Has one of these lengths, in bytes: `-m len`. */
  lengthIs(...lengths: readonly [number, ...number[]]): Condition<P> {
    return matchLength<P>(
      this,
      lengths.map((length) => ({ min: length, max: length })),
    )
  }

  /** Has a length from `min` to `max` bytes, both included: `-m len min:max`. */
  lengthIn(min: number, max = Number.POSITIVE_INFINITY): Condition<P> {
    return matchLength<P>(this, [{ min, max }])
  }

  /** Has a value, an empty one too: `-m found`. */
  exists(): Condition<P> {
    return matchFound<P>(this)
  }
}
