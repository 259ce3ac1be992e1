import t from 'tap'
import type { Clock, Timer } from '../../lib/base/clock.js'
import { Context } from '../../lib/match/context.js'
import { header } from '../../lib/match/fetches/header.js'
import { rule } from '../../lib/rules/actions/custom.js'
import { deny } from '../../lib/rules/actions/deny.js'
import { respond } from '../../lib/rules/actions/respond.js'
import { setStatus } from '../../lib/rules/actions/set-status.js'
import { setPath } from '../../lib/rules/actions/set-target.js'
import { type Rule, runRules } from '../../lib/rules/rule.js'
import { RuleError } from '../../lib/rules/rule-error.js'
import { exchange } from '../match/context.js'

/** A clock that stands until it is told to go on. */
class StillClock implements Clock {
  readonly timers = new Set<() => void>()
  delay = 0
  now = (): number => 0
  wall = (): number => 0
  after(delay: number, fire: () => void): Timer {
    this.delay = delay
    this.timers.add(fire)
    return { cancel: () => void this.timers.delete(fire) }
  }
  fire(): void {
    for (const timer of [...this.timers]) timer()
  }
}

const timed = (clock = new StillClock()): { context: Context; clock: StillClock } => {
  const context = exchange('/a', { headers: { authorization: 'x' } })
  context.clock = clock
  return { context, clock }
}
const never = (): Promise<never> => new Promise(() => {})
const run = (each: Rule<'request'>, context: Context) => runRules([each], context, 'http-request')

t.test('says nothing, and the next rule is asked', async (t) => {
  const { context } = timed()
  const verdict = runRules([rule('pass', async () => {}), rule('sync', () => {}), deny(404)], context, 'http-request')
  t.match(await verdict, { kind: 'respond', response: { status: 404 } })
})

t.test('answers with another rule, or goes on when that one does not apply', async (t) => {
  const { context, clock } = timed()
  t.match(
    await run(
      rule('a', async () => respond(401)),
      context,
    ),
    { kind: 'respond', response: { status: 401 } },
  )
  t.equal(clock.timers.size, 0, 'the limit is off')
  t.equal(
    await run(
      rule('b', async () => deny().if(header('none').exists())),
      context,
    ),
    undefined,
  )
  await run(
    rule('c', () => setPath('/b')),
    context,
  )
  t.equal(context.request.path, '/b')
  context.variables = undefined
  await run(
    rule('d', ({ variables }) => void variables.set('txn.user', 'eve')),
    context,
  )
  t.equal((context.variables as Map<string, unknown> | undefined)?.get('txn.user'), 'eve')
})

t.test('sees the response in response rules only', async (t) => {
  const seen: unknown[] = []
  const look = rule('look', ({ response }) => void seen.push(response?.status))
  await run(look, timed().context)
  await look.action(exchange('/', { status: 201 }))
  t.strictSame(seen, [undefined, 201])
  const misplaced = rule('misplaced', () => setPath('/b'))
  t.throws(() => misplaced.action(exchange('/', { status: 200 })), /'set-path \/b' cannot stand in a response rule/)
})

t.test('what it throws is a RuleError with its cause', async (t) => {
  const cause = new Error('no database')
  const { context, clock } = timed()
  const later = rule('later', async () => {
    throw cause
  })
  const now = rule('now', () => {
    throw cause
  })
  await t.rejects(Promise.resolve(run(later, context)), { name: 'RuleError', rule: 'later', reason: 'threw', cause })
  t.throws(() => run(now, context), { name: 'RuleError', rule: 'now', reason: 'threw', cause })
  t.equal(clock.timers.size, 0)
})

t.test('a limit to the time ends it, and its signal says so', async (t) => {
  const { context, clock } = timed()
  let signal: AbortSignal | undefined
  const slow = rule(
    'slow',
    (given) => {
      signal = given.signal
      return never()
    },
    { timeout: '250ms' },
  )
  const verdict = Promise.resolve(run(slow, context))
  t.equal(clock.delay, 250)
  t.equal(signal?.aborted, false)
  clock.fire()
  await t.rejects(verdict, { name: 'RuleError', reason: 'timeout', message: /no answer within 250 ms/ })
  t.equal(signal?.aborted, true)
  t.ok(signal?.reason instanceof RuleError)
  t.equal(clock.timers.size, 0)
})

t.test('when the client leaves the signal fires, and the limit is off', async (t) => {
  const { context, clock } = timed()
  let signal: AbortSignal | undefined
  const verdict = Promise.resolve(
    run(
      rule('waiting', (given) => {
        signal = given.signal
        return never()
      }),
      context,
    ),
  )
  t.equal(clock.delay, 5000, 'five seconds unless told otherwise')
  context.leave(new Error('gone'))
  await t.rejects(verdict, { reason: 'left', cause: { message: 'gone' } })
  t.equal(signal?.aborted, true)
  t.equal(clock.timers.size, 0)
})

t.test('a signal asked for late has fired already', async (t) => {
  const { context } = timed()
  context.leave(new Error('gone'))
  let aborted = false
  await t.rejects(
    Promise.resolve(
      run(
        rule('late', async ({ signal }) => {
          aborted = signal.aborted
          await never()
        }),
        context,
      ),
    ),
    { reason: 'left' } as unknown as Error,
  )
  t.equal(aborted, true)
})

t.test('without a clock there is no limit', async (t) => {
  const context = new Context(exchange('/').session, 0, 0)
  context.request = exchange('/').request
  t.match(
    await run(
      rule('x', async () => respond(204)),
      context,
    ),
    { response: { status: 204 } },
  )
})

t.test('what it says must be something that a rule can say', async (t) => {
  const { context } = timed()
  for (const answer of [42, null, true, 'deny', {}, { kind: 'forward' }, { status: 401 }]) {
    const now = rule('odd', () => answer as never)
    const later = rule('odd', async () => answer as never)
    t.throws(() => run(now, context), { name: 'RuleError', message: /must return/ })
    await t.rejects(Promise.resolve(run(later, context)), { name: 'RuleError', message: /must return/ })
  }
  const misplaced = rule('odd', async () => setStatus(200) as never)
  await t.rejects(Promise.resolve(run(misplaced, context)), { name: 'RuleError', message: /cannot stand/ })
  class Foreign {
    // biome-ignore lint/suspicious/noThenProperty: a promise of another library is what this is about
    then(resolve: (rule: unknown) => void): void {
      resolve(respond(204))
    }
  }
  const foreign = rule('foreign', () => new Foreign() as never)
  t.match(await run(foreign, context), { response: { status: 204 } })
})

t.test('when the client sends no more the signal fires, and what it says all the same counts', async (t) => {
  const { context, clock } = timed()
  let gaveUp = false
  const waits = rule(
    'waits',
    ({ signal }) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => (gaveUp ? reject(new Error('aborted')) : resolve(respond(204))))
      }),
  )
  const answered = Promise.resolve(run(waits, context))
  context.endClient()
  t.match(await answered, { response: { status: 204 } })
  const late = timed().context
  gaveUp = true
  const given = Promise.resolve(run(waits, late))
  late.endClient()
  await t.rejects(given, { reason: 'left', cause: { message: 'aborted' } })
  t.equal(clock.timers.size, 0)
})

t.test('options are checked', async (t) => {
  t.throws(() => rule('x', 'y' as never), /rule 'x': must be a function/)
  t.throws(() => rule('x', () => {}, { timeout: 'soon' }), { code: 'ERR_OPTION', path: 'timeout' })
  t.throws(() => rule('x', () => {}, { timout: 5 } as never), /no such option: 'timout'/)
})
