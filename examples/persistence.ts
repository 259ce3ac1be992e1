import {
  accept,
  Backend,
  Frontend,
  header,
  helloType,
  path,
  payloadByLength,
  persistCookie,
  persistRdpCookie,
  responseHelloType,
  responsePayloadByLength,
  Server,
  StickTable,
  src,
  stickOn,
  stickStoreResponse,
  useServer,
} from 'fairlead'

/** Clients get a cookie that says their server; servers never see it, and caches do not keep it. */
export const app = new Backend('app', {
  persistence: persistCookie('SRV', {
    indirect: true,
    nocache: true,
    httpOnly: true,
    secure: true,
    attributes: ['SameSite=Lax'],
    maxIdle: '30m',
    maxLife: '8h',
  }),
  servers: [
    new Server('app1', '10.0.0.1:80', { cookie: 'a' }),
    new Server('app2', '10.0.0.2:80', { cookie: 'b' }),
    // Takes over for app1 as long as that one is down.
    new Server('spare', '10.0.0.9:80', { cookie: 'a', backup: true }),
  ],
  // A server that refuses is tried until the last retry; then another one takes the client over.
  redispatch: true,
  // Nothing of these needs a certain server.
  ignorePersist: [path.startsWith('/static/')],
  // Who tests a server before it goes into operation gets there, though it is in maintenance.
  forcePersist: [header('x-test').is('1')],
})

/** The server's own session cookie says it: `JSESSIONID=a~F00`. */
export const java = new Backend('java', {
  persistence: persistCookie('JSESSIONID', { mode: 'prefix' }),
  servers: [
    new Server('java1', '10.0.1.1:8080', { cookie: 'a' }),
    new Server('java2', '10.0.1.2:8080', { cookie: 'b' }),
  ],
})

/** All proxies that know the key give and understand the same cookies, whatever they call the servers and however many there are. */
export const shared = (key: string, servers: readonly Server[]) =>
  new Backend('shared', { persistence: persistCookie('SRV', { dynamic: true, dynamicKey: key }), servers })

/** Nobody but us can say which server a client gets. The second secret is still taken, until the cookies that it signed are gone. */
export const signed = (secret: string, before: string, servers: readonly Server[]) =>
  new Backend('signed', { persistence: persistCookie('SRV', { indirect: true, secret: [secret, before] }), servers })

/** Terminal servers tell their clients where they were. */
export const terminals = new Backend('terminals', {
  mode: 'tcp',
  persistence: persistRdpCookie(),
  servers: [new Server('ts1', '10.0.2.1:3389'), new Server('ts2', '10.0.2.2:3389')],
})

/** For clients that keep no cookies: who came from an address goes where it was sent before, in both backends. */
const clients = new StickTable('clients', { key: 'ip', size: 200_000, expire: '30m' })
export const [web, images] = ['web', 'images'].map(
  (name) =>
    new Backend(name, {
      persistence: stickOn(clients, src).unless(path.startsWith('/static/')),
      servers: [
        new Server('s1', '10.0.4.1:80'),
        new Server('s2', '10.0.4.2:80'),
        // Nobody is kept where everybody goes when nothing else is left.
        new Server('sorry', '10.0.4.9:80', { backup: true, nonStick: true }),
      ],
    }),
)

/** TLS goes through as it is; a session that the server has begun, and the client names later, says where to. */
const sessions = new StickTable('sessions', { key: 'binary', keyLength: 32, size: 30_000, expire: '30m' })
const sessionId = { lengthOffset: 43, lengthSize: 1 }
export const passed = new Frontend('passed', {
  mode: 'tcp',
  bind: ':8443',
  inspectDelay: '5s',
  tcpRequestContent: [accept().if(helloType.is(1))],
  defaultBackend: new Backend('tls', {
    mode: 'tcp',
    responseInspectDelay: '5s',
    tcpResponseContent: [accept().if(responseHelloType.is(2))],
    persistence: [
      stickOn(sessions, payloadByLength(sessionId)).if(helloType.is(1)),
      stickStoreResponse(sessions, responsePayloadByLength(sessionId)).if(responseHelloType.is(2)),
    ],
    servers: [new Server('tls1', '10.0.5.1:443'), new Server('tls2', '10.0.5.2:443')],
  }),
})

/** A rule goes before every cookie. */
export const edge = new Frontend('edge', {
  bind: ':8080',
  defaultBackend: new Backend('ruled', {
    persistence: persistCookie('SRV'),
    useServers: [useServer('canary').if(header('x-canary').is('1'))],
    servers: [new Server('main', '10.0.3.1:80', { cookie: 'm' }), new Server('canary', '10.0.3.2:80', { cookie: 'c' })],
  }),
})
