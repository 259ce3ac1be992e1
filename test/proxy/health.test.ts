import t from 'tap'
import { parseStatusRanges } from '../../lib/proxy/checks/status-ranges.js'
import { Health } from '../../lib/proxy/health.js'
import { HealthCheck } from '../../lib/proxy/health-check.js'

/** `+` passes, `-` fails; gives U(p) or D(own) after each. */
const course = (rise: number, fall: number, results: string): string => {
  const health = new Health(rise, fall)
  return [...results]
    .map((result) => {
      health.observe(result === '+')
      return health.up ? 'U' : 'D'
    })
    .join('')
}

t.test('rise and fall', async (t) => {
  t.equal(course(2, 3, '+'), 'U', 'up from the start')
  t.equal(course(2, 3, '-'), 'D', 'nothing is known yet: the first failure counts')
  t.equal(course(2, 3, '+--'), 'UUU')
  t.equal(course(2, 3, '+---'), 'UUUD')
  t.equal(course(2, 3, '+--+--+'), 'UUUUUUU', 'a good one makes good')
  t.equal(course(2, 3, '+---+'), 'UUUDD')
  t.equal(course(2, 3, '+---++'), 'UUUDDU')
  t.equal(course(2, 3, '+---+-+'), 'UUUDDDD', 'a bad one begins anew')
  t.equal(course(1, 1, '+-+-'), 'UDUD')
})

t.test('it says when it turns, and where it stands', async (t) => {
  const health = new Health(2, 3)
  t.notOk(health.observe(true))
  t.notOk(health.inTransition)
  t.notOk(health.observe(false))
  t.ok(health.inTransition)
  t.match(health.progress, { count: 2, of: 3 })
  health.observe(false)
  t.ok(health.observe(false), 'turned')
  t.notOk(health.inTransition)
  t.match(health.progress, { count: 0, of: 2 })
  t.notOk(health.observe(true))
  t.ok(health.inTransition)
  t.ok(health.observe(true), 'and back')
})

t.test('lists of statuses', async (t) => {
  t.same(parseStatusRanges('200,204, 300-399'), [
    [200, 200],
    [204, 204],
    [300, 399],
  ])
  t.throws(() => parseStatusRanges('2xx'), /'2xx' is no status/)
})

t.test('options of checks', async (t) => {
  t.match(HealthCheck.tcp().plan, { steps: [], protocol: 'tcp' })
  t.match(HealthCheck.http({ path: '/x', headers: { host: 'a' } }).plan, {
    protocol: 'http',
    steps: [
      { kind: 'request', method: 'GET', path: '/x', version: '1.0', headers: [['host', 'a']] },
      { kind: 'expect', expected: { what: 'status', ranges: [[200, 399]] } },
    ],
  })
  t.throws(() => HealthCheck.http({ interval: 'soon' }), { path: 'interval', message: /'soon' is not a time/ })
  t.throws(() => HealthCheck.http({ rise: 0 }), { path: 'rise', message: /from 1 to/ })
  t.throws(() => HealthCheck.http({ path: '/a b' }), { code: 'ERR_OPTION', path: 'path' })
  t.throws(() => HealthCheck.http({ headers: { 'x\r\ny': 'z' } }), { code: 'ERR_OPTION' })
  t.throws(() => HealthCheck.http({ expect: { status: 'fine' } }), {
    code: 'ERR_OPTION',
    path: 'expect.status',
    message: /'fine' is no status/,
  })
  t.throws(() => HealthCheck.http({ expect: [{ status: 200 }, { status: 2 }] }), {
    path: 'expect[1].status',
    message: /'2' is no status/,
  })
  t.throws(() => HealthCheck.http({ nope: 1 } as never), /no such option: 'nope'/)
})
