/** What counts at those who are tracked, where somebody has said otherwise than usual. */
import t from 'tap'
import { Backend, Balancer, counter, Frontend, Server, StickTable, src, track } from '../../lib/index.js'
import { inMemory, reply } from '../../lib/testing/index.js'

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
