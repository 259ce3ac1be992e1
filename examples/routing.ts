import {
  Backend,
  deny,
  Frontend,
  path,
  rate,
  respond,
  rule,
  Server,
  StickTable,
  src,
  track,
  useBackend,
} from 'fairlead'

/** A function, so that every test gets a site of its own. */
export function site(verify: (token: string | undefined) => Promise<boolean>) {
  const api = new Backend('api', { servers: [new Server('api1', '10.0.1.1:80'), new Server('api2', '10.0.1.2:80')] })
  const web = new Backend('web', { servers: [new Server('web1', '10.0.0.1:80')] })
  const clients = new StickTable('clients', {
    key: 'ip',
    size: 100_000,
    expire: '10m',
    store: { requests: rate('10s') },
  })
  const signedIn = rule('signed-in', async ({ request }) => {
    if (!(await verify(request.headers.get('authorization')))) return respond(401)
  })
  return new Frontend('edge', {
    bind: ':8080',
    httpRequest: [
      track(clients, src),
      deny(429).if(clients.lookup('requests', src).gt(100)),
      signedIn.if(path.startsWith('/api/')),
    ],
    routes: [useBackend(api).if(path.startsWith('/api/'))],
    defaultBackend: web,
  })
}
