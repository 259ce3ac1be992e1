import t from 'tap'
import { HelloReader, type HelloStep, helloText, StatusReader } from '../../lib/codec/peers-hello.js'

function read(text: string, name = 'a'): HelloStep {
  const whole = new HelloReader(name).feed(Buffer.from(text, 'latin1'))
  const reader = new HelloReader(name)
  let step: HelloStep
  for (const byte of Buffer.from(text, 'latin1')) step ??= reader.feed(Buffer.of(byte))
  t.strictSame(step, whole, 'byte by byte')
  return whole
}

t.test('our own is understood', async (t) => {
  t.equal(helloText('b', 'a', 4711), 'HAProxyS 2.1\nb\na 4711 1\n')
  t.strictSame(read(helloText('a', 'b', 4711)), {
    type: 'hello',
    hello: { version: '2.1', caller: 'b', processId: 4711 },
  })
})

t.test('as HAProxy understands and refuses them', async (t) => {
  const hello = (protocol: string, called = 'a', caller = 'b 1 1') => read(`${protocol}\n${called}\n${caller}\n`)
  t.match(hello('HAProxyS 2.0'), { hello: { version: '2.0', caller: 'b' } })
  t.match(read('HAProxyS 2.1\r\na\r\nb 1 1\r\n'), { hello: { caller: 'b' } })
  t.match(hello('HAProxyS 2.1', 'a', 'b 1'), { hello: { caller: 'b', processId: 1 } })
  t.match(hello('HAProxyS 2.1', 'a', 'b x y'), { hello: { caller: 'b', processId: 0 } })
  for (const protocol of ['HTTP/1.1 2.1', 'HAProxyS', 'haproxys 2.1', '', 'HAProxySS 2.1'])
    t.strictSame(hello(protocol), { type: 'refused', status: 501 }, protocol)
  for (const version of ['2.2', '3.0', '1.1', 'x', '2', '2.1 x', ''])
    t.strictSame(hello(`HAProxyS ${version}`), { type: 'refused', status: 502 }, version)
  t.strictSame(hello('HAProxyS 2.1', 'zz'), { type: 'refused', status: 503 })
  t.strictSame(hello('HAProxyS 2.1', 'a', 'b'), { type: 'refused', status: 501 })
})

t.test('what comes behind it is kept, and what never ends is not', async (t) => {
  const reader = new HelloReader('a')
  t.match(reader.feed(Buffer.from(`${helloText('a', 'b', 1)}\0\x04`)), { type: 'hello' })
  t.equal(reader.rest.toString('hex'), '0004')
  t.strictSame(read(`HAProxyS 2.1\n${'a'.repeat(20_000)}\n`), { type: 'endless' })
  t.strictSame(read('x'.repeat(1025)), { type: 'endless' })
  t.equal(read('HAProxyS 2.1\na\nb 1 1'), undefined)
})

t.test('the status of an answer', async (t) => {
  const status = (text: string) => new StatusReader().feed(Buffer.from(text, 'latin1'))
  t.equal(status('200\n'), 200)
  t.equal(status('504\r\n'), 504)
  t.equal(status('20'), undefined)
  for (const text of ['garbage\n', '\n', '2000\n', '20x\n', 'x'.repeat(2000)])
    t.equal(status(text), -1, text.slice(0, 9))
  const reader = new StatusReader()
  t.equal(reader.feed(Buffer.from('20')), undefined)
  t.equal(reader.feed(Buffer.from('0\n\0\0')), 200)
  t.equal(reader.rest.toString('hex'), '0000')
})
