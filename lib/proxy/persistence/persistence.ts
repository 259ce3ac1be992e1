/** The persistence of a backend: who of its ways gives a request to a server before the algorithm is asked, and who of them sees the answer. */
import { outcomes } from '../../base/errors.js'
import type { Condition } from '../../match/condition.js'
import type { Context } from '../../match/context.js'
import type { TransactionRecord } from '../../observe/record.js'
import type { Decision } from '../decision.js'
import type { Server } from '../server.js'
import type { Keeper } from './method.js'
import { CookieKeeper } from './persist-cookie.js'
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
  /** The cookie that it goes by, if it goes by one. */
  readonly cookie: CookieKeeper | undefined
  readonly #parts: PersistenceParts

  constructor(parts: PersistenceParts) {
    this.#parts = parts
    this.cookie = parts.keepers.find((keeper) => keeper instanceof CookieKeeper)
  }

  /** The names of its ways, in the order in which they are asked. */
  get names(): readonly string[] {
    return this.#parts.keepers.map(({ name }) => name)
  }

  /** Servers that are down are taken as well. HAProxy: `option persist`. */
  get persist(): boolean {
    return this.#parts.persist
  }

  /** What its ways have to say of a request that they could not send anywhere, for explanations. */
  remarks(context: Context): readonly string[] {
    const persisted = this.enter(context)
    return this.#parts.keepers.flatMap((keeper) => keeper.remark?.(persisted) ?? [])
  }

  /** A request comes to the backend: what is said of it now counts, whatever the backend's own rules make of it. */
  enter(context: Context): Persisted {
    const before = persistedOf(context)
    if (before?.owner === this) return before
    const { persist, force, ignore } = this.#parts
    const persisted = new Persisted(this, persist, someHold(force, context), someHold(ignore, context))
    context.persisted = persisted
    for (const keeper of this.#parts.keepers) keeper.enter?.(context, persisted)
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

  /** Rules of the backend have decided on a request. Whoever is refused is told of with the server that would have had it, as in HAProxy's logs. */
  refused(context: Context, decision: Decision, backend: { assigned(context: Context): Server | undefined }): void {
    const { record } = context
    if (record === undefined || context.request === undefined || this.cookie === undefined) return
    const denied = decision.kind === 'respond' && decision.outcome.code === outcomes.proxyRequestDenied.code
    if (decision.kind !== 'tarpit' && !denied) return
    const told = record as TransactionRecord
    told.server = backend.assigned(context)?.name
  }

  /** The server that a request was given to could not be had. @param place where it is now */
  moved(context: Context, place: object | undefined): void {
    const persisted = this.enter(context)
    if (persisted.server === undefined || place === persisted.server) return
    for (const keeper of this.#parts.keepers) keeper.moved?.(context, persisted)
  }

  /** A server has answered, and no rule has looked at the response yet: now stick tables remember that it is this one. */
  answered(context: Context, server: Server): void {
    const persisted = this.enter(context)
    for (const keeper of this.#parts.keepers) keeper.answered?.(context, persisted)
    if (!server.nonStick) persisted.stick?.keep(server, context)
  }

  /** A server has answered (in TCP mode: it is reached), and the rules have had their turn. */
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
