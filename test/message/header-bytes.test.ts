import t from 'tap'
import { headerBytes } from '../../lib/match/fetches/header-list.js'
import { readFields, readNames } from '../../lib/message/header-bytes.js'
import { exchange } from '../match/context.js'

const of = (headers: Record<string, string>): Buffer => headerBytes.ask(exchange('/', { headers })) as Buffer

t.test('what the question gives is read back', async (t) => {
  const long = {
    a: 'b',
    'x-empty': '',
    'x-240': 'a'.repeat(240),
    'x-2288': 'b'.repeat(2288),
    'x-9999': 'c'.repeat(9999),
  }
  t.same(readFields(of(long), 101), Object.entries(long))
  t.same(readFields(of({}), 101), [])
})

t.test('what is no list is nothing', async (t) => {
  const whole = of({ a: 'b', c: 'd' })
  for (let length = 0; length < whole.length; length++)
    t.equal(readFields(whole.subarray(0, length), 101), undefined, `${length} bytes`)
  t.equal(readFields(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), 101), undefined, 'a length without end')
  t.equal(readFields(Buffer.from([0, 1, 65]), 101), undefined, 'a value without a name')
})

t.test('what must not be sent is refused', async (t) => {
  t.equal(readFields(Buffer.from([3, ...Buffer.from('a b'), 0, 0, 0]), 101), undefined)
  t.equal(readFields(Buffer.from([1, 65, 3, ...Buffer.from('a\nb'), 0, 0]), 101), undefined)
  t.equal(readFields(of({ a: '1', b: '2', c: '3' }), 1), undefined, 'too many')
})

t.test('names alone', async (t) => {
  t.same(readNames(Buffer.from([1, 65, 2, 66, 67, 0]), 101), ['A', 'BC'])
  t.equal(readNames(Buffer.from([1, 65]), 101), undefined)
  t.equal(readNames(Buffer.from([1, 65, 1, 65, 1, 65, 0]), 1), undefined)
})
