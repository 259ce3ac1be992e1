/**
 * What can be made of integers before they are compared: HAProxy's converters as methods (manual, chapter 7.3.1). Only `number-sample.ts`
 * imports this file: the kinds of samples refer to each other, and each has to be made after its conversions.
 */
import type { Integer } from '../base/int64.js'
import type { AddressSample } from './address-sample.js'
import type { BytesSample } from './bytes-sample.js'
import { convertBy, type Word } from './converted.js'
import { debugged } from './converters/debug.js'
import type { EventSink } from './event-sink.js'
import type { FlagSample } from './flag-sample.js'
import type { NumberSample } from './number-sample.js'
import type { Phase } from './phase.js'
import { Sample } from './sample.js'
import type { TextSample } from './text-sample.js'
import { type TypedSample, typedSample } from './typed-sample.js'
import type { SampleType } from './value.js'
import type { VariableName } from './variable.js'

/** The conversions of integers. Where there is no value, or none can be made of it, the converted sample has none. */
export class NumberConversions<in P extends Phase> extends Sample<Integer, P> {
  /** Plus a number or what a variable holds. HAProxy: `add`. */
  add(operand: number | VariableName): NumberSample<P> {
    return this.convert('int', 'add', operand)
  }

  /** Minus a number or what a variable holds. HAProxy: `sub`. */
  sub(operand: number | VariableName): NumberSample<P> {
    return this.convert('int', 'sub', operand)
  }

  /** Times a number or what a variable holds. HAProxy: `mul`. */
  mul(operand: number | VariableName): NumberSample<P> {
    return this.convert('int', 'mul', operand)
  }

  /** Divided by a number or what a variable holds; by 0 it is the largest number. HAProxy: `div`. */
  div(operand: number | VariableName): NumberSample<P> {
    return this.convert('int', 'div', operand)
  }

  /** The remainder of that division. HAProxy: `mod`. */
  mod(operand: number | VariableName): NumberSample<P> {
    return this.convert('int', 'mod', operand)
  }

  /** The bits that both have. HAProxy: `and`. */
  and(operand: number | VariableName): NumberSample<P> {
    return this.convert('int', 'and', operand)
  }

  /** The bits that one of them has. HAProxy: `or`. */
  or(operand: number | VariableName): NumberSample<P> {
    return this.convert('int', 'or', operand)
  }

  /** The bits that only one of them has. HAProxy: `xor`. */
  xor(operand: number | VariableName): NumberSample<P> {
    return this.convert('int', 'xor', operand)
  }

  /** With the other sign. HAProxy: `neg`. */
  neg(): NumberSample<P> {
    return this.convert('int', 'neg')
  }

  /** With all bits turned. HAProxy: `cpl`. */
  cpl(): NumberSample<P> {
    return this.convert('int', 'cpl')
  }

  /** Whether it is odd. HAProxy: `odd`. */
  odd(): FlagSample<P> {
    return this.convert('bool', 'odd')
  }

  /** Whether it is even. HAProxy: `even`. */
  even(): FlagSample<P> {
    return this.convert('bool', 'even')
  }

  /** As a date in UTC, by a format of strftime(3); it counts seconds since 1970. HAProxy: `utime`. */
  utime(format: string, offset?: number): TextSample<P> {
    return this.convert('str', 'utime', format, offset)
  }

  /** As a date in the zone of this machine, by a format of strftime(3); it counts seconds since 1970. HAProxy: `ltime`. */
  ltime(format: string, offset?: number): TextSample<P> {
    return this.convert('str', 'ltime', format, offset)
  }

  /** As a date that HTTP headers hold; it counts seconds since 1970. HAProxy: `http_date`. */
  httpDate(offset?: number): TextSample<P> {
    return this.convert('str', 'http_date', offset)
  }

  /** As a text. */
  toText(): TextSample<P> {
    return typedSample('str', this)
  }

  /** As an address, where it is one. */
  toAddress(): AddressSample<P> {
    return typedSample('ip', this)
  }

  /** As bytes. */
  toBytes(): BytesSample<P> {
    return typedSample('bin', this)
  }

  /** The same; each value that is seen is shown, by default in the balancer's `buf0`, which `show events` prints, and as its event `seen`. HAProxy: `debug`. */
  debug(prefix = '', sink?: EventSink): NumberSample<P> {
    return typedSample('int', debugged(this as Sample<never, never>, prefix, sink)) as unknown as NumberSample<P>
  }

  /** Through a converter that has no method of its own, by HAProxy's name and words. The result is made to `type`. */
  convert<T extends SampleType>(type: T, name: string, ...words: readonly Word[]): TypedSample<T, P> {
    return typedSample(type, convertBy<P>(this, name, words))
  }
}
