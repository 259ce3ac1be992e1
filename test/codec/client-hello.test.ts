import { Duplex } from 'node:stream'
import { type ConnectionOptions, connect } from 'node:tls'
import t from 'tap'
import { type Hello, parseClientHello } from '../../lib/codec/client-hello.js'

/** The first bytes that Node's own TLS client sends. */
function helloOf(options: ConnectionOptions): Promise<Buffer> {
  return new Promise((resolve) => {
    const socket = new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        resolve(chunk)
        done()
      },
    })
    const client = connect({ ...options, socket })
    client.on('error', () => {})
  })
}

/** The same handshake bytes in records of at most `size` bytes. */
function fragment(hello: Buffer, size: number): Buffer {
  const records: Buffer[] = []
  for (let at = 5; at < hello.length; at += size) {
    const piece = hello.subarray(at, at + size)
    records.push(Buffer.of(0x16, 3, 1, piece.length >> 8, piece.length & 255), piece)
  }
  return Buffer.concat(records)
}

t.test('name, protocols and version of a real client', async (t) => {
  const hello = await helloOf({ servername: 'WWW.Example.com', ALPNProtocols: ['h2', 'http/1.1'] })
  const expected: Partial<Hello> = {
    type: 'hello',
    sni: 'www.example.com',
    serverName: 'WWW.Example.com',
    legacyVersion: 0x0303,
    alpn: ['h2', 'http/1.1'],
    version: 0x0304,
    helloType: 1,
  }
  t.match(parseClientHello(hello), expected)
  t.match(parseClientHello(Buffer.concat([hello, Buffer.from('more')])), expected)
  t.match(parseClientHello(fragment(hello, 50)), expected)
  for (let length = 0; length < hello.length; length++) {
    const { type } = parseClientHello(hello.subarray(0, length))
    if (type !== 'more') t.fail(`${length} bytes: ${type}`)
  }
})

t.test('without name and protocols, up to TLS 1.2', async (t) => {
  const hello = await helloOf({ host: '127.0.0.1', maxVersion: 'TLSv1.2' })
  t.match(parseClientHello(hello), { type: 'hello', sni: undefined, alpn: [], version: 0x0303, helloType: 1 })
})

t.test('what is not TLS is told from the first byte on', async (t) => {
  for (const bytes of [
    'GET / HTTP/1.1\r\n',
    '\x00',
    '\x16\x02',
    '\x16\x03\x01\x00\x00',
    '\x16\x03\x01\x00\x04\x02',
    '\x80\x2e\x01',
  ]) {
    t.equal(parseClientHello(Buffer.from(bytes, 'latin1')).type, 'none', JSON.stringify(bytes))
  }
})

t.test('a hello is bounded in length and in pieces', async (t) => {
  t.equal(parseClientHello(Buffer.from('1603014001', 'hex')).type, 'none', 'a record over 16 KiB')
  t.equal(parseClientHello(Buffer.from('160301000401004001', 'hex')).type, 'none', 'a hello over 16 KiB')
  const hello = await helloOf({ servername: 'a.example' })
  t.equal(parseClientHello(fragment(hello, 1)).type, 'none', 'one byte a record')
})

t.test('damaged hellos never throw', async (t) => {
  const hello = await helloOf({ servername: 'a.example', ALPNProtocols: ['h2'] })
  const types = new Map<string, number>()
  for (let at = 5; at < hello.length; at++) {
    for (const value of [0, 1, 0x7f, 0xff]) {
      const damaged = Buffer.from(hello)
      damaged[at] = value
      const { type } = parseClientHello(damaged)
      types.set(type, (types.get(type) ?? 0) + 1)
    }
  }
  t.ok(types.get('none')! > 0 && types.get('hello')! > 0, 'some damage matters, some does not')
})
