/** A sample that is an IP address: the conditions that can be made of it. */
import { CidrSet } from '../base/cidr.js'
import { OptionError } from '../base/errors.js'
import type { Ip } from '../base/ip.js'
import type { Condition } from './condition.js'
import { matchAddress, matchFound } from './matcher.js'
import type { Phase } from './phase.js'
import { Sample } from './sample.js'

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
