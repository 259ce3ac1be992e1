/**
 * A whole balancer on the test's clock, through schedules of failures, orders and bursts of requests that chance makes. What must always hold is looked at
 * after every event. `FAIRLEAD_SEED` chooses the first schedule, `FAIRLEAD_HOURS` how many simulated hours all of them take together.
 */
import t from 'tap'
import {
  type AdminState,
  Backend,
  Frontend,
  first,
  HealthCheck,
  leastConn,
  random,
  roundRobin,
  Server,
  source,
  staticRoundRobin,
  uri,
} from '../../lib/index.js'
import { hang, type InMemory, inMemory, raw, refuse, reply, reset, TestRandom } from '../../lib/testing/index.js'
import type { MemoryClient } from '../../lib/testing/memory-client.js'

const firstSeed = Number(process.env['FAIRLEAD_SEED'] ?? 1)
const hours = Number(process.env['FAIRLEAD_HOURS'] ?? 40)
const HOURS_EACH = 10

t.setTimeout(0)

const MINUTE = 60_000
const CHECK_PATH = '/health'

/** Chance, in the forms that a schedule needs. */
class Dice {
  readonly #random: TestRandom

  constructor(seed: number) {
    this.#random = new TestRandom(seed)
  }

  below(limit: number): number {
    return Math.floor(this.#random.next() * limit)
  }

  between(low: number, high: number): number {
    return low + this.below(high - low + 1)
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T
  }

  often(share: number): boolean {
    return this.#random.next() < share
  }
}

const conditions = [
  'well',
  'well',
  'well',
  'refusing',
  'hanging',
  'slow',
  'failing',
  'unwell',
  'resetting',
  'half',
] as const
type Condition = (typeof conditions)[number]

class Storm {
  readonly #dice: Dice
  readonly #servers: readonly Server[]
  readonly #backend: Backend
  readonly #lb: InMemory
  readonly #conditions = new Map<string, Condition>()
  /** When each server was last ordered into a state. */
  readonly #ordered = new Map<string, number>()
  readonly #faults: string[] = []
  readonly #said: string[] = []
  #clients: MemoryClient[] = []
  requests = 0
  /** What has happened at all: a schedule in which nothing does shows nothing. */
  readonly seen = { retries: 0, waited: 0, refused: 0, down: 0 }
  readonly algorithm: string

  constructor(seed: number) {
    const dice = new Dice(seed)
    this.#dice = dice
    const balance = dice.of([roundRobin(), staticRoundRobin(), leastConn(), first(), random(), source(), uri()])
    this.algorithm = balance.name
    this.#servers = Array.from({ length: dice.between(2, 6) }, (_, index) => {
      const limited = dice.often(0.5)
      return new Server(`s${index}`, `10.0.0.${index + 1}:80`, {
        weight: dice.between(1, 10),
        backup: index > 1 && dice.often(0.2),
        ...(limited ? { maxConnections: dice.between(2, 5), ...dice.of([{}, { minConnections: 1 }]) } : {}),
        ...(dice.often(0.2) ? { maxQueue: dice.between(1, 5) } : {}),
        ...(dice.often(0.3) ? { slowStart: dice.between(10, 600) * 1000 } : {}),
        ...(dice.often(0.3)
          ? {
              observe: dice.of(['layer4', 'layer7'] as const),
              errorLimit: dice.between(1, 10),
              onError: dice.of(['fastInterval', 'failCheck', 'suddenDeath', 'markDown'] as const),
            }
          : {}),
        ...(dice.often(0.2) ? { onMarkedDown: 'shutdownSessions' as const } : {}),
      })
    })
    this.#backend = new Backend('be', {
      balance,
      servers: this.#servers,
      check: HealthCheck.http({
        path: CHECK_PATH,
        interval: dice.between(20, 300) * 1000,
        fastInterval: dice.between(5, 30) * 1000,
        rise: dice.between(1, 3),
        fall: dice.between(1, 3),
        timeout: '3s',
      }),
      retries: dice.between(0, 4),
      redispatch: dice.of([true, false, 1, 2]),
      fullConnections: dice.between(2, 20),
      ...(dice.often(0.4) ? { retryOn: ['connFailure', 'emptyResponse', 'responseTimeout', 503] as const } : {}),
      ...(dice.often(0.2) ? { backoff: { first: '100ms' } } : {}),
      ...(dice.often(0.2) ? { panicThreshold: dice.between(10, 60) } : {}),
      ...(dice.often(0.2) ? { outliers: { errorRate: 50, least: 3, maxEjected: 50 } } : {}),
      timeouts: { connect: '2s', server: '10s', queue: dice.of(['1s', '5s', '30s']) },
      reuse: dice.of(['never', 'safe', 'aggressive', 'always']),
    })
    const edge = new Frontend('edge', {
      bind: '192.0.2.1:80',
      defaultBackend: this.#backend,
      timeouts: { client: '15s', httpRequest: '5s', httpKeepAlive: '3s' },
      ...(dice.often(0.3) ? { maxConnections: dice.between(3, 20) } : {}),
    })
    this.#lb = inMemory({ frontends: [edge], random: new TestRandom(seed) })
    for (const { name } of this.#servers) this.#become(name, 'well')
  }

  async run(length: number): Promise<readonly string[]> {
    await this.#lb.started
    const { clock } = this.#lb
    const end = clock.elapsed + length
    while (clock.elapsed < end && this.#faults.length === 0) {
      await clock.advance(this.#dice.between(1, this.#dice.of([1000, 5000, 20 * MINUTE])))
      this.#look()
      await this.#event()
      await this.#lb.settle()
      this.#look()
    }
    await this.#calm()
    await this.#lb.stop()
    this.#count()
    this.#expect(this.#lb.faults.length === 0, `something threw: ${this.#lb.faults.join()}`)
    this.#expect(clock.pending === 0, `${clock.pending} timers are left`)
    return this.#faults
  }

  #count(): void {
    for (const { retries, status, backendQueue, serverQueue } of this.#lb.records) {
      this.seen.retries += retries
      if (status === 503) this.seen.refused++
      if (backendQueue + serverQueue > 0) this.seen.waited++
    }
    this.seen.down += this.#lb.health.filter(({ up }) => !up).length
  }

  async #event(): Promise<void> {
    const dice = this.#dice
    const server = dice.of(this.#servers)
    switch (dice.below(11)) {
      case 0:
      case 1:
        this.#become(server.name, dice.of(conditions))
        return
      case 2:
        this.#order(server, dice.of(['ready', 'ready', 'drain', 'maint']))
        return
      case 3:
        if (this.#backend.balance.dynamic) this.#say(`${server.name}: weight ${(server.weight = dice.between(0, 20))}`)
        return
      case 4:
        this.#joinOrLeave(server)
        return
      case 5:
        this.#force(server, dice.of(['up', 'down', 'stopping']))
        return
      case 6:
        // Upwards: who is there when it falls stays, and there would be more than it allows.
        if (Number.isFinite(server.maxConnections)) this.#say(`${server.name}: limit ${++server.maxConnections}`)
        return
      case 7:
        this.#say(`full with ${(this.#backend.fullConnections = dice.between(2, 20))}`)
        return
      default:
        await this.#burst(dice.between(1, 25))
    }
  }

  #order(server: Server, state: AdminState): void {
    server.admin = state
    this.#ordered.set(server.name, this.#lb.clock.elapsed)
    this.#say(`${server.name}: ${state}`)
  }

  #force(server: Server, state: 'up' | 'down' | 'stopping'): void {
    server.forceHealth(state)
    this.#say(`${server.name}: forced ${state}`)
  }

  #joinOrLeave(server: Server): void {
    const { servers } = this.#backend
    if (servers.named(server.name) === undefined) {
      servers.add(server)
      this.#become(server.name, this.#conditions.get(server.name) ?? 'well')
    } else if (servers.length > 1) servers.remove(server)
    this.#say(`${server.name}: ${this.#backend.servers.named(server.name) === undefined ? 'left' : 'joined'}`)
  }

  async #burst(count: number): Promise<void> {
    const dice = this.#dice
    this.#say(`${count} requests`)
    for (let left = count; left > 0; left--) {
      const client = await this.#lb.connect({ src: `203.0.113.${dice.below(250)}` })
      this.requests++
      const body = dice.often(0.2) ? 'x'.repeat(dice.between(1, 3000)) : ''
      const head = `${body === '' ? 'GET' : 'POST'} /${dice.below(50)}?${this.#lb.clock.elapsed} HTTP/1.1\r\nhost: a\r\ncontent-length: ${body.length}\r\n\r\n`
      client.socket.write(Buffer.from(head + body))
      if (dice.often(0.1)) client.socket.destroy()
      this.#clients.push(client)
      if (dice.often(0.2)) await this.#lb.clock.advance(dice.between(1, 500))
      this.#look()
    }
    const over = this.#clients.splice(0, dice.below(this.#clients.length))
    for (const client of over) client.socket.destroy()
  }

  /** Everything gets well, and time passes: nothing of what was may be left. */
  async #calm(): Promise<void> {
    for (const server of this.#servers) {
      if (this.#backend.servers.named(server.name) === undefined) this.#backend.servers.add(server)
      this.#become(server.name, 'well')
      server.admin = 'ready'
    }
    await this.#lb.clock.advance(40 * MINUTE)
    for (const client of this.#clients) client.socket.destroy()
    await this.#lb.clock.advance(MINUTE)
    this.#look()
    const { connections, underWay } = this.#lb.stats()
    this.#expect(connections === 0 && underWay === 0, `${connections} connections and ${underWay} requests are left`)
    const { counters } = this.#backend
    this.#expect(
      counters.current === 0 && counters.queued === 0,
      `the backend counts ${counters.current}, ${counters.queued}`,
    )
    for (const { name, active, queued, up } of this.#servers) {
      this.#expect(active === 0 && queued === 0, `${name} counts ${active} requests and ${queued} that wait`)
      this.#expect(up, `${name} is well and not up`)
    }
    await this.#share()
  }

  /** With nobody failing, each server gets its share of a long run. */
  async #share(): Promise<void> {
    if (this.algorithm !== 'roundrobin' && this.algorithm !== 'static-rr') return
    const regular = this.#servers.filter(({ backup, weight }) => !backup && weight > 0)
    const sum = regular.reduce((total, { weight }) => total + weight, 0)
    if (sum === 0) return
    const before = new Map(regular.map((server) => [server, server.counters.total]))
    const count = sum * Math.ceil(300 / sum)
    for (let left = count; left > 0; left--) await this.#lb.inject('/share')
    for (const server of regular) {
      const got = server.counters.total - (before.get(server) ?? 0)
      const due = (count * server.weight) / sum
      this.#expect(
        Math.abs(got - due) <= Math.max(count * 0.01, 1),
        `${server.name} got ${got} of ${count}, not ${due}`,
      )
    }
  }

  /** What must hold at every moment. */
  #look(): void {
    const { queue, rotation } = this.#backend
    for (const server of this.#servers) {
      const { name, active, maxConnections, full } = server
      this.#expect(active >= 0, `${name} counts ${active}`)
      this.#expect(active <= maxConnections, `${name} has ${active} of at most ${maxConnections}`)
      this.#expect(server.queue.length === 0 || full, `${server.queue.length} wait for ${name}, which has a place`)
    }
    const free = rotation.find((server) => !server.full && server.weight > 0)
    this.#expect(
      queue.length === 0 || free === undefined,
      `${queue.length} wait while ${free?.name} has a place, ${this.#stateOf(free)}`,
    )
  }

  #stateOf(server: Server | undefined): string {
    if (server === undefined) return ''
    const { active, limit, maxConnections, minConnections, effectiveWeight, weight } = server
    return `${active} of ${limit} of ${minConnections}–${maxConnections}, weight ${effectiveWeight} of ${weight}`
  }

  #become(name: string, condition: Condition): void {
    this.#conditions.set(name, condition)
    this.#say(`${name}: ${condition}`)
    const server = this.#servers.find((one) => one.name === name) as Server
    if (this.#backend.servers.named(name) === undefined) return
    if (condition === 'refusing') this.#lb.serve(name, refuse)
    else
      this.#lb.serve(name, async ({ request }) => {
        this.#judge(server, request.target)
        switch (condition) {
          case 'hanging':
            return hang
          case 'slow':
            await new Promise<void>((resolve) => void this.#lb.clock.after(this.#dice.between(10, 6000), resolve))
            return reply(200, 'slow')
          case 'failing':
            return reply(500, 'no')
          case 'unwell':
            return request.target === CHECK_PATH ? reply(503, 'no') : reply(200, 'ok')
          case 'resetting':
            return reset
          case 'half':
            return raw('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf')
          default:
            return reply(200, 'ok')
        }
      })
  }

  /** Nobody comes to a server in maintenance; to one that drains, whoever was on the way already may come, with a further try for one. */
  #judge(server: Server, target: string): void {
    const { name, admin } = server
    this.#expect(admin !== 'maint', `${name} is in maintenance and gets ${target}`)
    if (admin !== 'drain' || target === CHECK_PATH) return
    const sent = Number(target.split('?')[1])
    this.#expect(sent <= (this.#ordered.get(name) ?? 0), `${name} drains and gets ${target}`)
  }

  #say(what: string): void {
    this.#said.push(`${Math.round(this.#lb?.clock.elapsed ?? 0)}: ${what}`)
  }

  #expect(holds: boolean, fault: string): void {
    if (!holds && this.#faults.length < 5)
      this.#faults.push(
        `${fault} (at ${Math.round(this.#lb.clock.elapsed)} ms, after ${this.#said.slice(-6).join('; ')})`,
      )
  }
}

t.test('whatever fails and whatever is ordered, nothing is stuck, lost or counted wrongly', async (t) => {
  let requests = 0
  const seen = { retries: 0, waited: 0, refused: 0, down: 0 }
  for (let seed = firstSeed; seed < firstSeed + Math.ceil(hours / HOURS_EACH); seed++) {
    const storm = new Storm(seed)
    const faults = await storm.run(HOURS_EACH * 60 * MINUTE)
    requests += storm.requests
    for (const what of Object.keys(seen) as (keyof typeof seen)[]) seen[what] += storm.seen[what]
    t.strictSame(faults, [], `schedule ${seed}, ${storm.algorithm}: ${HOURS_EACH} hours`)
  }
  t.ok(requests > hours, `${requests} requests were sent`)
  for (const [what, count] of Object.entries(seen)) t.ok(count > 0, `${what}: ${count}`)
})
