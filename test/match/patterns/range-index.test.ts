import t from 'tap'
import type { Integer } from '../../../lib/base/int64.js'
import { applyOperators, readDottedRange, readRange } from '../../../lib/match/patterns/integer-range.js'
import { RangeIndex } from '../../../lib/match/patterns/range-index.js'
import { entryOf, fill, seeded } from './entry.js'

const MOST = 2n ** 63n - 1n

t.test('ranges are read as HAProxy reads them', async (t) => {
  const holds = (pattern: string, value: Integer): boolean => {
    const { min, max } = readRange(pattern)
    return value >= min && value <= max
  }
  const inside: readonly (readonly [pattern: string, value: Integer])[] = [
    ['5', 5],
    ['05', 5],
    ['3:', 5],
    [':5', 5],
    ['5-', 9],
    ['3-9', 3],
    ['5:5', 5],
    ['-5', -7],
    ['-5', 3],
    [':-10', -50],
    [':-9223372036854775807', -MOST],
    ['9223372036854775807', MOST],
    ['9007199254740993', 9007199254740993n],
  ]
  for (const [pattern, value] of inside) t.ok(holds(pattern, value), `${value} in ${pattern}`)
  t.notOk(holds(':-10', -5))
  t.notOk(holds('9007199254740993', 9007199254740992))
  const wrong = [
    ':',
    '',
    '5:3',
    '5x',
    '+5',
    '3.1',
    '0x5',
    ' 5',
    '5:x',
    'x:5',
    '5:6:7',
    '-10:-3',
    '3:-9',
    '3:9:',
    '-',
    '-10:',
  ]
  for (const pattern of [...wrong, '9223372036854775808', '3.0:3.2']) t.throws(() => readRange(pattern), pattern)
  t.throws(() => readRange('5:3'), /is not a valid number range: write '<min>:<max>'/)
  t.throws(() => readRange('5x'), /is not a number: operators are eq, ge, gt, le and lt/)
})

t.test('dotted numbers are two of 16 bits', async (t) => {
  t.same(readDottedRange('3.1'), { min: 196_609, max: 196_609 })
  t.same(readDottedRange('3'), { min: 196_608, max: 196_608 })
  t.same(readDottedRange('3:3.1'), { min: 196_608, max: 196_609 })
  t.same(readDottedRange('3.1-3.4'), { min: 196_609, max: 196_612 })
  for (const pattern of ['3.65536', '196611', '3.1.1', '3.', '.3', 'x'])
    t.throws(() => readDottedRange(pattern), pattern)
})

t.test('operators count for the numbers behind them, and for no range', async (t) => {
  t.same(applyOperators(['gt', '5', '7', 'le', '2', 'eq', '3']).patterns, ['6:', '8:', ':2', '3'])
  t.same(applyOperators(['lt', '0', 'ge', '3']).patterns, [':-1', '3:'])
  t.same(applyOperators(['gt', '3.1', 'lt', '3.0'], true).patterns, ['3.2:', ':2.65535'])
  t.same(applyOperators(['gt', '3.1', 'lt', '3.0', '1x']), {
    patterns: ['4:', ':2', '1x'],
    odd: [
      ['gt 3.1', 'gt 3'],
      ['lt 3.0', 'lt 3'],
    ],
  })
  t.same(applyOperators(['ge', '3:4']), { patterns: ['3:4'], odd: [['ge 3:4', '3:4']] })
  t.same(applyOperators(['ne', '5']), { patterns: ['5'], odd: [['ne', 'eq']] })
  t.same(applyOperators(['-5']), { patterns: ['-5'], odd: [['-5', ':5']] })
})

t.test('the first entry counts, a number alone or a range', async (t) => {
  const index = new RangeIndex(readRange)
  fill(index, ['5', '1:10', '7', ':0', '20:'])
  const found = [5, 7, 3, 0, -9, 11, 25, MOST].map((value) => index.find(value)?.pattern)
  t.same(found, ['5', '1:10', '1:10', ':0', ':0', undefined, '20:', '20:'])
})

t.test('entries come and go, and the first that holds is found', async (t) => {
  const random = seeded(3)
  const index = new RangeIndex(readRange)
  const present: ReturnType<typeof entryOf>[] = []
  for (let step = 0; step < 3000; step++) {
    if (random(3) > 0 || present.length === 0) {
      const low = random(60)
      const pattern = [`${low}`, `${low}:`, `:${low}`, `${low}:${low + random(9)}`][Math.max(0, random(40) - 36)] ?? ''
      const entry = entryOf(step, random(2) === 0 ? `${low}:${low + random(9)}` : pattern)
      index.add(entry)
      present.push(entry)
    } else index.delete(present.splice(random(present.length), 1)[0]!)
    if (present.length > 60) for (const entry of present.splice(0, 30)) index.delete(entry)
    // Often enough that the ranges are sorted between changes.
    for (let i = 0; i < 20; i++) {
      const value = random(75) - 3
      const expected = present.find(({ pattern }) => {
        const { min, max } = readRange(pattern)
        return value >= min && value <= max
      })
      if (index.find(value) !== expected) t.fail(`${value}: ${index.find(value)?.pattern}, not ${expected?.pattern}`)
    }
  }
  t.pass('3000 changes')
})
