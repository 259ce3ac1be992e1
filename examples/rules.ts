import {
  Acl,
  all,
  any,
  Backend,
  deny,
  Frontend,
  format,
  fullHeader,
  header,
  host,
  map,
  method,
  not,
  path,
  patterns,
  redirect,
  respond,
  rule,
  Server,
  sample,
  service,
  setHeader,
  setPath,
  setVar,
  src,
  transformRequestBody,
  useBackend,
  useService,
  variable,
} from 'fairlead'

/** What the rules below look things up in; it can be changed while traffic runs. */
export const backends = map([
  ['api.example.com', 'api'],
  ['shop.example.com', 'shop'],
])
export const blocked = patterns(['198.51.100.0/24', '2001:db8:bad::/48'])

/** A named condition, made of others. */
const internal = new Acl('internal', src.in('10.0.0.0/8', 'fd00::/8'))
const isWrite = new Acl('is_write', method.is('POST', 'PUT', 'PATCH', 'DELETE'))
const isApi = any(host.lower().is('api.example.com'), path.startsWith('/api/'))

/** Converters are methods, and what they give decides what can be asked of it. */
const firstProxy = fullHeader('x-forwarded-for').field(1, ',')
const clientAge = header('x-client-version').field(1, '.').toInteger()

/** A question of one's own. */
const tenant = sample('tenant', 'str', ['request'], ({ request }) => /^\/t\/([\w-]+)\//.exec(request.path ?? '')?.[1])

/** A decision that takes time: it may wait for whatever it likes, but not for long. */
const signedIn = (verify: (token: string | undefined) => Promise<string | undefined>) =>
  rule(
    'signed-in',
    async ({ request, variables }) => {
      const user = await verify(request.headers.get('authorization'))
      if (user === undefined) return respond(401, { body: 'who are you?' })
      variables.set('txn.user', user)
    },
    { timeout: '500ms' },
  )

/** A decision that needs the body: at most 64 kB of it. */
const soundJson = rule('sound-json', async ({ readBody }) => {
  try {
    JSON.parse((await readBody(65_536)).toString())
  } catch {
    return respond(400, { body: 'that is no JSON' })
  }
})

/** An answer of this process, in place of a server's. */
const hello = service('hello', (request) => new Response(`hello ${new URL(request.url).searchParams.get('name')}`))

export function shop(verify: (token: string | undefined) => Promise<string | undefined>) {
  const api = new Backend('api', { servers: [new Server('api1', '10.0.1.1:80')] })
  const web = new Backend('shop', { servers: [new Server('web1', '10.0.2.1:80')] })
  const old = new Backend('old', { servers: [new Server('old1', '10.0.3.1:80')] })
  return new Frontend('edge', {
    bind: ':8080',
    httpRequest: [
      deny().if(blocked.matches(src)),
      redirect({ scheme: 'https', code: 301 }).if(all(header('upgrade-insecure-requests').is('1'), not(internal))),
      useService(hello).if(path.is('/hello')),
      signedIn(verify).if(isApi),
      soundJson.if(all(isWrite, header('content-type').startsWith('application/json'))),
      transformRequestBody(() => new DecompressionStream('gzip')).if(header('content-encoding').is('gzip')),
      setVar('txn.tenant', tenant),
      setHeader('x-tenant', variable('txn.tenant', { default: 'nobody' })),
      setHeader('x-client', format`${src} of ${firstProxy} as ${variable('txn.user')}`),
      setPath(format`/v1${path}`).if(clientAge.lt(2)),
    ],
    httpResponse: [setHeader('x-backend', backends.lookup(host.lower(), { default: 'none' }))],
    routes: [useBackend(old).if(clientAge.is(0)), useBackend(format`${backends.lookup(host.lower())}`, [api, web])],
    defaultBackend: web,
  })
}
