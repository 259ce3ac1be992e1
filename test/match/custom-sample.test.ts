import t from 'tap'
import { Ip, sample } from '../../lib/index.js'
import { notYet } from '../../lib/match/sample.js'
import { connection, request } from '../../lib/testing/index.js'

t.test('a question in code: its type decides what can be asked of it', async (t) => {
  const tenant = sample('tenant', 'str', ['request'], ({ request }) => request.headers.get('x-tenant'))
  t.match(tenant, { name: 'tenant', type: 'str', phases: ['request'] })
  const acme = request('/', { headers: { 'x-tenant': 'Acme' } })
  t.equal(tenant.lower().is('acme').test(acme), true)
  t.equal(tenant.is('acme').test(acme), false)
  t.equal(tenant.exists().test(request('/')), false, 'nothing is nothing')
  t.equal(
    sample('n', 'int', ['connection'], () => 3)
      .gt(2)
      .test(connection()),
    true,
  )
  t.equal(
    sample('b', 'bool', ['connection'], () => false)
      .isFalse()
      .test(connection()),
    true,
  )
  const address = sample('a', 'ip', ['connection'], () => Ip.parse('10.0.0.1'))
  t.equal(address.in('10.0.0.0/8').test(connection()), true)
  const later = sample('l', 'str', ['content'], () => notYet)
  t.equal(later.is('x').test(connection()), notYet)
})

t.test('what JavaScript hands in is checked', async (t) => {
  t.throws(() => sample('', 'str', ['request'], () => 'x'), { code: 'ERR_OPTION' })
  t.throws(() => sample('x', 'text' as never, ['request'], (() => 'x') as never), {
    code: 'ERR_OPTION',
    message: /'type'/,
  })
  t.throws(() => sample('x', 'str', ['never' as never], (() => 'x') as never), {
    code: 'ERR_OPTION',
    message: /'phases'/,
  })
  t.throws(() => sample('x', 'str', [], () => 'x'), { code: 'ERR_OPTION', message: /'phases'/ })
  t.throws(() => sample('x', 'str', ['request'], 'x' as never), { code: 'ERR_OPTION', message: /'ask'/ })
  const late = sample('late', 'str', ['request'], (async () => 'x') as never)
  t.throws(() => late.is('x').test(request('/')), { message: /sample 'late'.*must give a text/ })
  t.equal(
    sample('n', 'str', ['request'], (() => 5) as never)
      .is('5')
      .test(request('/')),
    true,
    'casts are HAProxy’s',
  )
})
