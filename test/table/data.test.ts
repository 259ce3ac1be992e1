/** What entries hold: every data type, how it counts and wraps, and what leaves a table and comes back. */
import t from 'tap'
import { Ip } from '../../lib/base/ip.js'
import { src } from '../../lib/match/fetches/connection.js'
import { dataTypes } from '../../lib/table/data-type.js'
import { Dictionary } from '../../lib/table/dictionary.js'
import {
  type CountedOf,
  counter,
  type Field,
  fieldOf,
  general,
  generalRate,
  rate,
  storedServerId,
  storedServerKey,
  tag,
  tags,
} from '../../lib/table/field.js' // prettier-ignore
import type { KeyType } from '../../lib/table/key.js'
import { StickTable } from '../../lib/table/stick-table.js'
import { exchange } from '../match/context.js'

const everything = (): Record<string, Field> =>
  Object.fromEntries(
    dataTypes.map(({ name, kind, array }) => [
      name,
      fieldOf(name, { ...(kind === 'rate' ? { period: '10s' } : {}), ...(array ? { length: 3 } : {}) }),
    ]),
  )

const tableOf = (store: Record<string, Field>, more: object = {}) =>
  new StickTable('t', { key: 'string', size: 100, expire: '1m', store, ...more })

t.test('each data type is counted by what it counts, and by nothing else', async (t) => {
  const table = tableOf(everything())
  const row = table.open(table.keyOf('a')!, 1000)
  const counted: readonly [CountedOf, string][] = [
    ['requests', 'http_req'],
    ['connections', 'conn'],
    ['sessions', 'sess'],
    ['errors', 'http_err'],
    ['failures', 'http_fail'],
    ['bytesIn', 'bytes_in'],
    ['bytesOut', 'bytes_out'],
    ['glitches', 'glitch'],
  ]
  for (const [index, [what]] of counted.entries()) table.count(row, what, index + 5, 1000)
  for (const [index, [, word]] of counted.entries()) {
    t.equal(table.read(row, table.field(`${word}_cnt`), 1000), index + 5, `${word}_cnt`)
    t.equal(table.read(row, table.field(`${word}_rate`), 1000), index + 5, `${word}_rate`)
  }
  for (const name of ['gpc0', 'gpc1', 'gpc', 'gpc0_rate', 'gpc_rate', 'gpt0', 'gpt', 'conn_cur', 'server_id'])
    t.equal(table.read(row, table.field(name), 1000), 0, name)
  t.equal(table.field('nothing'), -1)
})

t.test('numbers lose what does not fit', async (t) => {
  const table = tableOf(everything())
  const row = table.open(table.keyOf('a')!, 0)
  const at = (name: string): number => table.field(name)
  table.write(row, at('gpc0'), 2 ** 32 - 1, 0)
  t.equal(table.add(row, at('gpc0'), 2, 0), 1, 'after 2³² - 1 comes 0')
  table.write(row, at('gpc1'), 4294967300, 0)
  t.equal(table.read(row, at('gpc1'), 0), 4)
  table.write(row, at('server_id'), -7, 0)
  t.equal(table.read(row, at('server_id'), 0), -7, 'a server’s number has a sign')
  table.write(row, at('bytes_in_cnt'), 2 ** 32 - 1, 0)
  table.count(row, 'bytesIn', 5, 0)
  t.equal(table.read(row, at('bytes_in_cnt'), 0), 2 ** 32 + 4, 'bytes have 64 bits')
  table.write(row, at('bytes_in_cnt'), 2n ** 64n - 1n, 0)
  t.equal(table.readWide(row, at('bytes_in_cnt')), 2n ** 64n - 1n)
  table.count(row, 'bytesIn', 3, 0)
  t.equal(table.readWide(row, at('bytes_in_cnt')), 2n)
  table.write(row, at('gpc0_rate'), 2 ** 32 - 2, 5)
  t.equal(table.add(row, at('gpc0_rate'), 3, 5), 1, 'and so do rates')
})

t.test('elements of arrays are apart, and there are none beyond the end', async (t) => {
  const table = tableOf({ marks: tags(3), counts: general(2), rates: generalRate('1s', 2), mark: tag() })
  const row = table.open(table.keyOf('a')!, 10)
  for (const element of [0, 1, 2, 3, 99]) table.write(row, 0, element + 10, 10, element)
  t.strictSame(
    [0, 1, 2, 3].map((element) => table.read(row, 0, 10, element)),
    [10, 11, 12, 0],
  ) // prettier-ignore
  table.add(row, 1, 5, 10, 1)
  table.add(row, 1, 5, 10, 2)
  table.add(row, 2, 6, 10, 1)
  t.strictSame([table.read(row, 1, 10, 0), table.read(row, 1, 10, 1), table.read(row, 2, 10, 0)], [0, 5, 0])
  t.strictSame([table.read(row, 2, 10, 1), table.read(row, 3, 10)], [6, 0])
  t.throws(() => tags(0), /'length': must be a whole number from 1 to 100/)
  t.throws(() => general(101), /from 1 to 100/)
  t.throws(() => fieldOf('gpc'), /'length': is missing/)
  t.throws(() => fieldOf('gpc0', { length: 2 }), /'length': is for arrays only/)
  t.throws(() => fieldOf('gpc0_rate'), /'period': is missing/)
  t.throws(() => fieldOf('gpc0', { period: 5 }), /'period': is for rates only/)
  t.throws(() => fieldOf('nothing'), /'nothing' is none that can be stored/)
  t.throws(() => counter({ of: '__proto__' as 'requests' }), /'of': must be one of requests/)
})

t.test('each element of an array can be asked for, and no other', async (t) => {
  const table = tableOf({ counts: general(3), marks: tags(2), mark: tag() })
  const row = table.open(table.keyOf('10.0.0.1')!, 0)
  table.write(row, 0, 7, 0, 2)
  table.write(row, 1, 5, 0, 1)
  const context = exchange('/', { src: '10.0.0.1' })
  const asked = [table.lookup('counts', src), table.lookup('counts', src, 2), table.lookup('marks', src, 1)]
  t.strictSame(
    asked.map((sample) => sample.ask(context)),
    [0, 7, 5],
  )
  t.equal(asked[1]?.name, `src,table_gpc(2,${table.name})`, 'as a haproxy.cfg calls it')
  const last = table.tracked('counts', 0, 2)
  t.equal(last.name, `sc_counts(2,0,${table.name})`)
  t.equal(last.ask(context), undefined)
  table.track(context, '10.0.0.1')
  t.equal(last.ask(context), 7)
  t.throws(() => table.lookup('counts', src, 3), {
    code: 'ERR_OPTION',
    message: /'counts'.*must be from 0 to 2, but is 3/,
  })
  t.throws(() => table.tracked('mark', 0, 1), { code: 'ERR_OPTION', message: /must be from 0 to 0, but is 1/ })
  t.throws(() => table.tracked('marks', 0, -1), { code: 'ERR_OPTION' })
  t.throws(() => table.tracked('marks', 0, 0.5), { code: 'ERR_OPTION' })
  for (const slot of [-1, 100, 0.5])
    t.throws(() => table.tracked('mark', slot), { code: 'ERR_OPTION', path: 'slot', message: /from 0 to 99, but is/ })
  for (const none of [undefined, null, 5, {}, { key: 'string' }, { key: 'string', fields: [] }])
    t.throws(() => table.merge(none as never), { code: 'ERR_OPTION', message: /no snapshot of a table/ })
})

t.test('a record has all elements of arrays, and the texts of servers', async (t) => {
  const table = tableOf({ counts: general(3), server: storedServerKey(), mark: tag() })
  const row = table.open(table.keyOf('a')!, 0)
  t.strictSame(table.get('a', 0)?.texts, undefined, 'there is no server yet')
  table.write(row, 0, 7, 0, 2)
  table.writeText(row, 1, 'be/srv1')
  const { values, arrays, texts } = table.get('a', 0)!
  t.strictSame({ ...values }, { counts: 0, server: 0, mark: 0 })
  t.strictSame({ ...arrays }, { counts: [0, 0, 7] })
  t.strictSame({ ...texts }, { server: 'be/srv1' })
  const plain = tableOf({ mark: tag() })
  plain.open(plain.keyOf('a')!, 0)
  t.notOk('arrays' in plain.get('a', 0)! || 'texts' in plain.get('a', 0)!, 'who has none is not told of any')
})

t.test('rates of bytes may count blocks, and none is lost', async (t) => {
  const table = tableOf(
    { rate: rate('10s', { of: 'bytesOut' }), all: counter({ of: 'bytesOut' }) },
    { bytesFactor: 1000 },
  )
  const row = table.open(table.keyOf('a')!, 0)
  for (const bytes of [1, 1000, 1001]) table.count(row, 'bytesOut', bytes, 0)
  t.strictSame([table.read(row, 0, 0), table.read(row, 1, 0)], [4, 2002])
})

t.test('a decision by an older time than the last does not end a window', async (t) => {
  const table = tableOf({ rate: rate('1s') })
  const row = table.open(table.keyOf('a')!, 5000)
  table.add(row, 0, 7, 5000)
  table.add(row, 0, 1, 4990)
  t.equal(table.read(row, 0, 4990), 8)
  t.equal(table.read(row, 0, 5000), 8)
  const late = 2 ** 32 + 5000
  t.equal(table.add(row, 0, 1, late + 2 ** 31), 1, 'many days later nothing is left')
})

t.test('texts of servers are kept once, as long as somebody has them', async (t) => {
  const words = new Dictionary()
  const [a, b] = [words.take('srv1'), words.take('srv2')]
  t.equal(words.take('srv1'), a)
  words.give(a)
  t.equal(words.text(a), 'srv1')
  words.give(a)
  t.equal(words.text(a), undefined)
  t.strictSame([words.text(b), words.size, words.text(0)], ['srv2', 1, undefined])
  const table = tableOf({ server: storedServerKey(), id: storedServerId() })
  const rows = ['x', 'y'].map((key) => table.open(table.keyOf(key)!, 0)) as [number, number]
  for (const row of rows) table.writeText(row, 0, 'be/srv1')
  table.writeText(rows[0], 0, 'be/srv2')
  t.strictSame(
    rows.map((row) => table.readText(row, 0)),
    ['be/srv2', 'be/srv1'],
  ) // prettier-ignore
  t.equal(table.rows.texts.size, 2)
  table.clear()
  t.equal(table.rows.texts.size, 0)
})

t.test('values become keys as HAProxy casts them', async (t) => {
  const shown = (key: KeyType, ...values: unknown[]) => {
    const table = new StickTable('t', { key, size: 10, keyLength: 8 })
    return values.map((value) => {
      const made = table.keyOf(value)
      return made === undefined ? '-' : table.keyText(table.open(made, 0))
    })
  }
  const ip = (text: string) => Ip.parse(text)
  t.strictSame(
    shown(
      'ipv4',
      5,
      -5,
      4294967301,
      ip('1.2.3.4'),
      ip('::ffff:1.2.3.4'),
      ip('fd00::1'),
      '1.2.3.4:80',
      '::ffff:1.2.3.4',
      'x',
    ),
    ['0.0.0.5', '255.255.255.251', '0.0.0.5', '1.2.3.4', '1.2.3.4', '-', '1.2.3.4', '-', '-'],
  )
  t.strictSame(
    shown(
      'ipv6',
      5,
      ip('1.2.3.4'),
      ip('fd00::1'),
      ip('::1.2.3.4'),
      ip('2002:102:304::1'),
      'FD00::1',
      '::ffff:1.2.3.4',
      '1.2.3.4',
      'fd00::1%e',
    ),
    [
      '::ffff:0.0.0.5',
      '::ffff:1.2.3.4',
      'fd00::1',
      '::1.2.3.4',
      '2002:102:304::1',
      'fd00::1',
      '::ffff:1.2.3.4',
      '-',
      '-',
    ],
  )
  t.strictSame(
    shown('integer', 'abc', 5, -5, 4294967301, 2n ** 63n - 1n, true, ip('1.2.3.4'), '12ab', '-5x', ' 7', '', ip('::1')),
    ['0', '5', '4294967291', '5', '4294967295', '1', '16909060', '12', '4294967291', '0', '-', '-'],
  )
  t.strictSame(
    shown(
      'string',
      Buffer.from('00ff41', 'hex'),
      Buffer.from('41004200', 'hex'),
      '',
      'abcdefghijk',
      -5,
      false,
      ip('127.0.0.1'),
      'é',
      'я',
    ),
    ['', 'A', '', 'abcdefgh', '-5', '0', '127.0.0.', 'é', 'Ñ\x8f'],
  )
  t.strictSame(shown('binary', Buffer.from('00ff41', 'hex'), 'abc', 5, -5, true, ip('1.2.3.4'), 'abcdefghijk'), [
    '00FF410000000000',
    '6162630000000000',
    '0000000000000005',
    'FFFFFFFFFFFFFFFB',
    '0000000000000001',
    '0102030400000000',
    '6162636465666768',
  ])
})

t.test('keys go to peers as bytes and come back, and so do their texts', async (t) => {
  const hex: Record<KeyType, readonly [unknown, string]> = {
    ip: ['1.2.3.4', '00000000000000000000ffff01020304'],
    ipv4: ['1.2.3.4', '01020304'],
    ipv6: ['fd00::1', 'fd000000000000000000000000000001'],
    integer: [258, '00000102'],
    string: ['abc', '616263'],
    binary: ['abc', '6162630000000000'],
  }
  for (const [key, [value, bytes]] of Object.entries(hex)) {
    const table = new StickTable('t', { key: key as KeyType, size: 10, keyLength: 8 })
    const row = table.open(table.keyOf(value)!, 0)
    t.equal(Buffer.from(table.keyBytes(row)).toString('hex'), bytes, key)
    t.equal(table.find(table.keyOfBytes(Buffer.from(bytes, 'hex'))!, 0), row)
    t.equal(table.find(table.keyOfText(table.keyText(row))!, 0), row)
  }
  const table = new StickTable('t', { key: 'ipv4', size: 10 })
  t.equal(table.keyOfBytes(new Uint8Array(3)), undefined)
})

t.test('a row that is given to another key can be told', async (t) => {
  const table = tableOf({ seen: counter() })
  const kept = table.keyOf('a')!
  const row = table.open(kept, 0)
  const generation = table.generation(row)
  t.not(generation, 0)
  t.equal(table.find(table.keyOf('a')!, 0), row)
  table.remove(row)
  t.equal(table.generation(row), 0)
  t.equal(table.find(kept, 0), -1)
  t.equal(table.open(table.keyOf('b')!, 0), row)
  t.not(table.generation(row), generation)
  t.equal(table.find(kept, 0), -1, 'a key that was kept does not find the other one')
  t.equal(table.read(row, 0, 0), 0, 'nothing is left of the first')
  t.equal(table.generation(99_999), 0)
})

t.test('what others hold is merged by the rule of each kind', async (t) => {
  const store = { ...everything(), own: tag() }
  const [one, two] = [tableOf(store), tableOf(everything())]
  const fill = (table: StickTable, by: number, now: number): void => {
    const row = table.open(table.keyOf('a')!, now)
    for (const [index, { type, length }] of table.fields.entries()) {
      for (let element = 0; element < length; element++) {
        if (type.kind === 'text') table.writeText(row, index, `srv${by}`)
        else table.write(row, index, by, now, element)
      }
    }
  }
  fill(one, 3, 1000)
  fill(two, 5, 1000)
  two.open(two.keyOf('b')!, 1000)
  one.expireIn(0, 10_000, 1000)
  const snapshot = JSON.parse(JSON.stringify(two.snapshot(1000)))
  t.equal(one.merge(snapshot, 2000, 500), 2)
  const read = (name: string, element = 0) => one.read(0, one.names.indexOf(name), 2000, element)
  for (const { name, kind, counts, array } of dataTypes) {
    if (kind === 'text') t.equal(one.readText(0, one.field(name)), 'srv5', 'that of the one used last')
    else if (kind === 'rate' || counts !== undefined) t.equal(read(name, array ? 2 : 0), 8, `${name} is added`)
    else t.equal(read(name), name === 'conn_cur' ? 3 : 5, name)
  }
  t.equal(read('own'), 3, 'what the other does not store stays')
  t.equal(one.expiresIn(0, 2000), 59_500)
  t.same(one.get('b', 2000)?.values['gpc0'], 0)
  t.equal(one.merge(snapshot, 2000, 60_000), 0, 'what is over by now is not taken')
  t.throws(() => new StickTable('i', { key: 'ip', size: 1 }).merge(snapshot), /cannot take keys of type 'string'/)
})

t.test('a table without an expiry keeps what it takes', async (t) => {
  const [one, two] = [
    tableOf({ seen: counter() }, { expire: undefined }),
    tableOf({ seen: counter() }, { expire: undefined }),
  ]
  one.open(one.keyOf('a')!, 0)
  two.merge(JSON.parse(JSON.stringify(one.snapshot(0))), 0)
  t.equal(two.get('a')?.expiresIn, Number.POSITIVE_INFINITY)
})

t.test('windows that began at another time are merged within a period', async (t) => {
  const store = { hits: rate('1s') }
  const [one, two] = [tableOf(store), tableOf(store)]
  one.add(one.open(one.keyOf('a')!, 5000), 0, 10, 5000)
  two.add(two.open(two.keyOf('a')!, 4200), 0, 10, 4200)
  one.merge(two.snapshot(5400), 5400)
  const merged = one.read(0, 0, 5400)
  t.ok(merged >= 10 && merged <= 20, `${merged}`)
  t.equal(one.read(0, 0, 7000), 0)
})

t.test('who listens is told, and nobody else is disturbed by what a listener throws', async (t) => {
  const table = tableOf({ seen: counter() }, { size: 2, expire: 100 })
  const told: string[] = []
  const hear = (event: string) => (record: { key: string; values: Readonly<Record<string, number>> }) =>
    void told.push(`${event} ${record.key} ${record.values['seen']}`)
  const updated = hear('update')
  table.on('update', updated).on('expire', hear('expire')).on('evict', hear('evict'))
  const use = (key: string, now: number) => {
    const row = table.open(table.keyOf(key)!, now)
    table.count(row, 'requests', 1, now)
    table.touch(row, now)
  }
  use('a', 0)
  use('b', 1)
  use('c', 2)
  table.off('update', updated)
  use('d', 150)
  t.strictSame(told, ['update a 1', 'update b 1', 'evict a 1', 'update c 1', 'expire b 1', 'expire c 1'])
  const faults: unknown[] = []
  table.on('fault', (error) => void faults.push(error))
  table.on('update', () => {
    throw new Error('mine')
  })
  use('e', 151)
  t.match(faults, [/mine/])
  t.equal(table.size, 2)
})

t.test('what peers teach', async (t) => {
  const target = tableOf({ server_id: storedServerId(), gpt: tags(3), gpc0: general(), server_key: storedServerKey() })
  const table = tableOf(
    {
      server_id: storedServerId(),
      gpt: tags(2),
      gpc0: general(),
      conn_cur: fieldOf('conn_cur'),
      server_key: storedServerKey(),
    },
    { writeTo: target },
  )
  const updates = target.watchUpdates()
  table.watchUpdates()
  const row = table.learn(
    table.keyOf('a')!,
    5000,
    (learned) => {
      table.write(learned, 0, 4, 1000)
      table.write(learned, 1, 9, 1000, 1)
      table.write(learned, 2, 7, 1000)
      table.writeText(learned, 4, 'srv4')
    },
    1000,
  )
  t.equal(table.expiresIn(row, 1000), 5000)
  t.equal(table.updates?.last, 0, 'it is no change of ours')
  const copy = target.find(target.keyOf('a')!, 1000)
  t.strictSame(
    [target.read(copy, 0, 1000), target.read(copy, 1, 1000, 1), target.read(copy, 2, 1000), target.readText(copy, 3)],
    [4, 9, 0, 'srv4'],
  ) // prettier-ignore
  t.equal(updates.after(0), copy, 'but where it is copied to, it is')
  t.equal(
    table.learn(table.keyOf('b')!, 9e9, () => {}, 1000),
    1,
  )
  t.equal(table.expiresIn(1, 1000), 60_000, 'not for longer than the table keeps anything')
  t.equal(table.learns(3), false, 'who is connected elsewhere is not connected here')
  t.equal(table.learns(2), true)
  t.equal(tableOf({ conn_cur: fieldOf('conn_cur') }, { receiveOnly: true }).learns(0), true)
  t.throws(() => table.copyTo(table), /cannot be the table itself/)
  t.throws(() => tableOf({}, { writeTo: new StickTable('n', { key: 'ip', size: 1 }) }), /'n' has keys of another type/)
})

t.test('what stickiness needs is stored as well, before the first key', async (t) => {
  const table = tableOf({ seen: counter() })
  table.alsoStore('server_id')
  table.alsoStore('server_id')
  t.strictSame(table.names, ['seen', 'server_id'])
  const row = table.open(table.keyOf('a')!, 0)
  table.write(row, table.field('server_id'), 3, 0)
  t.strictSame({ ...table.get('a')?.values }, { seen: 0, server_id: 3 })
  t.throws(() => table.alsoStore('server_key'), /'store': has keys, but lacks server_key/)
})
