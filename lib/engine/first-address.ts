/** The address that a server by name starts with: what was kept of it, what the system says, one that was written down, or none for now. */
import { OptionError } from '../base/errors.js'
import type { Server } from '../proxy/server.js'
import type { Network } from './network.js'

/** Tries the ways that the server says, in order. Rejects with {@link OptionError} when none of them gives an address. */
export async function findFirstAddress(network: Pick<Network, 'resolve'>, server: Server): Promise<void> {
  const { parsed, naming } = server
  // A state that was kept has moved it already; and so has an answer, in an earlier run.
  if (parsed.kind !== 'name') return
  let failure = 'none of its ways to an address has one'
  for (const way of naming.initial) {
    if (way === 'last') continue
    if (way === 'none') {
      server.markResolved(false)
      return
    }
    if (way !== 'libc') {
      server.move(way)
      return
    }
    try {
      server.resolved = await network.resolve(parsed.name, parsed.family)
      return
    } catch (error) {
      failure = (error as Error).message
    }
  }
  throw new OptionError(`Server '${server.name}'`, 'address', `cannot resolve '${parsed.name}': ${failure}`)
}
