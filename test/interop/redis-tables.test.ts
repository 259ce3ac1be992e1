/** One limit over several processes, through a real Redis: it holds; it is killed, and nodes go on alone and join again; a node is killed, and ages out. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { setTimeout as rest } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { freePort } from './support/ports.js'
import { missing } from './support/programs.js'
import type { NodeSketch, NodeState } from './support/redis-node.js'
import { RedisServer } from './support/redis-server.js'
import { until } from './support/shared-tables.js'

t.setTimeout(0)

const program = fileURLToPath(new URL('./support/redis-node.js', import.meta.url))

/** A process that counts with others. */
class Node {
  readonly #child: ChildProcess
  readonly #port: number
  readonly #agent = new Agent({ keepAlive: true })

  private constructor(child: ChildProcess, port: number) {
    this.#child = child
    this.#port = port
  }

  static async start(sketch: Omit<NodeSketch, 'port'>): Promise<Node> {
    const port = await freePort()
    const child = fork(program, [JSON.stringify({ ...sketch, port })])
    await once(child, 'message')
    return new Node(child, port)
  }

  /** The status of an answer. */
  request(path = '/'): Promise<number> {
    return new Promise((resolve, reject) => {
      get({ port: this.#port, host: '127.0.0.1', path, agent: path === '/' ? this.#agent : false }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0))
      }).on('error', reject)
    })
  }

  async state(): Promise<NodeState> {
    const answer = once(this.#child, 'message')
    this.#child.send('state')
    return ((await answer) as [NodeState])[0]
  }

  is(state: string, nodes?: number): Promise<boolean> {
    return until(async () => {
      const { standing } = await this.state()
      return standing.state === state && (nodes === undefined || standing.nodes === nodes)
    })
  }

  says(field: 'requests' | 'seen' | 'now', value: number): Promise<boolean> {
    return until(async () => (await this.state()).values?.[field] === value)
  }

  async stop(signal?: NodeJS.Signals): Promise<void> {
    this.#agent.destroy()
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const over = once(this.#child, 'exit')
    if (signal === undefined) this.#child.send('stop')
    else this.#child.kill(signal)
    await over
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)

const skip = missing('redis-server') ?? false

t.test('three processes, one limit', { skip }, async (t) => {
  const redis = await RedisServer.open()
  t.teardown(() => redis.close())
  const started: Node[] = []
  t.teardown(() => Promise.all(started.map((node) => node.stop('SIGKILL'))))
  const sketch = { url: redis.url, period: '10s', gone: '2s' }
  const start = async (): Promise<Node> => {
    const node = await Node.start(sketch)
    started.push(node)
    return node
  }
  const nodes = await Promise.all([start(), start(), start()])
  const [first, second, third] = nodes as [Node, Node, Node]

  /** What all have been asked in the first test, which may have to be played again. */
  let asked = 0

  await t.test('1,000 requests, spread evenly over them and over 10 s: 100 ± 5 pass', async (t) => {
    for (const node of nodes) if (!(await node.is('joined', 2))) throw new Error(JSON.stringify(await node.state()))
    const play = async (): Promise<number> => {
      asked += 1000
      const began = performance.now()
      const answers: Promise<number>[] = []
      for (let i = 0; i < 1000; i++) {
        await rest(Math.max(0, began + i * 10 - performance.now()))
        answers.push((nodes[i % 3] as Node).request())
      }
      const statuses = await Promise.all(answers)
      const passed = statuses.filter((status) => status === 200).length
      t.equal(statuses.filter((status) => status === 429).length, 1000 - passed)
      t.comment(`${passed} passed`)
      return passed
    }
    const holds = (passed: number): boolean => passed >= 95 && passed <= 105
    // Where something else has all of the machine for a while, exchanges come late, and more pass meanwhile: that is tried again.
    let passed = await play()
    while (!holds(passed) && asked < 3000) {
      await rest(21_000)
      passed = await play()
    }
    t.ok(holds(passed), `${passed} passed`)
    for (const node of nodes) t.ok(await node.says('seen', asked), 'each knows of all')
  })

  await t.test(
    'Redis is killed: nodes go on alone; it comes back with nothing: they join, and nothing is lost',
    async (t) => {
      await redis.kill()
      for (const node of nodes) t.ok(await node.is('alone'))
      const before = sum(await Promise.all(nodes.map(async (node) => (await node.state()).values?.seen ?? 0)))
      t.equal(before, 3000, 'what was known of the others stays')
      const statuses = await Promise.all(nodes.flatMap((node) => [node.request(), node.request()]))
      t.ok(statuses.every((status) => status === 200 || status === 429))
      await redis.start()
      for (const node of nodes) t.ok(await node.is('joined', 2))
      for (const node of nodes) t.ok(await node.says('seen', asked + 6))
      const { standing, news } = await first.state()
      t.equal(standing.losses, 1)
      t.equal(news.length, 3)
      t.match(news[1], /^alone .*/)
    },
  )

  await t.test('Redis stands still: so does nobody else', async (t) => {
    redis.signal('SIGSTOP')
    t.ok(await first.is('alone'))
    t.ok([200, 429].includes(await first.request()))
    redis.signal('SIGCONT')
    for (const node of nodes) t.ok(await node.is('joined', 2))
    for (const node of nodes) t.ok(await node.says('seen', asked + 7))
  })

  await t.test('a node is killed: who was connected to it counts no more; what it has counted does', async (t) => {
    await until(async () => ((await third.state()).values?.requests ?? 0) < 50, 40_000)
    const waiting = third.request('/wait').catch(() => 0)
    t.ok(await first.says('seen', asked + 8))
    const before = (await first.state()).values?.now ?? 0
    await third.stop('SIGKILL')
    t.equal(await waiting, 0)
    t.ok(await first.is('joined', 1))
    t.ok(await second.is('joined', 1))
    const { values } = await first.state()
    t.ok((values?.now ?? 0) < before, `${values?.now} of ${before} connections`)
    t.equal(values?.seen, asked + 8)
  })

  await t.test(
    'one that is started again knows what its former life has counted; one that stops has told everything',
    async (t) => {
      const again = await start()
      t.ok(await again.is('joined', 2))
      t.ok(await again.says('seen', asked + 8))
      await again.request()
      await again.stop()
      t.ok(await first.says('seen', asked + 9))
      t.ok(await second.says('seen', asked + 9))
    },
  )
})
