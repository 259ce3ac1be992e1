import t from 'tap'
import { TestClock, TestRandom } from '../../lib/testing/index.js'

t.test('time stands until it is moved', async (t) => {
  const clock = new TestClock()
  const begin = clock.now()
  t.not(begin % 1000, 0, 'an odd beginning')
  const fired: string[] = []
  clock.after(20, () => fired.push(`b ${clock.elapsed}`))
  clock.after(10, () => {
    fired.push(`a ${clock.elapsed}`)
    clock.after(5, () => fired.push(`c ${clock.elapsed}`))
  })
  clock.after(10, () => fired.push('second at the same time'))
  const cancelled = clock.after(1, () => fired.push('never'))
  cancelled.cancel()
  t.equal(clock.pending, 3)
  t.equal(clock.next, 10)
  clock.tick(9)
  t.same(fired, [])
  clock.tick('11ms')
  t.same(fired, ['a 10', 'second at the same time', 'c 15', 'b 20'])
  t.equal(clock.now() - begin, 20)
  t.equal(clock.next, Number.POSITIVE_INFINITY)
})

t.test('what a timer sets off is done before the next one', async (t) => {
  const clock = new TestClock()
  const order: string[] = []
  clock.after(10, () => {
    void Promise.resolve()
      .then(() => new Promise((resolve) => setImmediate(resolve)))
      .then(() => {
        order.push(`followed ${clock.elapsed}`)
      })
  })
  clock.after(20, () => order.push(`next ${clock.elapsed}`))
  await clock.advance('1s')
  t.same(order, ['followed 10', 'next 20'])
  t.equal(clock.elapsed, 1000)
  await clock.step()
  t.equal(clock.elapsed, 1000, 'nothing to step to')
  clock.after(0.5, () => order.push('half'))
  await clock.step()
  t.equal(clock.elapsed, 1000.5)
  t.equal(clock.wall() - new TestClock().wall(), 1000.5)
})

t.test('chance repeats, and is even', async (t) => {
  const one = new TestRandom(7)
  const same = new TestRandom(7)
  const other = new TestRandom(8)
  const drawn = Array.from({ length: 4000 }, () => one.next())
  t.same(
    drawn.slice(0, 20),
    Array.from({ length: 20 }, () => same.next()),
  )
  t.notSame(
    drawn.slice(0, 20),
    Array.from({ length: 20 }, () => other.next()),
  )
  t.ok(drawn.every((value) => value >= 0 && value < 1))
  for (const quarter of [0, 1, 2, 3]) {
    const share = drawn.filter((value) => Math.floor(value * 4) === quarter).length
    t.ok(share > 900 && share < 1100, `${share} of 4000 in quarter ${quarter}`)
  }
})
