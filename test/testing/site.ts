/** The first program of the design: a site as its owner writes it. The tests beside it run it. */
import {
  Acl,
  any,
  Backend,
  deny,
  Frontend,
  HealthCheck,
  host,
  leastConn,
  path,
  rate,
  respond,
  rule,
  Server,
  StickTable,
  setHeader,
  src,
  track,
  useBackend,
} from '../../lib/index.js'

const verify = async (authorization: string | undefined): Promise<boolean> => authorization === 'good'

export function site() {
  const api = new Backend('api', {
    balance: leastConn(),
    check: HealthCheck.http({ path: '/healthz', interval: '2s', rise: 2, fall: 3 }),
    servers: [new Server('api1', '10.0.1.1:80'), new Server('api2', '10.0.1.2:80', { weight: 2, maxConnections: 200 })],
  })
  const web = new Backend('web', { servers: [new Server('web1', '10.0.0.1:80')] })
  const clients = new StickTable('clients', {
    key: 'ip',
    size: 100_000,
    expire: '10m',
    store: { requests: rate('10s') },
  })
  const internal = new Acl('internal', src.in('10.0.0.0/8', 'fd00::/8'))
  const isApi = new Acl('is_api', any(host.is('api.example.com'), path.startsWith('/api/')))
  const signedIn = rule('signed-in', async ({ request }) => {
    if (!(await verify(request.headers.get('authorization')))) return respond(401)
  })
  return new Frontend('edge', {
    bind: ':8080',
    httpRequest: [
      track(clients, src),
      deny(429).if(clients.lookup('requests', src).gt(100)).unless(internal),
      signedIn.if(isApi),
      setHeader('x-forwarded-proto', 'https'),
    ],
    routes: [useBackend(api).if(isApi)],
    defaultBackend: web,
  })
}
