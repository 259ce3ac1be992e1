import t from 'tap'
import { RequestDecoder } from '../../lib/codec/request-decoder.js'
import { DATA, END, ERROR, HEAD, MORE } from '../../lib/codec/step.js'
import { codecContract, decode } from '../contracts/codec.js'
import { requestSamples } from './samples.js'

function steps(bytes: string): string[] {
  return decode({ name: '', side: 'request', bytes }, [Buffer.from(bytes, 'latin1')])
}

function decoderOf(bytes: string): RequestDecoder {
  const decoder = new RequestDecoder()
  decoder.push(Buffer.from(bytes, 'latin1'))
  return decoder
}

t.test('requests keep the contract', (t) => codecContract(t, requestSamples))

t.test('a request is read with order, case and repeats of its fields', async (t) => {
  t.same(steps(requestSamples[0]!.bytes), [
    'HEAD GET /a?b=c 1.1 false 0 true undefined ["Host","a.example:8080","X-A","1","x-a","2"]',
    'END undefined',
    'REST undefined',
  ])
})

t.test('a chunked body comes without its framing, its trailers at the end', async (t) => {
  t.same(steps(requestSamples[3]!.bytes), [
    'HEAD POST / 1.1 false chunked true undefined ["Host","a","Transfer-Encoding","chunked"]',
    'DATA Wiki0123456789',
    'END ["X-Sum","1"]',
    'HEAD GET /2 1.1 false 0 true undefined ["Host","a"]',
    'END undefined',
    'REST undefined',
  ])
})

t.test('bodies are views on the bytes that were pushed', async (t) => {
  const chunk = Buffer.from('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc')
  const decoder = new RequestDecoder()
  decoder.push(chunk)
  t.equal(decoder.next(), HEAD)
  t.equal(decoder.next(), DATA)
  t.equal(decoder.data.buffer, chunk.buffer)
  t.equal(decoder.data.toString(), 'abc')
  t.equal(decoder.next(), END)
  t.equal(decoder.hasPending, false)
})

t.test('an idle decoder holds no bytes', async (t) => {
  const decoder = decoderOf('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc')
  t.same([decoder.next(), decoder.next(), decoder.next()], [HEAD, DATA, END])
  t.equal(decoder.data.length, 0)
  t.equal(decoder.next(), MORE)
})

t.test('what follows CONNECT and an upgrade is left for the tunnel', async (t) => {
  const connect = decoderOf(requestSamples[5]!.bytes)
  t.same([connect.next(), connect.next()], [HEAD, END])
  t.equal(connect.rest()?.toString('latin1'), '\x16\x03\x01tunnel')
  t.equal(connect.rest(), undefined)
  const upgrade = decoderOf(requestSamples[6]!.bytes)
  t.same([upgrade.next(), upgrade.next()], [HEAD, END])
  t.equal(upgrade.upgrade, 'websocket')
  t.equal(upgrade.rest()?.toString('latin1'), '\x81\x00')
})

t.test('upgrades that must not be passed on are not offered', async (t) => {
  for (const [line, fields] of [
    ['GET / HTTP/1.1', 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n'],
    ['GET / HTTP/1.1', 'Connection: Upgrade\r\nUpgrade: foo, H2C\r\n'],
    ['GET / HTTP/1.1', 'Upgrade: websocket\r\n'],
    ['GET / HTTP/1.0', 'Connection: upgrade\r\nUpgrade: foo\r\n'],
    ['POST / HTTP/1.1', 'Connection: upgrade\r\nUpgrade: foo\r\nContent-Length: 1\r\n'],
  ] as const) {
    const decoder = decoderOf(`${line}\r\nHost: a\r\n${fields}\r\n`)
    t.equal(decoder.next(), HEAD)
    t.equal(decoder.upgrade, undefined, fields)
  }
})

t.test('version and Connection say whether the connection lives on', async (t) => {
  for (const [version, connection, alive] of [
    ['1.1', undefined, true],
    ['1.1', 'close', false],
    ['1.1', 'Close', false],
    ['1.1', 'x, close', false],
    ['1.1', 'closed', true],
    ['1.0', undefined, false],
    ['1.0', 'Keep-Alive', true],
    ['1.0', 'keep-alive, close', false],
  ] as const) {
    const decoder = decoderOf(
      `GET / HTTP/${version}\r\nHost: a\r\n${connection ? `Connection: ${connection}\r\n` : ''}\r\n`,
    )
    t.equal(decoder.next(), HEAD)
    t.equal(decoder.keepAlive, alive, `${version} ${connection}`)
  }
})

t.test('a client waits for 100 only when it has a body and speaks 1.1', async (t) => {
  for (const [line, length, waits] of [
    ['PUT / HTTP/1.1', 1, true],
    ['PUT / HTTP/1.1', 0, false],
    ['PUT / HTTP/1.0', 1, false],
  ] as const) {
    const decoder = decoderOf(`${line}\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: ${length}\r\n\r\n`)
    t.equal(decoder.next(), HEAD)
    t.equal(decoder.expectContinue, waits)
  }
})

t.test('limits bound the head: size, fields and names', async (t) => {
  const fields = (count: number) => 'X: y\r\n'.repeat(count)
  const head = (rest: string) => `GET / HTTP/1.1\r\nHost: a\r\n${rest}\r\n`
  for (const [bytes, step] of [
    [head(fields(4)), HEAD],
    [head(fields(5)), ERROR],
    [head(`X: ${'y'.repeat(200 - head('X: \r\n').length)}\r\n`), HEAD],
    [head(`X: ${'y'.repeat(201 - head('X: \r\n').length)}\r\n`), ERROR],
    ['GET /'.padEnd(201, 'a'), ERROR],
  ] as const) {
    const decoder = new RequestDecoder({ maxHead: 200, maxFields: 6 })
    decoder.push(Buffer.from(bytes))
    t.equal(decoder.next(), step)
  }
})

t.test('a long body is not bounded by the limits of the head', async (t) => {
  const decoder = decoderOf('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n')
  t.equal(decoder.next(), HEAD)
  t.equal(decoder.next(), MORE)
  decoder.push(Buffer.alloc(100000))
  t.equal(decoder.next(), DATA)
  t.equal(decoder.data.length, 100000)
  t.equal(decoder.next(), END)
})

t.test('garbage is refused before its head ends', async (t) => {
  for (const bytes of [
    '\x16\x03\x01\x02\x00',
    'GET /\r\n',
    'PRI * HTTP/2.0\r\n',
    'GET / HTTP/1.1\n',
    'GET / HTTP/1.1\rX',
  ]) {
    t.equal(decoderOf(bytes).next(), ERROR, JSON.stringify(bytes))
  }
})

t.test('an error says where and why', async (t) => {
  const decoder = decoderOf('GET / HTTP/1.1\r\nHost: a\r\nX Y: z\r\n\r\n')
  t.equal(decoder.next(), ERROR)
  t.match(decoder.error, { code: 'ERR_HTTP1_FIELD_NAME', status: 400, position: 26 })
})

t.test('the largest head is the one that HAProxy takes, with few fields and with many', async (t) => {
  // HAProxy 2.6 takes 15,273 bytes with two fields, 15,077 with 51, and 14,897 with 96; one byte more is 400.
  for (const [fields, largest] of [
    [2, 15_273],
    [51, 15_077],
    [96, 14_897],
  ] as const) {
    for (const length of [largest, largest + 1]) {
      const start = `GET / HTTP/1.1\r\nHost: h\r\n${'x: y\r\n'.repeat(fields - 2)}z: `
      const head = `${start}${'a'.repeat(length - start.length - 4)}\r\n\r\n`
      const decoder = new RequestDecoder()
      decoder.push(Buffer.from(head, 'latin1'))
      t.equal(decoder.next(), length === largest ? HEAD : ERROR, `${fields} fields, ${length} bytes`)
    }
  }
})
