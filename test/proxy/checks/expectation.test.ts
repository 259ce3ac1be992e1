import t from 'tap'
import { expect, format, HealthCheck, sample, setVar } from '../../../lib/index.js'
import { Context } from '../../../lib/match/context.js'
import { Headers } from '../../../lib/message/headers.js'
import { Fault, judgeAnswer, judgeBytes } from '../../../lib/proxy/checks/expectation.js'
import type { FieldExpectation } from '../../../lib/proxy/checks/field-expectation.js'
import type { ExpectStep } from '../../../lib/proxy/checks/step.js'

function context(): Context {
  const session = { frontend: '', source: undefined, sourcePort: 0, destination: undefined, destinationPort: 0 }
  return new Context(session, 0, 0)
}

const bytes = (step: ExpectStep, text: string, last = false) => judgeBytes(step, { text, last }, context(), 100)
const answer = (step: ExpectStep, body: string, fields: string[] = [], status = 200, last = true) =>
  judgeAnswer(step, { status, headers: new Headers(fields), body, last }, context())

t.test('a text that is not there may still come, until nothing more does', async (t) => {
  const pong = expect.string('PONG')
  t.equal(bytes(pong, '+PONG'), true)
  t.equal(bytes(pong, '+ERROR'), undefined)
  t.equal(bytes(pong, '+ERROR', true), false)
  t.equal(bytes(expect.string('err', { not: true }), 'fine'), undefined, 'it may still come')
  t.equal(bytes(expect.string('err', { not: true }), 'fine', true), true)
  t.equal(bytes(expect.string('err', { not: true }), 'an err'), false)
})

t.test('a minimum makes an answer conclusive, but is never shorter than the text', async (t) => {
  t.equal(bytes(expect.string('foo', { atLeast: 0 }), 'ba'), undefined)
  t.equal(bytes(expect.string('foo', { atLeast: 0 }), 'bar'), false)
  t.equal(bytes(expect.string('foo', { atLeast: 5 }), 'foo'), undefined)
  t.equal(bytes(expect.string('foo', { atLeast: 5 }), 'foo', true), true)
  t.equal(bytes(expect.rstring(/foo/, { atLeast: 5 }), 'barba'), false)
  t.equal(bytes(expect.rstring(/foo/, { atLeast: 5, not: true }), 'barba'), true)
})

t.test('bytes and their digits', async (t) => {
  t.equal(bytes(expect.binary('00ff'), 'a\0\xffb'), true)
  t.equal(bytes(expect.binary(Buffer.from([0, 255])), 'a\0\xffb'), true)
  t.equal(bytes(expect.rbinary(/^61FF/), 'a\xff'), true)
  t.equal(bytes(expect.rbinary(/ff/), 'a\xff', true), false, 'digits are in upper case')
  t.equal(bytes(expect.rbinary(/62$/), `${'a'.repeat(50)}b`, true), false, 'half a buffer is looked at')
  t.throws(() => expect.binary('0f1'), { code: 'ERR_OPTION', message: /hexadecimal/ })
})

t.test('texts that are made', async (t) => {
  const word = sample('word', 'str', ['check'], () => 'foo')
  const nothing = sample('nothing', 'str', ['check'], () => undefined)
  t.equal(bytes(expect.string(format`${word}bar`), 'xfoobar'), true)
  t.equal(bytes(expect.binary(format`${sample('digits', 'str', ['check'], () => '4142')}`), 'xAB'), true)
  t.match(bytes(expect.string(format`${nothing}`), 'x'), Fault)
  t.match(bytes(expect.binary(format`${word}`), 'x'), { info: /hexastring/ })
})

t.test('what is looked for by a function', async (t) => {
  const length = expect.custom((bytes, last) =>
    bytes.length < 4 && !last ? undefined : { passed: bytes.length === 4 },
  )
  t.equal(bytes(length, 'abc'), undefined)
  t.match(bytes(length, 'abcd'), { passed: true })
  t.match(bytes(length, 'abc', true), { passed: false })
})

t.test('HTTP answers', async (t) => {
  t.equal(answer(expect.status('200-399'), ''), true)
  t.equal(answer(expect.status(200, { not: true }), ''), false)
  t.equal(answer(expect.rstatus(/^5/), '', [], 503), true)
  t.equal(answer(expect.string('ready'), 'is ready.'), true)
  t.equal(answer(expect.string('ready'), 'is not', [], 200, false), undefined)
  t.equal(answer(expect.rstring(/load: 0\.\d/), 'load: 0.7'), true)
})

t.test('an answer is expected to have a field', async (t) => {
  const fields = ['Content-Type', 'text/x, application/json;a=b', 'X-Load', 'low']
  const holds = (header: FieldExpectation, not = false) => answer(expect.header(header, { not }), '', fields)
  t.equal(holds({ name: 'content-type' }), true)
  t.equal(holds({ name: 'content-type' }, true), false)
  t.equal(holds({ name: 'content' }), false)
  t.equal(holds({ name: 'x-', nameMatch: 'beg', value: 'low' }), true)
  t.equal(holds({ name: 'load', nameMatch: 'end' }), true)
  t.equal(holds({ name: /^x-/i, value: /^L/i }), true)
  t.equal(holds({ name: 'content-type', value: 'text/x' }), true, 'one of the values')
  t.equal(holds({ name: 'content-type', value: 'text/x', full: true }), false, 'the whole line')
  t.equal(holds({ name: 'content-type', value: 'application/json', valueMatch: 'beg' }), true)
  t.equal(holds({ name: 'content-type', value: 'application/json', valueMatch: 'beg', full: true }), false)
  t.equal(holds({ name: 'content-type', value: 'json', valueMatch: 'sub', full: true }), true)
  t.equal(holds({ name: 'content-type', value: 'JSON', valueMatch: 'sub' }), false, 'case counts')
  const wrong = { name: 'x', valueMatch: 'dom' as never }
  t.throws(() => HealthCheck.http({ expect: { header: wrong } }), { code: 'ERR_OPTION' })
})

t.test('steps that cannot stand together are refused', async (t) => {
  const { sequence } = HealthCheck
  const fails = (make: () => unknown, message: RegExp) => t.throws(make, { code: 'ERR_OPTION', message })
  const { connect, sendRequest, send } = await import('../../../lib/index.js')
  fails(() => sequence([expect.status(200)]), /HTTP checks/)
  fails(() => sequence([sendRequest(), send('x')]), /TCP checks/)
  fails(() => sequence([send('x'), connect()]), /the first step must be a 'connect'/)
  fails(() => sequence([sendRequest(), sendRequest()]), /a 'connect' of its own/)
  fails(() => sequence([connect(), expect.status(200), sendRequest()]), /no request yet/)
  fails(() => sequence([{} as never]), /must be a step/)
  fails(() => sequence([setVar('req.x' as 'check.x', 'a')]), /cannot stand in a check/)
  fails(() => send('\u20ac'), /one character a byte/)
  fails(() => connect({ port: 0 }), /a port/)
  fails(() => expect.string('x', { okStatus: 'L7STS' as 'L7OK' }), /'L7OK', 'L7OKC'/)
  fails(() => HealthCheck.external({ command: '' }), /must not be empty/)
})
