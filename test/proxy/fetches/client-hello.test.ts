import { Duplex } from 'node:stream'
import { connect } from 'node:tls'
import t from 'tap'
import { notYet } from '../../../lib/match/sample.js'
import { alpn, clientHelloFetches, helloType, sni } from '../../../lib/proxy/fetches/client-hello.js'
import { connected } from '../../match/context.js'

/** The first bytes that a TLS client of Node's sends. */
function firstBytes(options: { servername?: string; ALPNProtocols?: string[] }): Promise<Buffer> {
  return new Promise((resolve) => {
    const wire = new Duplex({
      read() {},
      write(chunk: Buffer, _, done) {
        resolve(chunk)
        done()
        wire.destroy()
      },
    })
    connect({ socket: wire, ...options }).on('error', () => {})
  })
}

t.test('the server name and protocols of a hello, once it is whole', async (t) => {
  const bytes = await firstBytes({ servername: 'www.example.com', ALPNProtocols: ['h2', 'http/1.1'] })
  const context = connected()
  t.equal(sni.ask(context), undefined, 'without input there is none')
  for (const length of [0, 1, 5, bytes.length - 1]) {
    context.input = { bytes: bytes.subarray(0, length), complete: false }
    t.equal(sni.ask(context), notYet, `${length} bytes`)
    t.equal(helloType.is(1).test(context), notYet, `${length} bytes`)
  }
  context.input = { bytes: bytes.subarray(0, bytes.length - 1), complete: true }
  t.equal(sni.ask(context), undefined, 'no more will come')
  context.input = { bytes, complete: false }
  t.equal(sni.ask(context), 'www.example.com')
  t.equal(helloType.ask(context), 1)
  t.equal(alpn.ask(context), 'h2,http/1.1')
  t.equal(sni.endsWith('.example.com').test(context), true)
})

t.test('what is not TLS has none of it, at once', async (t) => {
  const context = connected()
  context.input = { bytes: Buffer.from('GET / HTTP/1.1\r\n'), complete: false }
  t.equal(sni.ask(context), undefined)
  t.equal(helloType.is(1).test(context), false)
})

t.test('a hello may leave everything out', async (t) => {
  const context = connected()
  context.input = { bytes: await firstBytes({}), complete: false }
  t.equal(sni.ask(context), undefined)
  t.equal(alpn.ask(context), undefined)
  t.equal(helloType.ask(context), 1)
})

t.test('words of a haproxy.cfg', async (t) => {
  const names = clientHelloFetches.flatMap(({ name, aliases }) => [name, ...aliases])
  for (const name of [
    'req.ssl_sni',
    'req_ssl_sni',
    'req_ssl_hello_type',
    'req.ssl_alpn',
    'req_ssl_ver',
    'req.ssl_sigalgs',
  ])
    t.ok(names.includes(name), name)
})
