/** `stick`: a table remembers which server a client (or whatever else a sample gives) was sent to, and sends it there again. */
import { OptionError } from '../../base/errors.js'
import { Condition } from '../../match/condition.js'
import type { Context } from '../../match/context.js'
import type { Phase } from '../../match/phase.js'
import { notYet, Sample } from '../../match/sample.js'
import type { TableKey } from '../../table/key.js'
import { type AnyStickTable, StickTable } from '../../table/stick-table.js'
import type { Server } from '../server.js'
import type { Keeper, PersistenceMethod, PersistentPool } from './method.js'
import type { Persisted } from './persisted.js'
import { StickState, stickKeyOf } from './stick-state.js'

/** What a rule does with its key: looks for the server that it was sent to, remembers the one that it is sent to, or both. */
export type StickKind = 'on' | 'match' | 'store-request' | 'store-response'

/** When a sample of a kind is asked. */
function phaseOf(kind: StickKind, mode: 'http' | 'tcp'): Phase {
  if (kind === 'store-response') return mode === 'http' ? 'response' : 'responseContent'
  return mode === 'http' ? 'request' : 'content'
}

/** What can be asked at one of these checkpoints at least; a backend says whether it is the one of its mode. */
type KeyAt<P extends Phase> = P extends Phase ? Sample<unknown, P> : never
type ConditionAt<P extends Phase> = P extends Phase ? Condition<P> : never

/** One rule, as backends are given it. Made by {@link stickOn}, {@link stickMatch}, {@link stickStoreRequest} and {@link stickStoreResponse}. */
export class Stick<P extends Phase = 'request' | 'content'> implements PersistenceMethod {
  readonly by = 'stick'
  readonly name: string
  readonly kind: StickKind
  readonly table: StickTable
  readonly key: Sample<unknown, Phase>
  readonly condition: Condition<Phase> | undefined
  /** What {@link condition} has to come to. */
  readonly wanted: boolean

  constructor(
    kind: StickKind,
    table: StickTable,
    key: Sample<unknown, Phase>,
    condition?: Condition<Phase>,
    wanted = true,
  ) {
    const subject = `stick ${kind}`
    if (!(table instanceof StickTable)) throw new OptionError(subject, 'table', 'must be a StickTable')
    if (!(key instanceof Sample)) throw new OptionError(subject, 'key', 'must be a sample, as src')
    this.kind = kind
    this.table = table
    this.key = key
    this.condition = condition
    this.wanted = wanted
    this.name = `${subject} ${key.name} table ${table.name}`
  }

  /** The same rule, while a condition holds. */
  if(condition: ConditionAt<P>): Stick<P> {
    return this.#under(condition, true)
  }

  /** The same rule, while a condition does not hold. */
  unless(condition: ConditionAt<P>): Stick<P> {
    return this.#under(condition, false)
  }

  #under(condition: ConditionAt<P>, wanted: boolean): Stick<P> {
    if (!(condition instanceof Condition)) throw new OptionError(this.name, 'condition', 'must be a condition')
    if (this.condition !== undefined) throw new OptionError(this.name, 'condition', 'there is one already: use all()')
    return new Stick(this.kind, this.table, this.key, condition as unknown as Condition<Phase>, wanted)
  }

  join(pool: PersistentPool): Keeper {
    const phase = phaseOf(this.kind, pool.mode)
    const subject = `Backend '${pool.name}'`
    for (const asked of [this.key, this.condition]) {
      if (asked?.phases.includes(phase) === false)
        throw new OptionError(subject, 'persistence', `'${this.name}' asks what is not known in the phase '${phase}'`)
    }
    this.table.alsoStore('server_id')
    this.table.alsoStore('server_key')
    return new StickKeeper(this as unknown as Stick, pool)
  }
}

/** A rule at work in one backend. */
class StickKeeper implements Keeper {
  readonly by = 'stick'
  readonly name: string
  readonly #rule: Stick
  readonly #pool: PersistentPool

  constructor(rule: Stick, pool: PersistentPool) {
    this.name = rule.name
    this.#rule = rule
    this.#pool = pool
  }

  choose(context: Context, persisted: Persisted): Server | undefined {
    const { kind, table } = this.#rule
    if (kind === 'store-response') return undefined
    if (kind !== 'match' && persisted.stick?.has('request', table) === true) return undefined
    const key = this.#keyOf(context)
    if (key === undefined) return undefined
    if (kind !== 'match') this.#note(persisted, 'request', key)
    if (kind === 'store-request' || persisted.server !== undefined) return undefined
    const server = this.#serverOf(key, context)
    return server !== undefined && persisted.takes(server) ? server : undefined
  }

  answered(context: Context, persisted: Persisted): void {
    const { kind, table } = this.#rule
    if (kind !== 'store-response' || persisted.stick?.has('response', table) === true) return
    const key = this.#keyOf(context)
    if (key !== undefined) this.#note(persisted, 'response', key)
  }

  #note(persisted: Persisted, side: 'request' | 'response', key: TableKey): void {
    persisted.stick ??= new StickState()
    persisted.stick.add(side, this.#rule.table, key)
  }

  #keyOf(context: Context): TableKey | undefined {
    const { condition, wanted, key, table } = this.#rule
    if (condition !== undefined && (condition.test(context) === true) !== wanted) return undefined
    const value = key.ask(context)
    return value === undefined || value === notYet ? undefined : table.keyOf(value)
  }

  /** The name counts before the number, which may be another server's by now. Who asks keeps the key from being forgotten. */
  #serverOf(key: TableKey, { now, rehearsal }: Context): Server | undefined {
    const { table } = this.#rule
    const row = table.find(key, now)
    if (row === -1) return undefined
    if (!rehearsal) table.touch(row, now)
    const known = table.readText(row, table.field('server_key'))
    const named =
      known === undefined ? undefined : this.#pool.servers.find((server) => stickKeyOf(table, server) === known)
    if (named !== undefined) return named
    const id = table.read(row, table.field('server_id'), now)
    return this.#pool.servers.find((server) => server.id === id)
  }
}

/**
 * Sends whoever brings the same key to the same server again, as long as that one is up, and remembers the server of those who are new. Several backends can
 * share a table. Cookies go first: who was sent by one is only remembered. Manual, `stick on`.
 *
 * ```ts
 * const clients = new StickTable('clients', { key: 'ip', size: 200_000, expire: '30m' })
 * new Backend('app', { persistence: stickOn(clients, src), servers })
 * ```
 */
export function stickOn(table: AnyStickTable, key: KeyAt<'request' | 'content'>): Stick<'request' | 'content'> {
  return made('on', table, key)
}

/** As {@link stickOn}, without remembering anybody new. Manual, `stick match`. */
export function stickMatch(table: AnyStickTable, key: KeyAt<'request' | 'content'>): Stick<'request' | 'content'> {
  return made('match', table, key)
}

/** Remembers the server that a key of the request is sent to, for other rules to {@link stickMatch}. Manual, `stick store-request`. */
export function stickStoreRequest(
  table: AnyStickTable,
  key: KeyAt<'request' | 'content'>,
): Stick<'request' | 'content'> {
  return made('store-request', table, key)
}

/** Remembers a server by a key of its response, as by the session that it has begun. No rule has changed the response yet. Manual, `stick store-response`. */
export function stickStoreResponse(
  table: AnyStickTable,
  key: KeyAt<'response' | 'responseContent'>,
): Stick<'response' | 'responseContent'> {
  return made('store-response', table, key)
}

function made<P extends Phase>(kind: StickKind, table: AnyStickTable, key: Sample<unknown, never>): Stick<P> {
  return new Stick<P>(kind, table as StickTable, key as unknown as Sample<unknown, Phase>)
}
