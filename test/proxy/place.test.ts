/** A server moves: where it is then, what it keeps, and who hears of it. */
import t from 'tap'
import { Backend } from '../../lib/proxy/backend.js'
import { leftAlready } from '../../lib/proxy/leaving.js'
import { Server } from '../../lib/proxy/server.js'
import type { ServerChange } from '../../lib/proxy/server-change.js'

function heard(server: Server): ServerChange[] {
  const changes: ServerChange[] = []
  const backend = new Backend('api', { servers: [server] })
  backend.attach({
    serverChanged: (_backend, _server, change) => void changes.push(change),
    serverLeft: leftAlready,
    panicChanged: () => undefined,
  })
  return changes
}

t.test('an address keeps its port unless another one is said', async (t) => {
  const server = new Server('api1', '10.0.0.1:80')
  const changes = heard(server)
  t.equal(server.move('10.0.0.2'), true)
  t.equal(server.address, '10.0.0.2:80')
  t.match(server.parsed, { kind: 'ip', ip: '10.0.0.2', port: 80, portEnd: 80 })
  t.equal(server.move('10.0.0.3', { port: 8080, reason: 'by hand' }), true)
  t.equal(server.address, '10.0.0.3:8080')
  t.equal(server.move('10.0.0.3:8081'), true)
  t.equal(server.address, '10.0.0.3:8081')
  t.equal(server.move('2001:db8::1'), true)
  t.equal(server.address, '[2001:db8::1]:8081')
  t.same(
    changes.map(({ what }) => what),
    ['address', 'address', 'address', 'address'],
  )
  t.match(changes[1], { reason: 'by hand' })
})

t.test('the same place is no news', async (t) => {
  const server = new Server('api1', '10.0.0.1:80')
  const changes = heard(server)
  t.equal(server.move('10.0.0.1'), false)
  t.equal(server.move('10.0.0.1', { port: 80 }), false)
  t.same(changes, [])
})

t.test('a port that follows the client follows it at the new place, until it has one of its own', async (t) => {
  const server = new Server('api1', '10.0.0.1:+100')
  server.move('10.0.0.2')
  t.equal(server.address, '10.0.0.2:+100')
  t.equal(server.relative, true)
  server.move('10.0.0.2', { port: 80 })
  t.equal(server.relative, false)
  server.move('10.0.0.2', { port: 0 })
  t.equal(server.relative, true)
})

t.test('a server by name keeps its name', async (t) => {
  const server = new Server('api1', 'api.example.com:80')
  t.equal(server.fqdn, 'api.example.com')
  server.move('10.0.0.1')
  t.equal(server.fqdn, 'api.example.com')
  t.equal(server.address, '10.0.0.1:80')
})

t.test('a path and back', async (t) => {
  const server = new Server('api1', '10.0.0.1:80')
  server.move('/run/api.sock')
  t.match(server.parsed, { kind: 'unix', path: '/run/api.sock' })
  server.move('10.0.0.1:80')
  t.equal(server.address, '10.0.0.1:80')
})

t.test('what is no place', async (t) => {
  const server = new Server('api1', '10.0.0.1:80')
  t.throws(() => server.move('api.example.com'), { code: 'ERR_OPTION' })
  t.throws(() => server.move('10.0.0.999'), { code: 'ERR_OPTION' })
  t.throws(() => server.move('10.0.0.2', { port: 70_000 }), { code: 'ERR_OPTION' })
  t.equal(server.address, '10.0.0.1:80')
})

t.test('without an address it gets nothing', async (t) => {
  const server = new Server('api1', 'api.example.com:80')
  const changes = heard(server)
  server.markResolved(false, 'DNS NX status')
  t.equal(server.unresolved, true)
  t.equal(server.inRotation, false)
  t.equal(server.reachable, false)
  server.markResolved(false)
  server.markResolved(true)
  t.equal(server.inRotation, true)
  t.match(changes, [{ what: 'resolution', reason: 'DNS NX status' }, { what: 'resolution' }])
  t.equal(changes.length, 2)
})
