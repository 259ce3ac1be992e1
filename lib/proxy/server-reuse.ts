/** How a server's connections are kept and used again, where it says other things than its backend. */
import { z } from 'zod'
import { durationOption, integerOption } from '../base/options.js'
import type { AnyPhase } from '../match/phase.js'
import type { Sample } from '../match/sample.js'

/** What a server's users say of its idle connections. */
export interface ServerReuseOptions {
  /** Idle connections that are kept; 0 keeps none. Default: its backend's. HAProxy: `pool-max-conn`. */
  readonly maxIdleConnections?: number
  /** How long a connection may stand idle. Default: its backend's. HAProxy: `pool-purge-delay`. */
  readonly idleTimeout?: number | string
  /** How often a connection may be used again; 0 is never. Default: no limit. HAProxy: `max-reuse`. */
  readonly maxReuse?: number
  /** Only requests for which this has the same value share connections; those for which it has none share among themselves. HAProxy: `pool-conn-name`. */
  readonly poolName?: Sample<unknown, 'request'>
  /** {@link ServerLimitOptions.maxConnections} is a limit of connections, idle ones included. Default: no. HAProxy: `strict-maxconn`. */
  readonly strictMaxConnections?: boolean
}

const isSample = (given: unknown): boolean =>
  typeof given === 'object' && given !== null && typeof (given as Sample<unknown, AnyPhase>).ask === 'function'

export const serverReuseShape = {
  maxIdleConnections: integerOption(0, 2 ** 31 - 1).optional(),
  idleTimeout: durationOption.optional(),
  maxReuse: integerOption(0, 2 ** 31 - 1).optional(),
  poolName: z
    .custom<Sample<unknown, 'request'>>(isSample, { error: 'must be a question, as header() is one' })
    .optional(),
  strictMaxConnections: z.boolean({ error: 'must be true or false' }).optional(),
}

/** The same, understood. Times are milliseconds; what was not said is as its backend says. */
export interface DecidedReuse {
  readonly maxIdleConnections: number | undefined
  readonly idleTimeout: number | undefined
  readonly maxReuse: number
  readonly poolName: Sample<unknown, 'request'> | undefined
  readonly strict: boolean
}

const reuseOptions = z.object(serverReuseShape)

export function decideReuse(given: z.infer<typeof reuseOptions>): DecidedReuse {
  return {
    maxIdleConnections: given.maxIdleConnections,
    idleTimeout: given.idleTimeout,
    maxReuse: given.maxReuse ?? Number.POSITIVE_INFINITY,
    poolName: given.poolName,
    strict: given.strictMaxConnections ?? false,
  }
}
