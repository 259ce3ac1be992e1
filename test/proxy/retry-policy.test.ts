import t from 'tap'
import { outcomes } from '../../lib/base/errors.js'
import { Backend } from '../../lib/index.js'
import { RetryBudget } from '../../lib/proxy/retry-budget.js'
import { RetryPolicy } from '../../lib/proxy/retry-policy.js'

const failures = {
  connFailure: [outcomes.serverConnectRefused, outcomes.serverConnectTimeout],
  emptyResponse: [outcomes.serverHeadersAbort],
  junkResponse: [outcomes.serverHeadersBad],
  responseTimeout: [outcomes.serverHeadersTimeout],
} as const

t.test('each cause covers its failures, and no others', async (t) => {
  const causes = Object.keys(failures) as (keyof typeof failures)[]
  for (const cause of causes) {
    const policy = new RetryPolicy({ retryOn: [cause] })
    for (const other of causes)
      for (const outcome of failures[other])
        t.equal(policy.covers(outcome), other === cause, `${cause}: ${outcome.code}`)
    for (const outcome of [outcomes.clientHeadersAbort, outcomes.serverDataAbort, outcomes.proxyNoServer])
      t.notOk(policy.covers(outcome), outcome.code)
    t.equal(policy.replays, cause !== 'connFailure')
  }
  t.ok(new RetryPolicy().covers(outcomes.serverConnectRefused), 'without a word, connects that fail')
  t.notOk(new RetryPolicy({ retryOn: [] }).covers(outcomes.serverConnectRefused))
})

t.test('all errors that can be mended, and statuses', async (t) => {
  const policy = new RetryPolicy({ retryOn: ['allRetryableErrors', 404] })
  for (const outcome of Object.values(failures).flat()) t.ok(policy.covers(outcome), outcome.code)
  t.same(
    [200, 404, 429, 500, 501, 502, 503, 504].filter((status) => policy.coversStatus(status)),
    [404, 500, 502, 503, 504],
  )
})

t.test('pauses grow, have an end, and leave a part to chance', async (t) => {
  const policy = new RetryPolicy({ backoff: { first: 100, longest: 500, jitter: 0.5 } })
  const pauses = (chance: number): (number | undefined)[] =>
    [1, 2, 3, 4].map((retry) => policy.pause(retry, { next: () => chance }))
  t.same(pauses(0), [100, 200, 400, 500])
  t.same(pauses(0.5), [75, 150, 300, 375])
  t.equal(new RetryPolicy().pause(1, { next: () => 0 }), undefined)
})

t.test('a budget is a share of the requests, and a few in each second', async (t) => {
  const budget = new RetryBudget({ share: 0.2, least: 2 })
  const spend = (now: number): number => {
    let count = 0
    while (count < 1000 && budget.spend(now)) count++
    return count
  }
  t.equal(spend(0), 2, 'what there is at the start')
  for (let request = 0; request < 100; request++) budget.earn(100)
  t.equal(spend(100), 20)
  t.equal(spend(1100), 2, 'a second later')
  for (let request = 0; request < 50; request++) budget.earn(1200)
  t.equal(spend(1200), 10)
  for (let request = 0; request < 50; request++) budget.earn(2000)
  t.equal(spend(60_000), 2, 'what was not spent for long is lost')
  const none = new RetryBudget({ share: 0, least: 0 })
  none.earn(0)
  t.notOk(none.spend(0))
})

t.test('options are checked', async (t) => {
  t.throws(() => new Backend('be', { retryOn: ['sometimes'] } as never), {
    path: 'retryOn[0]',
    message: /'connFailure'/,
  })
  t.throws(() => new Backend('be', { retryOn: [418] } as never), { path: 'retryOn[0]', message: /503/ })
  t.throws(() => new Backend('be', { mode: 'tcp', retryOn: [503] }), { path: 'retryOn', message: /mode 'http' only/ })
  t.throws(() => new Backend('be', { replayBuffer: '3x' }), { path: 'replayBuffer', message: /unknown unit/ })
  t.throws(() => new Backend('be', { retryBudget: { share: 2 } }), { path: 'retryBudget.share', message: /0 to 1/ })
  t.throws(() => new Backend('be', { backoff: { first: -1 } }), { path: 'backoff.first', message: /not a time/ })
})
