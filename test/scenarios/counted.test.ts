/** What counts at those who are tracked, where somebody has said otherwise than usual. */
import t from 'tap'
import { parseConfig } from '../../lib/config/index.js'
import type { BackendStats, FrontendStats } from '../../lib/index.js'
import { Backend, Balancer, counter, Frontend, Server, StickTable, src, track } from '../../lib/index.js'
import { inMemory, reply, tcp } from '../../lib/testing/index.js'

t.test('statuses that count as errors of clients and failures of servers', async (t) => {
  for (const [options, errors, failures] of [
    [{}, 2, 1],
    [{ errorCodes: '-404', failureCodes: '+200' }, 1, 2],
    [{ errorCodes: '100-599', failureCodes: '418' }, 5, 1],
  ] as const) {
    const table = new StickTable('clients', {
      key: 'ip',
      size: 10,
      store: { errors: counter({ of: 'errors' }), failures: counter({ of: 'failures' }) },
    })
    const answers = [200, 404, 418, 500, 501]
    const lb = inMemory(
      {
        frontends: [
          new Frontend('edge', {
            bind: ':80',
            httpRequest: [track(table, src)],
            defaultBackend: new Backend('web', { servers: [new Server('s1', '10.0.0.1:80')] }),
          }),
        ],
        ...options,
      },
      { s1: () => reply(answers.shift() ?? 0) },
    )
    t.teardown(() => lb.stop())
    for (let count = 0; count < 5; count++) await lb.inject('/', { src: '192.0.2.1' })
    t.same(table.get('192.0.2.1')?.values, { errors, failures }, JSON.stringify(options))
  }
  t.throws(() => new Balancer({ frontends: [], errorCodes: '404-' }), { message: /errorCodes.*'404-' is neither/ })
  t.throws(() => new Balancer({ frontends: [], failureCodes: '' }), { message: /failureCodes.*no status/ })
})

/** What HAProxy's file says, with the mode and words of the frontend. */
const file = (mode: string, words: string): string => `defaults
  mode ${mode}
  timeout client 1h
  timeout server 1h
  timeout connect 1s
frontend f
  ${words}
  option socket-stats
  bind 10.0.0.9:80
  tcp-request connection track-sc0 src table clients
  default_backend b
backend b
  server s1 10.0.0.1:80
backend clients
  stick-table type ip size 10 expire 1h store bytes_in_cnt,bytes_out_cnt
`

t.test('option contstats counts bytes while they flow, and all of them once', async (t) => {
  for (const mode of ['http', 'tcp'])
    for (const words of ['option contstats', 'no option contstats']) {
      const name = `${mode}, ${words}`
      const asked = words === 'option contstats'
      const config = parseConfig(file(mode, words))
      const servers: Parameters<Parameters<typeof tcp>[0]>[0][] = []
      const lb = inMemory(config, { s1: tcp((socket) => void servers.push(socket)) })
      t.teardown(() => lb.stop())
      await lb.started
      const client = lb.reach('10.0.0.9:80')
      client.resume()
      client.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
      await lb.settle()
      const [server] = servers
      server?.resume()
      const head = 'HTTP/1.1 200 OK\r\ncontent-length: 3000\r\n\r\n'
      const say = async (text: string): Promise<void> => {
        server?.write(text)
        await lb.clock.advance('5s')
      }
      const counted = (): readonly number[] => {
        const stats = lb.balancer.stats()
        const { f } = stats.frontends as Record<'f', FrontendStats>
        const { b } = stats.backends as Record<'b', BackendStats>
        const inTable = config.tables[0]?.records().map(({ values }) => Number(Object.values(values)[1]))
        const shown = [f, ...f.listeners.flatMap(({ counters }) => counters ?? []), b, ...Object.values(b.servers)]
        return shown.map(({ bytesOut }) => bytesOut).concat(inTable ?? [])
      }
      const everywhere = (bytes: number): readonly number[] => [bytes, bytes, bytes, bytes, bytes]
      await say(`${head}${'x'.repeat(1000)}`)
      const first = 1000 + head.length
      t.strictSame(counted(), everywhere(asked ? first : 0), `${name}: after 5 seconds`)
      await say('x'.repeat(1500))
      t.strictSame(counted(), everywhere(asked ? first + 1500 : 0), `${name}: after 10 seconds`)
      await say('')
      t.strictSame(counted(), everywhere(asked ? first + 1500 : 0), `${name}: nothing came`)
      server?.end('x'.repeat(500))
      await lb.settle()
      client.end()
      await lb.settle()
      t.strictSame(counted(), everywhere(first + 2000), `${name}: at the end`)
      t.match(lb.records, [{ bytesOut: first + 2000 }])
    }
})
