import t from 'tap'
import { counter, OptionError, Peers, type PeersOptions, StickTable } from '../../lib/index.js'

const make =
  (options: Partial<PeersOptions>, name = 'P') =>
  () =>
    new Peers(name, { local: 'a', peers: {}, ...options })
const table = (name: string) => new StickTable(name, { key: 'ip', size: 10, store: { seen: counter() } })

t.test('this process is one of them, wherever it is', async (t) => {
  const listed = make({ peers: { b: '10.0.0.2:1', a: '10.0.0.1:1' } })()
  t.match(listed.peers, [
    { name: 'b', local: false },
    { name: 'a', local: true },
  ])
  t.equal(listed.bind?.address, '10.0.0.1:1')
  const bound = make({ peers: { b: '/run/b.sock' }, bind: { address: ':10000', backlog: 10 } })()
  t.match(bound.peers, [
    { name: 'a', local: true, address: ':10000' },
    { name: 'b', parsed: { kind: 'unix' } },
  ])
  t.match(bound.bind, { backlog: 10, parsed: { port: 10_000 } })
  const both = make({ peers: { a: '192.0.2.1:1' }, bind: ':10000' })()
  t.equal(both.bind?.address, ':10000', 'where it listens need not be where others see it')
  const silent = make({ peers: { b: 'b.example:1' } })()
  t.equal(silent.bind, undefined)
  t.match(silent.peers, [
    { name: 'a', parsed: undefined },
    { name: 'b', parsed: { kind: 'name' } },
  ])
  t.equal(silent.standing(), undefined, 'nothing runs')
})

t.test('tables go by their names, or by others', async (t) => {
  const [one, other] = [table('one'), table('P/other')]
  t.strictSame(make({ tables: [one, { table: other, name: '/other' }] })().tables, [
    { table: one, name: 'one' },
    { table: other, name: '/other' },
  ])
})

t.test('names that are legal elsewhere, too', async (t) => {
  const peers = JSON.parse('{"__proto__":"10.0.0.2:1","constructor":"10.0.0.3:1"}') as Record<string, string>
  t.strictSame(
    make({ peers })().peers.map(({ name, address }) => [name, address]),
    [
      ['a', ''],
      ['__proto__', '10.0.0.2:1'],
      ['constructor', '10.0.0.3:1'],
    ],
  )
})

t.test('what cannot be is told', async (t) => {
  const wrong: readonly (readonly [Partial<PeersOptions>, RegExp])[] = [
    [{ local: '' }, /'local'/],
    [{ local: 'a b' }, /'local': may hold letters/],
    [{ peers: { 'b c': '10.0.0.2:1' } }, /'peers\.b c': may hold letters/],
    [{ peers: { b: 7 as never } }, /'peers\.b': must be an address/],
    [{ peers: [] as never }, /'peers': must be addresses by name/],
    [{ peers: { b: '10.0.0.2' } }, /'peers\.b': '10\.0\.0\.2': missing port: write it after a colon/],
    [{ peers: { b: '10.0.0.2:1-3' } }, /'peers\.b': .*port range is not permitted/],
    [{ peers: { b: 'fd@3' } }, /'peers\.b'/],
    [{ peers: { b: { address: '10.0.0.2:1', shard: 1 } } }, /'peers\.b\.shard': must be at most 0/],
    [{ peers: { b: { address: '10.0.0.2:1', shard: 3 } }, shards: 2 }, /must be at most 2/],
    [{ shards: 0 }, /'shards'/],
    [{ bind: '10.0.0.1' }, /'bind': .*missing port/],
    [{ bind: '10.0.0.1:1-3' }, /'bind': must be one place, not a range/],
    [{ bind: '10.0.0.1:1,10.0.0.2:1' }, /'bind': must be one place/],
    [{ tables: [table('t'), table('t')] }, /'tables\[1\]': there is another one called 't'/],
    [{ tables: ['t' as never] }, /must be a StickTable/],
    [{ nonsense: 1 } as never, /no such option: 'nonsense'/],
  ]
  for (const [options, message] of wrong) t.throws(make(options), { name: 'OptionError', message }, String(message))
  t.throws(make({}, 'a b'), OptionError)
  t.throws(() => new Peers('P', undefined as never), OptionError)
})
