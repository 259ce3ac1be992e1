import t from 'tap'
import { src } from '../../lib/match/fetches/connection.js'
import { inputLength } from '../../lib/match/fetches/content.js'
import { header } from '../../lib/match/fetches/header.js'
import { path, status } from '../../lib/match/fetches/message.js'
import { accept, allow, reject } from '../../lib/rules/actions/accept.js'
import { rule } from '../../lib/rules/actions/custom.js'
import { deny } from '../../lib/rules/actions/deny.js'
import { setHeader } from '../../lib/rules/actions/set-header.js'
import { type RuleSighting, runRules } from '../../lib/rules/rule.js'
import { connected, exchange } from '../match/context.js'

t.test('rules run in order until one settles the course', async (t) => {
  const context = exchange('/b')
  const rules = [setHeader('x', '1'), deny().if(path.is('/a')), allow(), setHeader('x', '2')]
  t.strictSame(runRules(rules, context, 'http-request'), { kind: 'allow' })
  t.equal(context.request.headers.get('x'), '1')
})

t.test('if and unless must all agree', async (t) => {
  const guarded = deny().if(path.startsWith('/a')).unless(src.in('10.0.0.0/8')).if(header('x').exists())
  const verdict = (target: string, from: string, headers: Record<string, string>) =>
    runRules([guarded], exchange(target, { src: from, headers }), 'http-request')
  t.ok(verdict('/a', '192.0.2.1', { x: '1' }))
  t.notOk(verdict('/a', '10.0.0.1', { x: '1' }))
  t.notOk(verdict('/b', '192.0.2.1', { x: '1' }))
  t.notOk(verdict('/a', '192.0.2.1', {}))
})

t.test('a second condition in one if is refused: it would be left out', (t) => {
  const rule: { if(...conditions: unknown[]): unknown; unless(...conditions: unknown[]): unknown } = deny() as never
  const refused = (word: string) => ({
    code: 'ERR_OPTION',
    message: new RegExp(`${word}\\(\\) takes one condition: write \\.${word}\\(all\\(a, b\\)\\)`),
  })
  t.throws(() => rule.if(path.is('/a'), src.in('10.0.0.0/8')), refused('if'))
  t.throws(() => rule.unless(path.is('/a'), undefined), refused('unless'))
  t.doesNotThrow(() => rule.if(path.is('/a')))
  t.end()
})

t.test('a question that cannot be answered yet waits', async (t) => {
  const context = connected()
  context.input = { bytes: new Uint8Array(2), complete: false }
  const rules = [accept().if(inputLength.ge(5)), reject()]
  t.strictSame(runRules(rules, context, 'tcp-request content'), { kind: 'wait' })
  context.input = { bytes: new Uint8Array(2), complete: true }
  t.match(runRules(rules, context, 'tcp-request content'), { kind: 'reject' })
})

t.test('a trace tells every rule that was looked at', async (t) => {
  const told: RuleSighting[] = []
  const rules = [
    deny().if(path.is('/a')).at('haproxy.cfg:3'),
    rule('think', async () => {}),
    setHeader('x', '1').unless(path.is('/a')),
    deny(429),
    allow(),
  ]
  await runRules(rules, exchange('/b'), 'http-request', { ruled: (sighting) => told.push(sighting) })
  t.match(
    told.map(({ rule, where, applied, said }) => [rule, where, applied, said]),
    [
      ['deny', 'haproxy.cfg:3', false, 'not asked'],
      ['think', undefined, true, 'go on'],
      ['set-header x 1', undefined, true, 'go on'],
      ['deny deny_status 429', undefined, true, 'respond 429'],
    ],
  )
  t.equal(told.length, 4)
  t.strictSame(told[0]?.saw, [{ condition: 'path -m str /a', saw: '/b', answer: false }])
})

t.test('a rule stands where its action and all its questions can', async (t) => {
  t.strictSame(deny().if(status.is(500)).phases, ['response'])
  t.strictSame(setHeader('x', status).phases, ['response', 'afterResponse'])
})
