/** What a balancer knows of itself that another one may go on with: counters, and how its servers stand. Plain data, for JSON. */
import { z } from 'zod'
import { parseServerAddress } from '../base/address.js'
import { checkOptions, integerOption } from '../base/options.js'
import type { Counters } from '../observe/counters.js'
import type { Backend } from '../proxy/backend.js'
import type { Frontend } from '../proxy/frontend.js'
import type { Server } from '../proxy/server.js'
import type { AdminState, ObservedState } from '../proxy/server-state.js'

/** A balancer at one moment; see `Balancer.snapshot()`. */
export interface Snapshot {
  /** The form of what follows. */
  readonly version: 1
  readonly frontends: Readonly<Record<string, { readonly counters: Counters }>>
  readonly backends: Readonly<Record<string, BackendSnapshot>>
}

/** A backend at one moment. */
export interface BackendSnapshot {
  readonly counters: Counters
  readonly servers: Readonly<Record<string, ServerSnapshot>>
}

/** A server at one moment. */
export interface ServerSnapshot {
  readonly counters: Counters
  /** Where it is: another place than it was made with when it was moved. */
  readonly address: string
  /** What was ordered, and what was observed. */
  readonly admin: AdminState
  readonly state: ObservedState
  readonly weight: number
  /** The weight that it was made with: another one of that day counts more than this one. */
  readonly initialWeight: number
  /** `null` is no limit. */
  readonly maxConnections: number | null
  readonly checkEnabled: boolean
  readonly agentEnabled: boolean
  /** Milliseconds since it changed last. */
  readonly unchangedFor: number
}

/** The parts that are looked at. */
export interface SnapshotParts {
  readonly frontends: readonly Frontend[]
  readonly backends: readonly Backend[]
  /** By the engine's clock. */
  readonly now: number
}

export function takeSnapshot({ frontends, backends, now }: SnapshotParts): Snapshot {
  return {
    version: 1,
    frontends: byName(frontends, ({ counters }) => ({ counters: copied(counters) })),
    backends: byName(backends, ({ counters, servers }) => ({
      counters: copied(counters),
      servers: byName(servers, (server) => serverSnapshot(server, now)),
    })),
  }
}

function serverSnapshot(server: Server, now: number): ServerSnapshot {
  const { address, admin, state, weight, initialWeight, maxConnections, checkEnabled, agentEnabled } = server
  return {
    counters: copied(server.counters),
    address,
    admin,
    state,
    weight,
    initialWeight,
    maxConnections: Number.isFinite(maxConnections) ? maxConnections : null,
    checkEnabled,
    agentEnabled,
    unchangedFor: server.times.since(now),
  }
}

/** `__proto__` is a name as any other. */
function byName<T extends { readonly name: string }, V>(all: readonly T[], show: (one: T) => V): Record<string, V> {
  return Object.fromEntries(all.map((one) => [one.name, show(one)]))
}

const copied = (counters: Counters): Counters => structuredClone(counters)

/**
 * Goes on from there: what is known by the same name takes over what it was. What is new stays as it is.
 * @throws {OptionError} on what is no snapshot; then nothing has changed
 */
export function restoreSnapshot({ frontends, backends, now }: SnapshotParts, snapshot: Snapshot): void {
  check(snapshot)
  for (const frontend of frontends) count(frontend.counters, own(snapshot.frontends, frontend.name)?.counters)
  for (const backend of backends) {
    const before = own(snapshot.backends, backend.name)
    if (before === undefined) continue
    count(backend.counters, before.counters)
    for (const server of backend.servers) {
      const known = own(before.servers, server.name)
      if (known !== undefined) restoreServer(server, known, now)
    }
  }
}

const isNumbers = (given: unknown): boolean => {
  if (typeof given === 'number') return Number.isFinite(given)
  return typeof given === 'object' && given !== null && Object.values(given).every(isNumbers)
}

const numbers = z.custom<Counters>((given) => typeof given === 'object' && isNumbers(given), {
  error: 'must be counters',
})

const isPlace = (address: string): boolean => {
  try {
    parseServerAddress(address)
    return true
  } catch {
    return false
  }
}

const flag = z.boolean({ error: 'must be true or false' })
const serverSchema = z.object({
  counters: numbers,
  address: z.string().refine(isPlace, { error: 'must be an address' }),
  admin: z.enum(['ready', 'drain', 'maint']),
  state: z.enum(['up', 'stopping', 'down']),
  weight: integerOption(0, 256),
  initialWeight: integerOption(0, 256),
  maxConnections: integerOption(0, 2 ** 31 - 1).nullable(),
  checkEnabled: flag,
  agentEnabled: flag,
  unchangedFor: z.number(),
})

const snapshotSchema = z.object(
  {
    version: z.literal(1, { error: 'must be 1, as in what snapshot() gave' }),
    frontends: z.record(z.string(), z.object({ counters: numbers })),
    backends: z.record(z.string(), z.object({ counters: numbers, servers: z.record(z.string(), serverSchema) })),
  },
  { error: 'must be what snapshot() gave' },
)

/** All of it is looked at before anything of it is taken over. */
function check(snapshot: Snapshot): void {
  checkOptions('restore()', snapshotSchema, snapshot)
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

function restoreServer(server: Server, known: ServerSnapshot, now: number): void {
  const reason = 'restored'
  const moved = server.address !== known.address && server.parsed.kind === 'ip'
  if (moved && parseServerAddress(known.address).kind === 'ip') server.move(known.address, { reason })
  server.order(known.admin, reason)
  if (server.tracked === undefined) server.forceHealth(known.state, reason)
  if (server.initialWeight === known.initialWeight) server.setWeight(known.weight, reason)
  server.maxConnections = known.maxConnections ?? Number.POSITIVE_INFINITY
  server.checkEnabled = known.checkEnabled
  server.agentEnabled = known.agentEnabled
  count(server.counters, known.counters)
  server.times.begin(now - known.unchangedFor, !server.up)
}

/** What goes on at this moment is not what went on then. */
const PRESENT: ReadonlySet<string> = new Set(['current', 'queued'])

function count(into: Counters, from: Counters | undefined): void {
  if (from === undefined) return
  for (const [name, value] of Object.entries(structuredClone(from)))
    if (!PRESENT.has(name) && isLike(into[name as keyof Counters], value)) Object.assign(into, { [name]: value })
}

/** A counter of another version may have another form. */
const isLike = (here: unknown, there: unknown): boolean =>
  typeof here === typeof there && Array.isArray(here) === Array.isArray(there)
