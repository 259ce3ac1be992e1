/** What a scenario is run on: a balancer, its servers and clients, through sockets or in memory. The scenarios do not know which. */
import type { Balancer } from '../../../lib/balancer.js'
import type { HealthChange, TransactionRecord } from '../../../lib/index.js'
import type { Frontend } from '../../../lib/proxy/frontend.js'
import type { Handler } from '../../../lib/testing/index.js'
import type { TestClock } from '../../../lib/testing/test-clock.js'
import type { Peer } from './peer.js'

/** A server: an HTTP server in code, one that the scenario plays byte by byte, or nobody. */
export type Actor = Handler | 'manual' | 'refuse'

/** What runs: the options of a balancer. `at` gives the address of a server by its name. */
export interface Plan {
  readonly frontends: readonly Frontend[]
  readonly maxConnections?: number
  readonly maxHeaders?: number
  readonly bufferSize?: number
}
export type Setup = (at: (server: string) => string) => Plan | Frontend

export interface Rig {
  readonly balancer: Balancer
  readonly clock: TestClock
  readonly records: TransactionRecord[]
  readonly health: HealthChange[]
  readonly faults: unknown[]
  /** Connections that a manual server has got, in order. */
  origin(name: string): readonly Peer[]
  /** Turns a server into something else, from its next connection on. */
  change(name: string, actor: Actor): Promise<void>
  /** A client that is connected. */
  client(frontend?: string): Promise<Peer>
  /** Waits until something is so; fails when it never becomes so. */
  when(so: () => boolean, what?: string): Promise<void>
  /** Lets everything happen that needs no time. */
  settle(): Promise<void>
  /** Moves time. */
  advance(time: number | string): Promise<void>
}

export interface World {
  readonly name: 'sockets' | 'memory'
  /** Builds a rig and runs the play on it; everything is taken down afterwards. */
  perform(setup: Setup, actors: Readonly<Record<string, Actor>>, play: (rig: Rig) => Promise<void>): Promise<void>
}

/** The last milliseconds of a real clock that a scenario may wait for what should happen at once. */
export const LONGEST_WAIT = 10_000

export const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
}

export async function waitFor(so: () => boolean, what: string, state: () => string): Promise<void> {
  const end = performance.now() + LONGEST_WAIT
  while (!so()) {
    if (performance.now() > end) throw new Error(`this never became so: ${what}\n${state()}`)
    await turns(1)
  }
}

/** What a failure message shows. */
export function stateOf(rig: Pick<Rig, 'records' | 'faults' | 'balancer' | 'clock'>, peers: readonly Peer[]): string {
  return JSON.stringify(
    {
      elapsed: rig.clock.elapsed,
      records: rig.records.map(({ method, target, status, termination, server }) => [
        method,
        target,
        status,
        termination,
        server,
      ]),
      faults: rig.faults.map(String),
      peers: peers.map(({ received, ended, closed }) => ({ received: received.slice(0, 500), ended, closed })),
      underWay: rig.balancer.stats().underWay,
      connections: rig.balancer.stats().connections,
    },
    null,
    1,
  )
}
