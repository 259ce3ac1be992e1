/** One schedule: a world that is made by chance, and what chance does to it. */
import { RuntimeApi } from '../../../lib/admin/index.js'
import type { AdminState, Server } from '../../../lib/index.js'
import { type InMemory, inMemory, request, TestRandom, tcp } from '../../../lib/testing/index.js'
import { Customers } from './customers.js'
import { Dice } from './dice.js'
import { type Condition, conditions, Machine } from './machine.js'
import { Watch } from './watch.js'
import { World } from './world.js'

const MINUTE = 60_000
/** No more servers than that are ever made in a schedule. */
const MOST_MADE = 16

const words = [
  'up',
  'ready',
  'up ready',
  'down',
  'stopped',
  'fail',
  'drain',
  'maint',
  'up 50%',
  'up ready 100%',
  'maxconn:3',
  '',
]

export class Storm {
  readonly world: World
  readonly watch: Watch
  readonly customers: Customers
  readonly #dice: Dice
  readonly #lb: InMemory
  readonly #api: RuntimeApi
  readonly #machines = new Map<Server, Machine>()
  readonly #words = new Map<string, string>()
  /** Taken out, and may come back. */
  readonly #away: Server[] = []

  constructor(seed: number) {
    const dice = new Dice(seed)
    this.#dice = dice
    this.world = new World(dice)
    const { frontend, agents, backend } = this.world
    this.#lb = inMemory({ frontends: [frontend], backends: [agents], random: new TestRandom(seed) })
    this.#api = new RuntimeApi(this.#lb.balancer)
    this.customers = new Customers(this.#lb, dice)
    this.watch = new Watch(this.#lb, this.world, this.customers, this.#machines)
    for (const { name } of agents.servers)
      this.#lb.serve(
        name,
        tcp((socket) => {
          socket.on('error', () => {})
          socket.end(Buffer.from(`${this.#words.get(name) ?? 'up ready 100%'}\n`))
        }),
      )
    for (const server of backend.servers) this.#settleIn(server)
  }

  get algorithm(): string {
    return `${this.world.mode} ${this.world.backend.balance.name}`
  }

  #settleIn(server: Server): void {
    if (!this.#machines.has(server))
      this.#machines.set(
        server,
        new Machine(server, this.#lb, this.#dice, (machine, target) => this.watch.arrived(machine, target)),
      )
    this.#find(server, [homeOf(server)])
    this.#become(server, this.#machines.get(server)?.condition ?? 'well')
  }

  async run(length: number): Promise<readonly string[]> {
    await this.#lb.started
    const { clock } = this.#lb
    const end = clock.elapsed + length
    while (clock.elapsed < end && this.watch.faults.length === 0) {
      await clock.advance(this.#dice.between(1, this.#dice.of([1000, 5000, 20 * MINUTE])))
      this.watch.look()
      await this.#event()
      await this.#lb.settle()
      this.watch.look()
    }
    await this.#calm()
    await this.#api.close()
    await this.#lb.stop()
    this.watch.expect(this.#lb.faults.length === 0, `something threw: ${this.#lb.faults.join()}`)
    const resting = [...this.#machines.values()].reduce((sum, machine) => sum + machine.resting, 0)
    this.watch.expect(clock.pending === resting, `${clock.pending - resting} timers are left`)
    return this.watch.faults
  }

  async #event(): Promise<void> {
    const dice = this.#dice
    const { backend } = this.world
    const server = dice.of(backend.servers)
    switch (dice.below(18)) {
      case 0:
      case 1:
      case 2:
        return this.#become(server, dice.of(conditions))
      case 3:
        return this.#order(server, dice.of(['ready', 'ready', 'drain', 'maint']))
      case 4:
        if (backend.balance.dynamic) this.watch.say(`${server.name}: weight ${(server.weight = dice.between(0, 20))}`)
        return
      case 5:
        return this.#leave(server)
      case 6:
        return this.#join()
      case 7:
        if (server.tracked === undefined) this.#force(server, dice.of(['up', 'down', 'stopping']))
        return
      case 8:
        return this.#limit(server)
      case 9:
        this.watch.say(`full with ${(backend.fullConnections = dice.between(2, 20))}`)
        return
      case 10:
        return this.#instruct(server)
      case 11:
        return this.#rename(server)
      case 12:
        return this.#suspend(server)
      case 13:
        return this.#execute(server)
      case 14:
        this.customers.continue(0.7)
        return
      default:
        return this.#burst(dice.between(1, 25))
    }
  }

  #become(server: Server, condition: Condition): void {
    const machine = this.#machines.get(server) as Machine
    machine.condition = condition
    this.watch.changed(server)
    this.#lb.serve(server.name, machine.origin)
    this.watch.say(`${server.name}: ${condition}`)
  }

  #order(server: Server, state: AdminState): void {
    this.watch.say(`${server.name}: ${state}`)
    server.admin = state
  }

  #force(server: Server, state: 'up' | 'down' | 'stopping'): void {
    this.watch.say(`${server.name}: forced ${state}`)
    server.forceHealth(state)
  }

  #leave(server: Server): void {
    const { servers } = this.world.backend
    if (servers.length === 1 || server.isTracked) return
    const drain = this.#dice.of([true, true, '5s', false])
    this.watch.say(`${server.name} leaves, ${drain}`)
    this.watch.cut(server)
    servers.remove(server, { drain })
    this.watch.changed(server)
    this.#away.push(server)
  }

  /** Somebody comes back, or somebody new comes. */
  #join(): void {
    const { backend } = this.world
    const back = this.#dice.often(0.5) ? this.#away.shift() : undefined
    if (back === undefined && this.#machines.size >= MOST_MADE) return
    const server = back ?? this.world.newServer(backend.servers)
    this.watch.say(`${server.name} joins`)
    backend.servers.add(server)
    this.#settleIn(server)
  }

  #limit(server: Server): void {
    const dice = this.#dice
    if (dice.often(0.3) && server.minConnections > 0) server.minConnections = dice.between(1, 3)
    else if (dice.often(0.3)) server.maxQueue = dice.between(0, 4)
    else server.maxConnections = dice.between(0, 5)
    this.watch.changed(server)
    this.watch.say(`${server.name}: limits ${server.minConnections}–${server.maxConnections}, ${server.maxQueue}`)
  }

  /** Its agent says something else from now on. */
  #instruct(server: Server, word = this.#dice.of(words)): void {
    if (server.agent === undefined) return
    this.#words.set(`agent${server.name.slice(1)}`, word)
    this.watch.say(`${server.name}: its agent says '${word}'`)
  }

  #rename(server: Server): void {
    const elsewhere = `10.2.${this.#dice.below(4)}.${server.name.slice(1)}`
    this.#find(
      server,
      this.#dice.of([[homeOf(server)], [elsewhere], [elsewhere], [], 'nx', 'silent', 'failure'] as const),
    )
  }

  /** What name servers say of it from now on. */
  #find(server: Server, said: readonly string[] | 'nx' | 'silent' | 'failure'): void {
    if (server.fqdn === undefined) return
    this.#lb.names.set(server.fqdn, said)
    this.watch.say(`${server.fqdn}: ${said}`)
  }

  #suspend(server: Server): void {
    const suspended = this.#dice.often(0.3)
    if (this.#dice.often(0.5)) server.checkEnabled = !suspended
    else server.agentEnabled = !suspended
    this.watch.say(`${server.name}: checks ${server.checkEnabled}, agent ${server.agentEnabled}`)
  }

  async #execute(server: Server): Promise<void> {
    const of = `be/${server.name}`
    const line = this.#dice.of([
      `shutdown sessions server ${of}`,
      `set server ${of} agent down`,
      `set server ${of} agent up`,
      `set server ${of} health stopping`,
      `set weight ${of} 100%`,
      `set maxconn server ${of} 2`,
      `enable server ${of}`,
      'clear counters',
      'show stat',
      'show servers state',
    ])
    this.watch.say(line)
    if (line.startsWith('shutdown')) this.watch.cut(server)
    await this.#api.execute(line)
  }

  async #burst(count: number): Promise<void> {
    this.watch.say(`${count} requests`)
    for (let left = count; left > 0; left--) {
      await this.customers.come(this.world.mode === 'http')
      if (this.#dice.often(0.2)) await this.#lb.clock.advance(this.#dice.between(1, 500))
      this.watch.look()
    }
    this.customers.disperse(0.4)
  }

  /** Everything gets well, and time passes: nothing of what was may be left. */
  async #calm(): Promise<void> {
    this.watch.say('calm')
    const { backend } = this.world
    for (const server of this.#away.splice(0)) {
      backend.servers.add(server)
      this.#settleIn(server)
    }
    for (const server of backend.servers) {
      this.#become(server, 'well')
      this.#find(server, [homeOf(server)])
      this.#instruct(server, 'up ready 100%')
      server.checkEnabled = true
      server.agentEnabled = true
      server.admin = 'ready'
    }
    this.customers.continue(1)
    // They would keep others out where the frontend has a limit.
    for (const customer of this.customers.here) if (customer.kind === 'upgrade') this.customers.leave(customer)
    await this.#lb.clock.advance(World.RECOVERY)
    this.watch.look()
    this.watch.lookForForgotten()
    this.customers.disperse(2)
    for (const customer of this.customers.here) this.customers.leave(customer)
    await this.#lb.clock.advance(MINUTE)
    this.watch.look()
    this.watch.lookAfterwards()
    if (this.world.mode === 'http') await this.#share()
  }

  /** With nobody failing, each server gets its share of a long run. */
  async #share(): Promise<void> {
    const { backend } = this.world
    if (backend.balance.name !== 'roundrobin' && backend.balance.name !== 'static-rr') return
    const regular = backend.servers.filter(({ backup, weight }) => !backup && weight > 0)
    const sum = regular.reduce((total, { weight }) => total + weight, 0)
    if (sum === 0) return
    // Whoever was full for a while is owed turns until the round is over, sixteen times as long as the weights.
    for (let left = 16 * sum; left > 0; left--) backend.pick(request('/'))
    const before = new Map(regular.map((server) => [server, server.counters.total]))
    const count = sum * Math.ceil(300 / sum)
    for (let left = count; left > 0; left--) await this.#lb.inject('/share')
    for (const server of regular) {
      const got = server.counters.total - (before.get(server) ?? 0)
      const due = (count * server.weight) / sum
      this.watch.expect(
        Math.abs(got - due) <= Math.max(count * 0.01, 1),
        `${server.name} got ${got} of ${count}, not ${due}`,
      )
    }
  }
}

const homeOf = ({ name }: Server): string => `10.0.0.${name.slice(1)}`
