/** Rules whose conditions are planned: what their actions change is seen by the rules behind them, and no request sees another's. */
import t from 'tap'
import type { Context } from '../../lib/match/context.js'
import { rand } from '../../lib/match/fetches/chance.js'
import { cookie } from '../../lib/match/fetches/cookie.js'
import { sample } from '../../lib/match/fetches/custom.js'
import { header } from '../../lib/match/fetches/header.js'
import { path } from '../../lib/match/fetches/message.js'
import { allow } from '../../lib/rules/actions/accept.js'
import { rule } from '../../lib/rules/actions/custom.js'
import { deny } from '../../lib/rules/actions/deny.js'
import { setHeader } from '../../lib/rules/actions/set-header.js'
import { setPath } from '../../lib/rules/actions/set-target.js'
import { RuleSet } from '../../lib/rules/rule-set.js'
import type { Verdict } from '../../lib/rules/verdict.js'
import { exchange } from '../match/context.js'

const settled = (verdict: Verdict): unknown => (verdict?.kind === 'respond' ? verdict.response.status : verdict?.kind)

t.test('a rule sees what an earlier one has changed', async (t) => {
  const rules = new RuleSet('http-request', 'request', [
    deny(401).if(path.startsWith('/b')),
    setPath('/b').if(path.startsWith('/a')),
    deny(402).if(header('x').is('1')),
    setHeader('x', '1').if(path.startsWith('/b')),
    setHeader('cookie', 'c=2').if(header('x').is('1')),
    deny(403).if(cookie('c').is('1')),
    deny(404).if(cookie('c').is('2')),
  ])
  t.equal(settled((await rules.run(exchange('/a'))) as Verdict), 404)
  t.equal(settled((await rules.run(exchange('/b'))) as Verdict), 401)
  t.equal(settled((await rules.run(exchange('/c'))) as Verdict), undefined)
  t.equal(settled((await rules.run(exchange('/c', { headers: { cookie: 'c=1' } }))) as Verdict), 403)
})

t.test('requests that meet in the middle of a rule set see what is theirs', async (t) => {
  const waiters: ((value: undefined) => void)[] = []
  const pause = rule('pause', () => new Promise<undefined>((resolve) => waiters.push(resolve)))
  const rules = new RuleSet('http-request', 'request', [
    deny(401).if(path.is('/never')),
    pause,
    deny(402).if(path.is('/one')),
    deny(403).if(path.is('/two')),
  ])
  const one = rules.run(exchange('/one'))
  const two = rules.run(exchange('/two'))
  for (const go of waiters.reverse()) go(undefined)
  t.strictSame([settled(await one), settled(await two)], [402, 403])
})

t.test('a change while a rule waits is seen behind it', async (t) => {
  const context = exchange('/a')
  const rules = new RuleSet('http-request', 'request', [
    deny(401).if(path.is('/b')),
    rule('slow', async () => {}),
    deny(402).if(path.is('/b')),
  ])
  const verdict = rules.run(context)
  context.request.path = '/b'
  t.equal(settled(await verdict), 402)
})

t.test('a run within a run of the same rules disturbs neither', async (t) => {
  let inner: Verdict | Promise<Verdict>
  const again = sample('again', 'bool', ['request'], ({ request }) => {
    if (request.path !== '/outer') return true
    inner = rules.run(exchange('/inner'))
    return true
  })
  const rules: RuleSet<'request'> = new RuleSet('http-request', 'request', [
    deny(401).if(path.is('/none')),
    deny(402).if(again.isTrue()).if(path.is('/inner')),
    deny(403).if(path.is('/outer')),
  ])
  t.equal(settled((await rules.run(exchange('/outer'))) as Verdict), 403)
  t.equal(settled((await inner) as Verdict), 402)
})

t.test('chance is asked anew by each condition', async (t) => {
  const context = exchange('/')
  let asked = 0
  context.process = { random: () => asked++ / 10 } as unknown as NonNullable<Context['process']>
  const rules = new RuleSet('http-request', 'request', [
    deny(401).if(rand(10).is(5)).if(path.is('/')),
    deny(402).if(rand(10).is(1)).if(path.is('/')),
  ])
  t.equal(settled((await rules.run(context)) as Verdict), 402)
})

t.test('rules that are put in and taken out are planned anew', async (t) => {
  const rules = new RuleSet('http-request', 'request', [deny(401).if(path.is('/a')), deny(402).if(path.is('/b'))])
  rules.prepend(allow().if(path.is('/b')))
  t.equal(settled((await rules.run(exchange('/b'))) as Verdict), 'allow')
  rules.replace(deny(403).if(path.is('/c')), deny(404).if(path.is('/b')))
  t.equal(settled((await rules.run(exchange('/b'))) as Verdict), 404)
  t.equal(settled((await rules.run(exchange('/a'))) as Verdict), undefined)
})
