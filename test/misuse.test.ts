/** What conditions, rules and factories say of things that types would have refused, to those who write JavaScript. */
import t from 'tap'
import {
  Acl,
  all,
  any,
  Backend,
  deny,
  not,
  path,
  redirect,
  respond,
  StickTable,
  setHeader,
  setPath,
  src,
  track,
  useBackend,
} from '../lib/index.js'

const wrong = (given: unknown): never => given as never

t.test('conditions are made of conditions', async (t) => {
  const message = /must be a condition/
  t.throws(() => any(wrong('x')), { code: 'ERR_OPTION', message })
  t.throws(() => all(path.is('/'), wrong(undefined)), { code: 'ERR_OPTION', message })
  t.throws(() => not(wrong({})), { code: 'ERR_OPTION', message })
  t.throws(() => deny().if(wrong('x')), { message: /^the rule 'deny[^']*': must be a condition/ })
  t.throws(() => useBackend(new Backend('api')).if(wrong(true)), { message: /^useBackend api: must be/ })
  t.throws(() => new Acl('a', wrong('x')), { path: 'conditions[0]', message })
  t.throws(() => new (Acl as unknown as new (name: string) => object)('a'), { message })
  t.throws(() => new Acl('a b', path.is('/')), { message: /^Acl 'a b': may hold letters/ })
})

t.test('what stands in a condition or rule is checked', async (t) => {
  t.throws(() => src.in('10.0.0.0/99'), { code: 'ERR_OPTION', message: /^src: '10\.0\.0\.0\/99' has a bad prefix/ })
  t.throws(() => src.is('foo'), { code: 'ERR_OPTION', message: /is not an IP address/ })
  t.throws(() => setHeader('a', wrong(undefined)), { code: 'ERR_OPTION', message: /must be a text, a sample/ })
  t.throws(() => setPath(wrong(5)), { code: 'ERR_OPTION', message: /must be a text, a sample/ })
  t.throws(() => redirect(wrong({ location: '/', cod: 301 })), /redirect: no such option: 'cod'/)
  t.throws(() => respond(200, wrong({ boody: 'x' })), /respond: no such option: 'boody'/)
})

t.test('tables and who tracks in them', async (t) => {
  const table = new StickTable('t', { key: 'ip', size: 1 })
  t.throws(() => track(wrong({}), src), { path: 'table', message: /must be a StickTable/ })
  t.throws(() => track(table, wrong('src')), { path: 'key', message: /must be a sample/ })
  t.throws(() => new StickTable('t', { key: 'ip', size: 1, store: wrong({ a: 1 }) }), {
    path: 'store.a',
    message: /must be rate\(\)/,
  })
})
