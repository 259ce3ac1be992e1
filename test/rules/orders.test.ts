/** What the factories of orders to the engine refuse, and what their rules write down. */
import t from 'tap'
import { Ip } from '../../lib/base/ip.js'
import {
  type Context,
  disableL7Retry,
  earlyHint,
  format,
  header,
  path,
  pause,
  Route,
  type Rule,
  responseHeader,
  service,
  setDst,
  setDstPort,
  setLogLevel,
  setPriorityClass,
  setPriorityOffset,
  setRetries,
  setSrc,
  setSrcPort,
  setTimeouts,
  transformRequestBody,
  useBackend,
  useServer,
  useService,
  waitForBody,
} from '../../lib/index.js'
import { exchange } from '../match/context.js'

const wrong = (given: unknown): never => given as never
const run = (rule: Rule<'request'>, context: Context): Context => {
  rule.action(context)
  return context
}

t.test('what cannot be is refused at once', async (t) => {
  t.throws(() => waitForBody('soon'), { code: 'ERR_OPTION' })
  t.throws(() => waitForBody('1s', { atLeast: 0 }), { code: 'ERR_OPTION', path: 'atLeast' })
  t.throws(() => waitForBody('1s', wrong({ least: 1 })), { code: 'ERR_OPTION' })
  t.throws(() => pause(-1), { code: 'ERR_OPTION' })
  t.throws(() => earlyHint('a b', 'x'), { code: 'ERR_OPTION', path: 'name' })
  t.throws(() => earlyHint('link', 'x\r\ny: z'), { code: 'ERR_OPTION', path: 'value' })
  t.throws(() => setTimeouts(wrong({ check: 1 })), /no such option: 'check'/)
  t.throws(() => setTimeouts({ server: 0 }), { code: 'ERR_OPTION', path: 'server' })
  t.throws(() => setRetries(101), { code: 'ERR_OPTION' })
  t.throws(() => setRetries(1.5), { code: 'ERR_OPTION' })
  t.throws(() => setLogLevel(wrong('loud')), /must be one of emerg, .* or silent, but is 'loud'/)
  t.throws(() => transformRequestBody(wrong(new TransformStream())), { code: 'ERR_OPTION' })
  t.throws(() => service('x', wrong('y')), { code: 'ERR_OPTION' })
  t.throws(() => useService(wrong(() => new Response())), /must be a service, as service\(\) gives it/)
  t.throws(() => useServer(''), { code: 'ERR_OPTION' })
  t.throws(() => useBackend(format`${path}`, wrong('api')), { code: 'ERR_OPTION' })
})

t.test('where a rule can stand depends on what it asks', async (t) => {
  t.same(pause(header('x')).phases, ['request', 'response'])
  t.same(pause(responseHeader('x')).phases, ['response'])
  t.same(setSrc(header('x')).phases, ['request'])
  t.same(setTimeouts({ server: responseHeader('x'), client: 5 }).phases, ['response'])
  t.same(setPriorityClass(5).phases, ['content', 'request'])
  t.same(useBackend(format`${header('x')}`, []).destination.phases?.includes('content'), false)
  t.ok(useBackend(format`${header('x')}`, []) instanceof Route)
})

t.test('orders are written down, and numbers kept within bounds', async (t) => {
  const context = exchange('/', { headers: { big: '99999999', small: '-99999999', word: 'x', tries: '7' } })
  run(setPriorityClass(header('big')), context)
  run(setPriorityOffset(header('small')), context)
  t.match(context.orders, { priorityClass: 2047, priorityOffset: -524_287 })
  run(setRetries(header('big')), context)
  t.equal(context.orders?.retries, undefined, 'a number out of bounds changes nothing')
  run(setRetries(header('tries')), context)
  run(disableL7Retry(), context)
  run(setLogLevel('notice'), context)
  run(
    setTimeouts({ server: header('tries'), tunnel: '2s', queue: header('missing'), client: header('small') }),
    context,
  )
  t.match(context.orders, { retries: 7, replay: false, logLevel: 'notice' })
  t.same(
    [...(context.orders?.timeouts ?? [])],
    [
      ['server', 7],
      ['tunnel', 2000],
    ],
  )
})

t.test('addresses are given to a context and leave its connection as it is', async (t) => {
  const context = exchange('/', { headers: { a: '198.51.100.1', p: '65537', n: '16909060', bad: 'me' } })
  const before = context.session
  run(setSrc(header('bad')), context)
  t.equal(context.session, before)
  run(setSrc(header('a')), context)
  run(setSrcPort(header('p')), context)
  run(setDst(header('n')), context)
  run(setDstPort(header('missing')), context)
  t.equal(String(context.session.source), '198.51.100.1')
  t.equal(context.session.sourcePort, 1)
  t.equal(context.session.destinationPort, before.destinationPort)
  t.not(String(before.source), '198.51.100.1')
  t.equal(context.session.frontend, before.frontend)
  t.ok(Ip.parse(String(context.session.source)))
})

t.test('hints are sent when the last of them has come', async (t) => {
  const context = exchange('/')
  const sent: unknown[] = []
  context.bodies = {
    requestBody: undefined,
    responseBody: undefined,
    inform: (code, fields) => sent.push([code, fields]),
  }
  const [one, two] = [earlyHint('link', '<a>'), earlyHint('link', '<b>')]
  run(one.before(two), context)
  t.same(sent, [])
  run(two.before(undefined), context)
  t.same(sent, [[103, ['link', '<a>', 'link', '<b>']]])
  context.hint('link', '<c>\r\nset-cookie: a=b', true)
  t.equal(sent.length, 1, 'what cannot be sent is passed over')
  run(one.before(two.if(path.is('/'))), context)
  t.equal(sent.length, 2, 'one with a condition does not go with the one before')
})
