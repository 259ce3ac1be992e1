import t from 'tap'
import { Backend, OptionError, Server } from '../../lib/index.js'

t.test('what is wrong is named, and what is allowed', async (t) => {
  t.throws(() => new Server('x', '10.0.0.1:99999'), {
    code: 'ERR_OPTION',
    path: 'address',
    message: /Server 'x'.*99999.*65535/,
  })
  t.throws(() => new Server('x', '10.0.0.1:80', { weight: 257 }), { path: 'weight', message: /from 0 to 256/ })
  t.throws(() => new Server('x', '10.0.0.1:80', { weight: 1.5 }), { code: 'ERR_OPTION', path: 'weight' })
  t.throws(() => new Server('x', '10.0.0.1:80', { maxConnections: -1 }), {
    path: 'maxConnections',
    message: /0 is no limit/,
  })
  t.throws(() => new Server('x y', '10.0.0.1:80'), /letters, digits/)
  t.throws(() => new Server('', '10.0.0.1:80'), OptionError)
  t.throws(() => new Server('x', '10.0.0.1:80', { wieght: 1 } as never), /no such option: 'wieght'/)
  t.throws(() => new Server('x', 80 as never), /must be a string, as in/)
  t.throws(() => new Server('x', '10.0.0.1:80', { checkTiming: { rise: 0 } }), {
    code: 'ERR_OPTION',
    path: 'checkTiming.rise',
  })
  t.throws(() => new Server('x', '10.0.0.1:80', { checkAddress: '10.0.0.1:99999' }), {
    path: 'checkAddress',
    message: /99999/,
  })
})

t.test('names that objects have are names like others', async (t) => {
  const servers = ['__proto__', 'constructor', 'toString'].map((name) => new Server(name, '10.0.0.1:80'))
  const backend = new Backend('__proto__', { servers })
  t.equal(backend.server('constructor'), servers[1])
  t.equal(backend.server('hasOwnProperty'), undefined)
})

t.test('a server belongs to one backend', async (t) => {
  const server = new Server('s', '10.0.0.1:80')
  new Backend('one', { servers: [server] })
  t.throws(() => new Backend('two', { servers: [server] }), /belongs to backend 'one'/)
})

t.test('what was observed and what was ordered are two things', async (t) => {
  const server = new Server('s', '10.0.0.1:80', { disabled: true })
  t.match(
    { up: server.up, admin: server.admin, rotation: server.inRotation },
    { up: true, admin: 'maint', rotation: false },
  )
  server.admin = 'ready'
  t.ok(server.inRotation)
  server.observe(false)
  t.match(
    { up: server.up, admin: server.admin, rotation: server.inRotation },
    { up: false, admin: 'ready', rotation: false },
  )
  t.match(server.counters, { failedChecks: 1, wentDown: 1 })
  t.throws(() => {
    server.weight = 300
  }, /from 0 to 256/)
})
