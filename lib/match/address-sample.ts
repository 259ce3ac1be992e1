/** A sample that is an IP address: the conditions that can be made of it. */
import { CidrSet } from '../base/cidr.js'
import { OptionError } from '../base/errors.js'
import type { Ip } from '../base/ip.js'
import type { BytesSample } from './bytes-sample.js'
import type { Condition } from './condition.js'
import { convertBy, type Word } from './converted.js'
import { debugged } from './converters/debug.js'
import type { EventSink } from './event-sink.js'
import { matchAddress, matchFound } from './matcher.js'
import type { NumberSample } from './number-sample.js'
import type { Phase } from './phase.js'
import { Sample } from './sample.js'
import type { TextSample } from './text-sample.js'
import { type TypedSample, typedSample } from './typed-sample.js'
import type { SampleType } from './value.js'

/** A question that is answered by an IP address (HAProxy's `ip`). No condition holds when there is no value. Manual, chapter 7.1.6. */
export class AddressSample<in P extends Phase> extends Sample<Ip, P> {
  /**
   * Lies in one of the networks, given as `10.0.0.0/8`, `fd00::/8` or plain addresses. Throws {@link OptionError} on anything
   * else: names are not resolved here.
   */
  in(...networks: readonly [string, ...string[]]): Condition<P> {
    return matchAddress<P>(this, networksOf(this.name, networks), networks)
  }

  /** Equal to one of the addresses. */
  is(...addresses: readonly [string, ...string[]]): Condition<P> {
    return matchAddress<P>(this, networksOf(this.name, addresses), addresses)
  }

  /** The network that it is in: so many bits of it. Without bits for IPv6 those have no value. HAProxy: `ipmask`. */
  mask(bits4: number, bits6?: number): AddressSample<P> {
    return this.convert('ip', 'ipmask', bits4, bits6)
  }

  /** As a text. */
  toText(): TextSample<P> {
    return typedSample('str', this)
  }

  /** As an integer: texts by the digits that they begin with. */
  toInteger(): NumberSample<P> {
    return typedSample('int', this)
  }

  /** As bytes. */
  toBytes(): BytesSample<P> {
    return typedSample('bin', this)
  }

  /** The same; each value that is seen is shown, by default in the balancer's `buf0`, which `show events` prints, and as its event `seen`. HAProxy: `debug`. */
  debug(prefix = '', sink?: EventSink): AddressSample<P> {
    return typedSample('ip', debugged(this as Sample<never, never>, prefix, sink)) as unknown as AddressSample<P>
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

function networksOf(name: string, given: readonly string[]): CidrSet {
  try {
    return new CidrSet(given)
  } catch (error) {
    throw new OptionError(name, '', (error as Error).message)
  }
}
