/** The log of changes against a list that is written anew each time. */
import t from 'tap'
import { UpdateLog } from '../../lib/table/update-log.js'

function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** All that comes after a number, in order. */
function rest(log: UpdateLog, id: number): number[] {
  const rows: number[] = []
  for (let row = log.after(id); row !== -1; row = log.after(log.idOf(row))) rows.push(row)
  return rows
}

t.test('rows come in the order of their last change', async (t) => {
  const log = new UpdateLog()
  t.strictSame([log.last, log.after(0), log.idOf(5)], [0, -1, -1])
  for (const row of [7, 3, 9]) log.mark(row)
  t.strictSame(rest(log, 0), [7, 3, 9])
  log.mark(7)
  t.strictSame(rest(log, 0), [3, 9, 7])
  t.strictSame(rest(log, log.idOf(3)), [9, 7])
  log.drop(9)
  t.strictSame(rest(log, 0), [3, 7])
  t.equal(log.idOf(9), -1)
  t.equal(log.after(log.last), -1)
})

t.test('what nobody has read keeps its place and its number', async (t) => {
  const log = new UpdateLog()
  for (const row of [1, 2, 1, 1, 2]) log.mark(row)
  t.equal(log.last, 2)
  t.equal(log.after(0), 1)
  log.mark(1)
  log.mark(2)
  t.strictSame([log.idOf(1), log.idOf(2)], [3, 2])
  t.strictSame(rest(log, 0), [2, 1])
})

t.test('it is as its model, however often few rows change between many', async (t) => {
  for (const seed of [1, 2, 3]) {
    const random = seeded(seed)
    const log = new UpdateLog()
    let model: number[] = []
    let read = 0
    for (let step = 0; step < 60_000; step++) {
      // Some change all the time, most hardly ever.
      const row = random(3) > 0 ? random(4) : random(3000)
      const action = random(100)
      if (action < 90) {
        const before = log.idOf(row)
        log.mark(row)
        if (before === -1 || before <= read)
          model = [...(before === -1 ? model : model.filter((one) => one !== row)), row]
      } else if (action < 93) {
        log.drop(row)
        model = model.filter((one) => one !== row)
      } else {
        const at = model.length === 0 ? -1 : random(model.length)
        const id = at === -1 ? 0 : log.idOf(model[at]!)
        const next = log.after(id)
        if (next !== (model[at + 1] ?? -1)) t.equal(next, model[at + 1] ?? -1, `step ${step}`)
        if (next !== -1) read = Math.max(read, log.idOf(next))
      }
    }
    t.strictSame(rest(log, 0), model, `seed ${seed}`)
  }
})

t.test(
  'who listens is told of the first change that nobody has read, and not of those behind it to the same row',
  async (t) => {
    const log = new UpdateLog()
    let told = 0
    const deaf = log.listen(() => told++)
    log.mark(1)
    log.mark(1)
    t.equal(told, 1)
    log.mark(2)
    t.equal(told, 2)
    t.equal(log.after(0), 1)
    log.mark(1)
    t.equal(told, 3, 'it was read')
    deaf()
    log.mark(3)
    t.equal(told, 3)
  },
)
