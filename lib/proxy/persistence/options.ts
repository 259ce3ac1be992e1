/** What backends are told of persistence, and how that is checked. */
import { z } from 'zod'
import { OptionError } from '../../base/errors.js'
import { Condition } from '../../match/condition.js'
import type { PersistenceMethod, PersistentPool } from './method.js'
import { Persistence } from './persistence.js'

/** What a backend can be told of persistence. */
export interface PersistenceOptions {
  /**
   * What sends a client's requests to the same server again, before {@link BackendOptions.balance} is asked; of several, the first that says a
   * server is taken. Default: nothing. HAProxy: `cookie`, `persist rdp-cookie`, `stick`.
   */
  readonly persistence?: PersistenceMethod | readonly PersistenceMethod[]
  /** What persistence and {@link BackendOptions.useServers} say is done for servers that are down or in maintenance, too. Default: no. HAProxy: `option persist`. */
  readonly persist?: boolean
  /** As {@link persist}, for what one of these holds for; such a request is never sent elsewhere. HAProxy: `force-persist`. */
  readonly forcePersist?: readonly Condition<'request'>[]
  /** What one of these holds for goes where the algorithm sends it, whatever its client brings. HAProxy: `ignore-persist`. */
  readonly ignorePersist?: readonly Condition<'request'>[]
}

const conditions = z
  .array(z.custom<Condition<'request'>>((given) => given instanceof Condition, { error: 'must be a condition' }))
  .optional()

const method = z.custom<PersistenceMethod>(
  (given) => typeof given === 'object' && given !== null && typeof (given as PersistenceMethod).join === 'function',
  { error: 'must be a way of persistence, as persistCookie() gives it' },
)

export const persistenceShape = {
  persistence: z.union([method, z.array(method)]).optional(),
  persist: z.boolean({ error: 'must be true or false' }).optional(),
  forcePersist: conditions,
  ignorePersist: conditions,
}

/** The persistence of a backend; none, when nothing of it was asked for. */
export function decidePersistence(options: PersistenceOptions, pool: PersistentPool): Persistence | undefined {
  const { persistence = [], persist = false, forcePersist: force = [], ignorePersist: ignore = [] } = options
  const methods = Array.isArray(persistence) ? persistence : [persistence]
  if (methods.length === 0 && !persist && force.length === 0 && ignore.length === 0) return undefined
  if (methods.filter(({ by }) => by === 'cookie').length > 1)
    throw new OptionError(`Backend '${pool.name}'`, 'persistence', 'a backend can go by one cookie only')
  return new Persistence({ keepers: methods.map((one) => one.join(pool)), persist, force, ignore })
}
