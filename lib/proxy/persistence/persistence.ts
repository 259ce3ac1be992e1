/** The persistence of a backend: who of its ways gives a request to a server before the algorithm is asked, and who of them sees the answer. */
import type { Condition } from '../../match/condition.js'
import type { Context } from '../../match/context.js'
import type { Server } from '../server.js'
import type { Keeper } from './method.js'
import { Persisted, persistedOf } from './persisted.js'

/** What a backend's persistence is made of. */
export interface PersistenceParts {
  /** Asked in this order; the first that gives a server is taken. */
  readonly keepers: readonly Keeper[]
  readonly persist: boolean
  readonly force: readonly Condition<'request'>[]
  readonly ignore: readonly Condition<'request'>[]
}

export class Persistence {
  readonly #parts: PersistenceParts

  constructor(parts: PersistenceParts) {
    this.#parts = parts
  }

  /** A request comes to the backend: what is said of it now counts, whatever the backend's own rules make of it. */
  enter(context: Context): Persisted {
    const before = persistedOf(context)
    if (before?.owner === this) return before
    const { persist, force, ignore } = this.#parts
    const persisted = new Persisted(this, persist, someHold(force, context), someHold(ignore, context))
    context.persisted = persisted
    return persisted
  }

  /**
   * Whom a request is to go to, if anybody, and whether that one can have it. May be asked again, when somebody's turn in a queue was lost.
   * @param ordered the server that `use-server` says
   */
  assign(context: Context, ordered: Server | undefined): Server | undefined {
    const persisted = this.enter(context)
    if (!persisted.asked) {
      persisted.asked = true
      if (ordered !== undefined) persisted.give(ordered, 'use-server', 'use-server')
      for (const keeper of this.#parts.keepers) {
        const server = keeper.choose(context, persisted)
        if (server !== undefined) persisted.give(server, keeper.by, keeper.name)
      }
    }
    const { server } = persisted
    return server !== undefined && persisted.takes(server) ? server : undefined
  }

  /** A server has answered (in TCP mode: it is reached). */
  answer(context: Context, server: Server): void {
    const persisted = this.enter(context)
    for (const keeper of this.#parts.keepers) keeper.answer?.(context, server, persisted)
  }

  /** Servers have come, gone or moved. */
  serversChanged(): void {
    for (const keeper of this.#parts.keepers) keeper.serversChanged?.()
  }
}

function someHold(conditions: readonly Condition<'request'>[], context: Context): boolean {
  for (const condition of conditions) if (condition.test(context) === true) return true
  return false
}
