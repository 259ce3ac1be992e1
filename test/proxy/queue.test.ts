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

t.test('who is sent away has had no place', (t) => {
  const queue = new Queue<string>()
  for (let count = 0; count < 3; count++) queue.join(() => {})
  queue.shift()
  t.same([queue.served, queue.length], [1, 2])
  t.ok(queue.dismiss())
  t.ok(queue.dismiss())
  t.equal(queue.dismiss(), undefined)
  t.same([queue.served, queue.length], [1, 0])
  t.end()
})

t.test('those of a lower class come first, then those who came earlier', async (t) => {
  const queue = new Queue<string>()
  const order: string[] = []
  const join = (name: string, priorityClass: number, since: number) =>
    queue.join(() => order.push(name), { priorityClass, since })
  join('plain', 0, 10)
  join('late', 0, 1000)
  join('low', 5, 0)
  const gone = join('gone', -9, 0)
  join('high', -5, 50)
  join('soon', 0, 5)
  join('plain too', 0, 10)
  gone.leave()
  for (let waiter = queue.shift(); waiter !== undefined; waiter = queue.shift()) waiter.turn('')
  t.same(order, ['high', 'soon', 'plain', 'plain too', 'late', 'low'])
  t.equal(queue.length, 0)
})
