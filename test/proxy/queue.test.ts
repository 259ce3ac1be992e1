import t from 'tap'
import { Queue } from '../../lib/proxy/queue.js'

t.test('first in, first out; leaving from anywhere', async (t) => {
  const queue = new Queue<string>()
  const got: string[] = []
  const waiters = ['a', 'b', 'c', 'd'].map((name) => queue.join((place) => void got.push(`${name} ${place}`)))
  t.equal(queue.length, 4)
  waiters[1]?.leave()
  waiters[3]?.leave()
  waiters[3]?.leave()
  t.equal(queue.length, 2)
  queue.shift()?.turn('1')
  queue.join((place) => void got.push(`e ${place}`))
  queue.shift()?.turn('2')
  queue.shift()?.turn('3')
  t.equal(queue.shift(), undefined)
  t.same(got, ['a 1', 'c 2', 'e 3'])
  waiters[0]?.leave()
  t.equal(queue.length, 0, 'who has been called has left')
})
