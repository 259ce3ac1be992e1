import t from 'tap'
import { Deadline } from '../../lib/engine/deadline.js'
import { TestClock } from '../../lib/testing/index.js'

function watched(): { clock: TestClock; deadline: Deadline; fired: number[] } {
  const clock = new TestClock()
  const fired: number[] = []
  return { clock, fired, deadline: new Deadline(clock, () => fired.push(clock.elapsed)) }
}

t.test('it fires once, at its time', async (t) => {
  const { clock, deadline, fired } = watched()
  deadline.set(100)
  clock.tick(99)
  t.same(fired, [])
  clock.tick(1000)
  t.same(fired, [100])
})

t.test('moving it later costs no timer; moving it earlier is heeded', async (t) => {
  const { clock, deadline, fired } = watched()
  deadline.set(100)
  for (let moves = 0; moves < 50; moves++) {
    clock.tick(10)
    deadline.set(100)
  }
  t.equal(clock.pending, 1)
  t.same(fired, [])
  deadline.set(5)
  clock.tick(5)
  t.same(fired, [505])
  t.equal(clock.pending, 0)
})

t.test('it can be taken away, and set again', async (t) => {
  const { clock, deadline, fired } = watched()
  deadline.set(100)
  deadline.clear()
  clock.tick(1000)
  t.same(fired, [])
  t.equal(clock.pending, 0)
  deadline.set(100)
  deadline.set(Number.POSITIVE_INFINITY)
  clock.tick(1000)
  t.same(fired, [])
  deadline.set(100)
  deadline.stop()
  t.equal(clock.pending, 0, 'no timer is left')
  deadline.set(100)
  clock.tick(100)
  t.same(fired, [2100])
})
