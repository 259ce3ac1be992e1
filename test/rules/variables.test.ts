/** Variables as code sets and reads them: scopes, types, conditions, the room that they have. */
import t from 'tap'
import { Ip } from '../../lib/base/ip.js'
import type { Context, ProcessView } from '../../lib/match/context.js'
import { header } from '../../lib/match/fetches/header.js'
import { path } from '../../lib/match/fetches/message.js'
import { variable } from '../../lib/match/fetches/variable.js'
import { format } from '../../lib/match/format.js'
import { Variable } from '../../lib/match/variable.js'
import type { VariableLimits } from '../../lib/match/variable-size.js'
import { Response } from '../../lib/message/response.js'
import { setVar, unsetVar } from '../../lib/rules/actions/set-variable.js'
import type { Rule } from '../../lib/rules/rule.js'
import { connected, exchange } from '../match/context.js'

function processView(limits?: VariableLimits): ProcessView {
  return {
    variables: undefined,
    variableLimits: limits,
    variableSize: 0,
    pid: 1,
    node: '',
    hostname: '',
    startedAt: 0,
    stopping: false,
    environment: () => undefined,
    random: () => 0,
    load: () => ({ connections: 0, maxConnections: 0 }),
    isLocal: () => false,
    resolve: () => Promise.reject(new Error('nobody asks')),
  }
}

/** A transaction of a connection of a process. */
function transaction(connection = connected(), limits?: VariableLimits): Context {
  const context = exchange('/p', { headers: { 'x-user': 'tim' } })
  connection.process ??= processView(limits)
  context.connection = connection
  context.process = connection.process
  return context
}

const run = (rule: Rule<never>, context: Context): void => {
  t.equal(rule.action(context), undefined, 'the next rule goes on')
}

const read = (name: Parameters<typeof variable>[0], context: Context): unknown => variable(name).ask(context)

t.test('a value keeps its type', async (t) => {
  const context = transaction()
  const ip = Ip.parse('192.0.2.1') as Ip
  for (const value of ['text', 5, 2n ** 62n, true, Buffer.from('ab'), ip]) {
    run(setVar('txn.x', value), context)
    t.equal(read('txn.x', context), value)
  }
  run(setVar('txn.x', header('x-user')), context)
  t.equal(read('txn.x', context), 'tim')
  run(setVar('txn.x', header('x-none')), context)
  t.equal(read('txn.x', context), 'tim', 'what is absent leaves the old value')
  run(setVar('txn.x', format`${path}:${header('x-none')}`), context)
  t.equal(read('txn.x', context), '/p:')
  run(unsetVar('txn.x'), context)
  t.equal(read('txn.x', context), undefined)
  t.equal(variable('txn.x', { default: 'd' }).ask(context), 'd')
})

t.test('a variable can be asked for as a type', async (t) => {
  const context = transaction()
  run(setVar('txn.n', '12ab'), context)
  t.equal(variable('txn.n', { type: 'int' }).gt(11).test(context), true)
  t.equal(variable('txn.n', { type: 'str' }).startsWith('12').test(context), true)
  t.equal(variable('txn.n', { type: 'ip' }).ask(context), undefined)
  run(setVar('txn.n', true), context)
  t.equal(variable('txn.n', { type: 'bool' }).isTrue().test(context), true)
  t.equal(variable('txn.n', { type: 'int' }).ask(context), 1)
})

t.test('scopes', async (t) => {
  const connection = connected()
  const first = transaction(connection)
  for (const name of ['proc.a', 'sess.a', 'txn.a', 'req.a'] as const) run(setVar(name, name), first)
  run(setVar('res.a', 'too early'), first)
  t.equal(read('res.a', first), undefined)
  t.equal(read('req.a', first), 'req.a')
  first.response = Response.from(200, [])
  t.equal(read('req.a', first), undefined, 'the request is over')
  run(setVar('res.a', 'res.a'), first)
  t.equal(read('res.a', first), 'res.a')
  const second = transaction(connection)
  t.strictSame(
    (['proc.a', 'sess.a', 'txn.a', 'req.a'] as const).map((name) => read(name, second)),
    ['proc.a', 'sess.a', undefined, undefined],
  )
  run(setVar('check.a', 1), second)
  t.equal(read('check.a', second), undefined, 'a client has none')
})

t.test('conditions', async (t) => {
  const set = (
    when: NonNullable<Parameters<typeof setVar>[2]>['when'],
    before: unknown,
    value: string | number,
  ): unknown => {
    const context = transaction()
    if (before !== undefined) Variable.parse('txn.x').set(context, before)
    run(setVar('txn.x', value, { when }), context)
    return read('txn.x', context)
  }
  t.equal(set('ifexists', undefined, 1), undefined)
  t.equal(set('ifexists', 0, 1), 1)
  t.equal(set('ifnotexists', 0, 1), 0)
  t.equal(set('ifempty', 'a', ''), '')
  t.equal(set('ifempty', 'a', 'b'), 'a')
  t.equal(set('ifnotempty', 'a', ''), 'a')
  t.equal(set('ifgt', 5, 3), 3)
  t.equal(set('ifgt', 5, 7), 5)
  t.equal(set('iflt', 5, 7), 7)
  t.equal(set('iflt', 'text', 1), 1, 'what cannot be compared is set')
  t.equal(set(['ifexists', 'ifgt'], undefined, 1), undefined)
  t.throws(() => setVar('txn.x', 1, { when: 'ifodd' as 'ifgt' }), { code: 'ERR_OPTION' })
  t.throws(() => setVar('txn.a-b', 1), { code: 'ERR_OPTION' })
  t.throws(() => setVar('x' as 'txn.x', 1), { code: 'ERR_OPTION' })
  t.throws(() => setVar('txn.x', 0.5), { code: 'ERR_OPTION' })
})

t.test('names of the language are names like others', async (t) => {
  const context = transaction()
  run(setVar('txn.__proto__', 1), context)
  t.equal(read('txn.__proto__', context), 1)
  t.equal(read('txn.constructor', context), undefined)
})

t.test('room', async (t) => {
  const endless = Number.POSITIVE_INFINITY
  const connection = connected()
  const context = transaction(connection, { proc: endless, sess: 300, txn: 250, reqres: 100 })
  const process = context.process as ProcessView
  run(setVar('txn.a', 'x'.repeat(20)), context)
  t.equal(process.variableSize, 100, 'each counts as 80 bytes and its text')
  run(setVar('req.b', 'y'.repeat(21)), context)
  t.equal(read('req.b', context), undefined, 'more than a request may have')
  run(setVar('req.b', 'y'.repeat(20)), context)
  run(setVar('txn.c', 1), context)
  t.equal(read('txn.c', context), undefined, 'more than a transaction may have')
  run(setVar('sess.d', 1), context)
  t.equal(process.variableSize, 280)
  context.response = Response.from(200, [])
  run(setVar('res.e', 1), context)
  t.equal(process.variableSize, 260, "the request's make room for the response's")
  run(setVar('txn.a', 'z'.repeat(200)), context)
  t.equal(read('txn.a', context), undefined, 'the old value is gone, too')
  context.release()
  t.equal(process.variableSize, 80, 'a transaction gives back what it had')
  connection.release()
  t.equal(process.variableSize, 0)
})

t.test('a format that holds itself does not grow for ever', async (t) => {
  const context = transaction()
  run(setVar('sess.x', 'x'.repeat(10_000)), context)
  for (let times = 0; times < 3; times++)
    run(setVar('sess.x', format`${variable('sess.x')}${variable('sess.x')}`), context)
  t.equal((read('sess.x', context) as string).length, 16_383)
})
