/**
 * What can be made of integers before they are compared: HAProxy's converters as methods (manual, chapter 7.3.1). Only `number-sample.ts`
 * imports this file: the kinds of samples refer to each other, and each has to be made after its conversions.
 */
import type { Integer } from '../base/int64.js'
import { AddressSample } from './address-sample.js'
import { BytesSample } from './bytes-sample.js'
import { convertBy, typedAs, type Word } from './converted.js'
import { FlagSample } from './flag-sample.js'
import { NumberSample } from './number-sample.js'
import type { Phase } from './phase.js'
import { Sample } from './sample.js'
import { TextSample } from './text-sample.js'
import { type TypedSample, typedSample } from './typed-sample.js'
import type { SampleType } from './value.js'
import type { VariableName } from './variable.js'

/** The conversions of integers. Where there is no value, or none can be made of it, the converted sample has none. */
export class NumberConversions<in P extends Phase> extends Sample<Integer, P> {
  /** Plus a number or what a variable holds. HAProxy: `add`. */
  add(operand: number | VariableName): NumberSample<P> {
    return new NumberSample(typedAs('int', convertBy<P>(this, 'add', [operand])))
  }

  /** Minus a number or what a variable holds. HAProxy: `sub`. */
  sub(operand: number | VariableName): NumberSample<P> {
    return new NumberSample(typedAs('int', convertBy<P>(this, 'sub', [operand])))
  }

  /** Times a number or what a variable holds. HAProxy: `mul`. */
  mul(operand: number | VariableName): NumberSample<P> {
    return new NumberSample(typedAs('int', convertBy<P>(this, 'mul', [operand])))
  }

  /** Divided by a number or what a variable holds; by 0 it is the largest number. HAProxy: `div`. */
  div(operand: number | VariableName): NumberSample<P> {
    return new NumberSample(typedAs('int', convertBy<P>(this, 'div', [operand])))
  }

  /** The remainder of that division. HAProxy: `mod`. */
  mod(operand: number | VariableName): NumberSample<P> {
    return new NumberSample(typedAs('int', convertBy<P>(this, 'mod', [operand])))
  }

  /** The bits that both have. HAProxy: `and`. */
  and(operand: number | VariableName): NumberSample<P> {
    return new NumberSample(typedAs('int', convertBy<P>(this, 'and', [operand])))
  }

  /** The bits that one of them has. HAProxy: `or`. */
  or(operand: number | VariableName): NumberSample<P> {
    return new NumberSample(typedAs('int', convertBy<P>(this, 'or', [operand])))
  }

  /** The bits that only one of them has. HAProxy: `xor`. */
  xor(operand: number | VariableName): NumberSample<P> {
    return new NumberSample(typedAs('int', convertBy<P>(this, 'xor', [operand])))
  }

  /** With the other sign. HAProxy: `neg`. */
  neg(): NumberSample<P> {
    return new NumberSample(typedAs('int', convertBy<P>(this, 'neg')))
  }

  /** With all bits turned. HAProxy: `cpl`. */
  cpl(): NumberSample<P> {
    return new NumberSample(typedAs('int', convertBy<P>(this, 'cpl')))
  }

  /** Whether it is odd. HAProxy: `odd`. */
  odd(): FlagSample<P> {
    return new FlagSample(typedAs('bool', convertBy<P>(this, 'odd')))
  }

  /** Whether it is even. HAProxy: `even`. */
  even(): FlagSample<P> {
    return new FlagSample(typedAs('bool', convertBy<P>(this, 'even')))
  }

  /** As a date in UTC, by a format of strftime(3); it counts seconds since 1970. HAProxy: `utime`. */
  utime(format: string, offset?: number): TextSample<P> {
    return new TextSample(typedAs('str', convertBy<P>(this, 'utime', [format, offset])))
  }

  /** As a date in the zone of this machine, by a format of strftime(3); it counts seconds since 1970. HAProxy: `ltime`. */
  ltime(format: string, offset?: number): TextSample<P> {
    return new TextSample(typedAs('str', convertBy<P>(this, 'ltime', [format, offset])))
  }

  /** As a date that HTTP headers hold; it counts seconds since 1970. HAProxy: `http_date`. */
  httpDate(offset?: number): TextSample<P> {
    return new TextSample(typedAs('str', convertBy<P>(this, 'http_date', [offset])))
  }

  /** As a text. */
  toText(): TextSample<P> {
    return new TextSample(typedAs('str', this))
  }

  /** As an address, where it is one. */
  toAddress(): AddressSample<P> {
    return new AddressSample(typedAs('ip', this))
  }

  /** As bytes. */
  toBytes(): BytesSample<P> {
    return new BytesSample(typedAs('bin', this))
  }

  /** Through a converter that has no method of its own, by HAProxy's name and words. The result is made to `type`. */
  convert<T extends SampleType>(type: T, name: string, ...words: readonly Word[]): TypedSample<T, P> {
    return typedSample(type, convertBy<P>(this, name, words))
  }
}
