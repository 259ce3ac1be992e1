import t from 'tap'
import { askedNothing, targetOf } from '../../lib/engine/target.js'
import { Backend, Server } from '../../lib/index.js'

t.test("a server's own source comes before its backend's, and both are told to the network", async (t) => {
  const own = new Server('own', '10.0.0.1:80', { source: '10.9.0.2:4000' })
  const other = new Server('other', '10.0.0.2:80')
  const plain = new Server('plain', '10.0.0.3:80')
  new Backend('b', { servers: [own, other], source: '10.9.0.1', tcpKeepAlive: '90s' })
  new Backend('c', { servers: [plain] })
  const kept = { keepAlive: true, keepAliveInitialDelay: 90_000 }
  t.strictSame(targetOf(own, askedNothing), {
    host: '10.0.0.1',
    port: 80,
    localAddress: '10.9.0.2',
    localPort: 4000,
    ...kept,
  })
  t.strictSame(targetOf(other, askedNothing), { host: '10.0.0.2', port: 80, localAddress: '10.9.0.1', ...kept })
  t.strictSame(targetOf(plain, askedNothing), { host: '10.0.0.3', port: 80 })
})

t.test('any address leaves the choice to the system, but for the port', async (t) => {
  const server = new Server('s', '10.0.0.1:80', { source: '0.0.0.0:4000' })
  t.strictSame(targetOf(server, askedNothing), { host: '10.0.0.1', port: 80, localPort: 4000 })
})

t.test('what is no address of ours is named', async (t) => {
  for (const source of ['example.com', '/run/x.sock', '10.0.0.1:99999', ''])
    t.throws(() => new Backend('b', { source }), /Backend 'b': option 'source'/, source)
  t.throws(() => new Server('s', '10.0.0.1:80', { source: 'x y' }), /Server 's': option 'source'/)
  t.throws(() => new Backend('b', { tcpKeepAlive: 'soon' }), /tcpKeepAlive/)
})
