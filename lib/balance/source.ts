/** `balance source`: the same client address, the same server. */
import { word } from '../base/ip.js'
import type { Algorithm } from './algorithm.js'
import { type HashOptions, HashType } from './hash-type.js'
import { keyed, NO_KEY } from './keyed.js'

/**
 * By the client's address: its 32-bit words are folded into one, which is the hash; a hash `function` has no say.
 * Clients without an address take turns. Manual, `balance source`.
 */
export function source(options: HashOptions = {}): Algorithm {
  return keyed('source', 'nothing', new HashType('balance source', options), ({ session }) => {
    const bytes = session.source?.bytes
    if (bytes === undefined) return NO_KEY
    let folded = word(bytes, 0)
    for (let at = 4; at < bytes.length; at += 4) folded ^= word(bytes, at)
    return folded >>> 0
  })
}
