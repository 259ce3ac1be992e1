/** What must always hold of a balancer, looked at after every event of a schedule, with every request that comes to a machine and every record. */
import type { Server, TransactionRecord } from '../../../lib/index.js'
import type { InMemory } from '../../../lib/testing/index.js'
import { type Customer, type Customers, idOf } from './customers.js'
import { CHECK_PATH, type Machine } from './machine.js'
import type { World } from './world.js'

const MOST_FAULTS = 5

export class Watch {
  readonly faults: string[] = []
  /** What has happened at all: a schedule in which nothing does shows nothing. */
  readonly seen = { retries: 0, waited: 0, refused: 0, down: 0, upgraded: 0, moved: 0, saved: 0 }
  readonly #lb: InMemory
  readonly #world: World
  readonly #customers: Customers
  readonly #machines: ReadonlyMap<Server, Machine>
  readonly #said: string[] = []
  /** Since when a server has been out of rotation. */
  readonly #out = new Map<Server, number>()
  /** Since when nothing has changed about a server, and its machine. */
  readonly #quiet = new Map<Server, number>()
  readonly #active = new Map<Server, number>()
  readonly #told = new Map<number, number>()
  /** The server that each has come to last. */
  readonly #came = new WeakMap<Customer, Server>()

  constructor(lb: InMemory, world: World, customers: Customers, machines: ReadonlyMap<Server, Machine>) {
    this.#lb = lb
    this.#world = world
    this.#customers = customers
    this.#machines = machines
    lb.balancer.on('record', (record) => this.#recorded(record))
    lb.balancer.on('server', ({ server, change }) => {
      this.changed(server)
      if (change.what === 'address') this.seen.moved++
    })
    lb.balancer.on('health', ({ up }) => {
      if (!up) this.seen.down++
    })
  }

  say(what: string): void {
    this.#said.push(`${Math.round(this.#lb.clock.elapsed)}: ${what}`)
    if (this.#said.length > 12) this.#said.shift()
  }

  expect(holds: boolean, fault: string): void {
    if (holds || this.faults.length === MOST_FAULTS) return
    this.faults.push(`${fault} (at ${Math.round(this.#lb.clock.elapsed)} ms, after ${this.#said.join('; ')})`)
  }

  /** Something is different about a server or its machine. */
  changed(server: Server): void {
    const { elapsed } = this.#lb.clock
    this.#quiet.set(server, elapsed)
    if (server.inRotation) this.#out.delete(server)
    else if (!this.#out.has(server)) this.#out.set(server, elapsed)
    this.#excuse(server)
  }

  /** Whose sessions it may have ended by going down, or coming up. */
  #excuse(server: Server): void {
    const ends = server.onMarkedDown === 'shutdownSessions' && !server.inRotation
    for (const customer of this.#customers.here) {
      const at = this.#serverOf(customer)
      if (ends && at === server) customer.cut = true
      if (server.onMarkedUp === 'shutdownBackupSessions' && at?.backup === true) customer.cut = true
    }
  }

  #serverOf({ client }: Customer): Server | undefined {
    const name = /^x-server: (\S+)/m.exec(client.received)?.[1]
    return name === undefined ? undefined : [...this.#machines.keys()].find((server) => server.name === name)
  }

  /** The sessions of a server were ordered to end. */
  cut(server: Server): void {
    // One that has not been answered yet is there all the same.
    for (const customer of this.#customers.here)
      if (this.#serverOf(customer) === server || this.#came.get(customer) === server) customer.cut = true
  }

  /** What must hold at every moment. */
  look(): void {
    const { queue, rotation, servers } = this.#world.backend
    for (const server of this.#machines.keys()) this.#lookAt(server)
    const free = rotation.find((server) => !server.full && server.weight > 0)
    this.expect(
      queue.length === 0 || free === undefined,
      `${queue.length} wait while ${free?.name} has a place, ${stateOf(free)}`,
    )
    this.expect(queue.length === 0 || rotation.length > 0, `${queue.length} wait for nobody`)
    this.expect(
      servers.every(({ attached }) => attached),
      'a server is there and not attached',
    )
    for (const customer of this.#customers.here) if (customer.kind === 'upgrade') this.#lookAtUpgraded(customer)
  }

  #lookAt(server: Server): void {
    const { name, active, maxConnections, full, tracked } = server
    this.expect(active >= 0, `${name} counts ${active}`)
    const most = Math.max(maxConnections, this.#active.get(server) ?? 0)
    this.expect(active <= most, `${name} has ${active} of at most ${maxConnections}`)
    this.#active.set(server, active)
    this.expect(
      server.queue.length === 0 || full,
      `${server.queue.length} wait for ${name}, which has a place: ${stateOf(server)}`,
    )
    this.expect(
      server.queue.length === 0 || server.inRotation || this.#world.backend.uses(server),
      `${server.queue.length} wait for ${name}, which is out`,
    )
    if (tracked === undefined || !server.attached) return
    this.expect(
      server.state === tracked.state,
      `${name} is ${server.state}, and ${tracked.name}, which it tracks, ${tracked.state}`,
    )
    this.expect(server.inherited === tracked.ordered, `${name} does not do as ${tracked.name} was told`)
  }

  #lookAtUpgraded(customer: Customer): void {
    if (!customer.client.received.startsWith('HTTP/1.1 101')) return
    const { ended, broken, socket } = customer.client
    this.expect(
      customer.cut || !(ended || broken !== undefined || socket.destroyed),
      `the WebSocket of ${customer.id} to ${this.#serverOf(customer)?.name} was cut`,
    )
  }

  /** Something comes to a machine. */
  arrived({ server }: Machine, target: string): void {
    const { name, ordered } = server
    const { backend } = this.#world
    const customer = this.#customers.all[idOf(target)]
    if (customer !== undefined) this.#came.set(customer, server)
    // The head of a body that comes late was sent before.
    if (customer?.kind === 'late') return
    this.expect(ordered !== 'maint', `${name} is in maintenance and gets ${target}`)
    this.expect(server.attached, `${name} was removed and gets ${target}`)
    if (target === CHECK_PATH) this.expect(server.checkEnabled, `${name} is not to be checked`)
    const out = this.#out.get(server)
    if (out === undefined || customer === undefined || backend.panicking) return
    this.expect(
      customer.sent <= out,
      `${name} is ${ordered} and ${server.state} since ${out}, and gets ${target} of ${customer.sent}`,
    )
  }

  #recorded(record: TransactionRecord): void {
    const { retries, status, backendQueue, serverQueue } = record
    this.seen.retries += retries
    if (status === 503) this.seen.refused++
    if (status === 101) this.seen.upgraded++
    if (status === 200 && retries > 0) this.seen.saved++
    if (backendQueue + serverQueue > 0) this.seen.waited++
    const customer = this.#customers.all[idOf(record.target)]
    if (customer === undefined) return
    const times = (this.#told.get(customer.id) ?? 0) + 1
    this.#told.set(customer.id, times)
    this.expect(times === 1, `${customer.id} is told of ${times} times`)
    if (!customer.gone && !customer.cut) this.#judge(record, customer)
  }

  /** Whether a request that failed could have been saved. */
  #judge(record: TransactionRecord, customer: Customer): void {
    const { backend, retryOn } = this.#world
    const cause = causeOf(record)
    if (cause === undefined || record.server === undefined) return
    if (!retryOn.includes(cause) && !retryOn.includes('allRetryableErrors')) return
    if (cause !== 'connFailure' && customer.size > this.#world.replayed) return
    // It was to have another try, found no place in time, and got the answer that was kept.
    if (backend.retry.lastAnswer && record.timers.queue >= backend.timeouts.queue) return
    const how = `${customer.id}, ${customer.size} bytes, ended with ${record.status} ${record.termination} at ${record.server} after ${record.retries} retries`
    this.expect(record.retries >= backend.retries || backend.rotation.length === 0, `${how}, and had more`)
    const saviour = this.#saviour(customer.sent)
    this.expect(saviour === undefined, `${how}, while ${saviour?.name} was well`)
  }

  /** Who would have had to be tried before somebody gave up: well, in rotation and without a limit all the time. */
  #saviour(since: number): Server | undefined {
    const { balance, redispatch, rotation, retries, servers } = this.#world.backend
    if (!balance.skipsFull || redispatch === 0 || retries < servers.length - 1) return undefined
    if (this.#world.backend.preferLastServer) return undefined
    return rotation.find(
      (server) =>
        server.maxConnections === Number.POSITIVE_INFINITY &&
        server.weight > 0 &&
        this.#machines.get(server)?.condition === 'well' &&
        (this.#quiet.get(server) ?? 0) < since,
    )
  }

  /** When all is well again: nobody is kept waiting, and nothing of what was is left. */
  lookAfterwards(): void {
    const { counters } = this.#world.backend
    this.expect(
      counters.current === 0 && counters.queued === 0,
      `the backend counts ${counters.current}, ${counters.queued}`,
    )
    for (const [server] of this.#machines) {
      const { name, active, queued } = server
      this.expect(active === 0 && queued === 0, `${name} counts ${active} requests and ${queued} that wait`)
    }
    const { connections, underWay } = this.#lb.stats()
    this.expect(connections === 0 && underWay === 0, `${connections} connections and ${underWay} requests are left`)
  }

  lookForForgotten(): void {
    for (const { id, kind, client, rest, sent } of this.#customers.here) {
      const answered = client.received !== '' || client.ended || client.broken !== undefined || client.socket.destroyed
      this.expect(answered, `${id}, ${kind}, of ${sent}, has had no answer; ${rest.length} bytes are to come`)
    }
    for (const server of this.#world.backend.servers) {
      const { name, weight } = server
      const why = `${server.state} ${server.ordered} ${server.unresolved} ${server.lastCheck?.status} ${server.lastAgentCheck?.status}`
      this.expect(weight === 0 || server.inRotation, `${name} is well and not in rotation: ${why}`)
    }
  }
}

/** Why it failed, in the words of `retryOn`. */
function causeOf({ termination, status, mode }: TransactionRecord): string | undefined {
  if (mode === 'tcp') return termination === 'SC' || termination === 'sC' ? 'connFailure' : undefined
  if (/^[Ss]C/.test(termination)) return 'connFailure'
  if (termination.startsWith('SH')) return 'emptyResponse'
  if (termination.startsWith('sH')) return 'responseTimeout'
  return status === 503 && termination.startsWith('--') ? '503' : undefined
}

function stateOf(server: Server | undefined): string {
  if (server === undefined) return ''
  const { active, limit, maxConnections, minConnections, effectiveWeight, weight } = server
  return `${active} of ${limit} of ${minConnections}–${maxConnections}, weight ${effectiveWeight} of ${weight}`
}
