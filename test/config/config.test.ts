// biome-ignore-all lint/suspicious/noTemplateCurlyInString: environment variables of a haproxy.cfg
import { join } from 'node:path'
import t from 'tap'
import { Balancer } from '../../lib/balancer.js'
import { ConfigError, describe, loadConfig, parseConfig } from '../../lib/config/index.js'
import type { Decision } from '../../lib/proxy/decision.js'
import type { Frontend } from '../../lib/proxy/frontend.js'
import { connection, type RequestInit, request } from '../../lib/testing/request.js'

const defaults = `
defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
`

const backends = (...names: readonly string[]): string =>
  names.map((name) => `backend ${name}\n  server s 127.0.0.1:81\n`).join('')

/** What becomes of a request, in a word: the backend, or the status. */
async function outcome(frontend: Frontend, path: string, init: RequestInit = {}): Promise<string> {
  return word(await frontend.route(request(path, init)))
}

function word(decision: Decision): string {
  if (decision.kind === 'forward') return decision.backend.name
  return decision.kind === 'respond' ? String(decision.response.status) : decision.kind
}

function faults(text: string): readonly string[] {
  try {
    parseConfig(text, { name: 'x.cfg' })
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.diagnostics.map(describe)
    throw error
  }
}

t.test('routes are tried in the order of the file, and an explanation says so', async (t) => {
  const config = parseConfig(`${defaults}
frontend http_front
bind *:80
acl is_api path_beg /api/
acl is_admin path_beg /admin/
acl is_websocket hdr(Upgrade) -i websocket
acl is_post method POST
acl from_internal src 10.0.0.0/8 192.168.0.0/16
use_backend api_servers if is_api
use_backend admin_servers if is_admin from_internal # AND logic
use_backend ws_servers if is_websocket
use_backend upload_servers if is_api is_post
default_backend web_servers
${backends('api_servers', 'admin_servers', 'ws_servers', 'upload_servers', 'web_servers')}`)
  const edge = config.frontend('http_front')
  t.equal(await outcome(edge, '/api/x', { method: 'POST' }), 'api_servers', 'the uploads rule is never reached')
  t.equal(await outcome(edge, '/admin/', { src: '10.1.2.3' }), 'admin_servers')
  t.equal(await outcome(edge, '/admin/', { src: '203.0.113.7' }), 'web_servers')
  t.equal(await outcome(edge, '/chat', { headers: { upgrade: 'WebSocket' } }), 'ws_servers')
  const { explanation = [] } = await edge.route(request('/api/x', { method: 'POST' }), { explain: true })
  t.equal(explanation.length, 1)
  t.match(explanation[0], {
    where: 'haproxy.cfg:15',
    applied: true,
    saw: [{ condition: 'path -m beg /api/' }, { condition: 'is_api' }],
  })
})

t.test('hosts and user agents are compared without regard to case where -i asks for it', async (t) => {
  const config = parseConfig(`${defaults}
frontend f
  bind :80
  acl host_blog hdr(Host) -i blog.example.com
  acl is_mobile hdr_sub(User-Agent) -i mobile android iphone
  acl exact hdr(X-Exact) Yes
  use_backend blog if host_blog
  use_backend mobile if is_mobile
  use_backend exact if exact or { path_end .PNG .jpg }
  default_backend web
${backends('blog', 'mobile', 'exact', 'web')}`)
  const f = config.frontend('f')
  t.equal(await outcome(f, '/', { headers: { host: 'Blog.Example.COM' } }), 'blog')
  t.equal(await outcome(f, '/', { headers: { 'user-agent': 'X (ANDROID; 14)' } }), 'mobile')
  t.equal(await outcome(f, '/', { headers: { 'x-exact': 'yes' } }), 'web')
  t.equal(await outcome(f, '/', { headers: { 'x-exact': 'Yes' } }), 'exact')
  t.equal(await outcome(f, '/a.jpg'), 'exact')
})

t.test('the lines of one ACL may stand anywhere in its section', async (t) => {
  const config = parseConfig(`${defaults}
frontend f
  bind :80
  acl x path /a
  use_backend b if x
  acl x path /b
${backends('b')}`)
  t.equal(await outcome(config.frontend('f'), '/b'), 'b')
  t.equal(await outcome(config.frontend('f'), '/c'), 'nowhere')
})

t.test('a client that asks too often is refused, and let in again later', async (t) => {
  const config = parseConfig(`${defaults}
frontend f
  bind :80
  stick-table type ip size 100k expire 30s store http_req_rate(10s)
  http-request track-sc0 src
  http-request deny deny_status 429 if { sc_http_req_rate(0) gt 3 }
  default_backend b
${backends('b')}`)
  const f = config.frontend('f')
  const answers: string[] = []
  for (let count = 0; count < 5; count++) answers.push(await outcome(f, '/', { at: count }))
  t.same(answers, ['b', 'b', 'b', '429', '429'])
  t.equal(await outcome(f, '/', { src: '203.0.113.9', at: 5 }), 'b', 'another client')
  t.match(config.table('f').get('203.0.113.9'), { values: { http_req_rate: 1 } })
  t.equal(await outcome(f, '/', { at: '40s' }), 'b', 'later')
})

t.test('rules change requests and answer them', async (t) => {
  const config = parseConfig(`${defaults}
frontend f
  bind :80
  http-request return status 200 content-type text/plain lf-string "hi %[src]" if { path /hi }
  http-request redirect scheme https code 301 if { hdr(host) old.example.com }
  http-request set-header X-Client "%ci 100%% %[path]"
  http-request set-path /v1%[path] unless { path_beg /v1 }
  http-request deny if { path_beg /v1/admin } !{ src 10.0.0.0/8 }
  default_backend b
${backends('b')}`)
  const f = config.frontend('f')
  t.match(await f.route(request('/hi', { src: '192.0.2.7' })), { kind: 'respond', body: 'hi 192.0.2.7' })
  t.match(await f.route(request('/x?y', { headers: { host: 'old.example.com' } })), {
    kind: 'respond',
    response: { status: 301 },
  })
  t.equal(await outcome(f, '/admin'), '403')
  const context = request('/a?b=1', { src: '10.0.0.1' })
  await f.route(context)
  t.equal(context.request.target, '/v1/a?b=1')
  t.equal(context.request.headers.get('x-client'), '10.0.0.1 100% /a')
})

t.test("a listen's rules run once, for its own clients and for those of other frontends", async (t) => {
  const config = parseConfig(`${defaults}
listen own
  bind :80
  http-request add-header X-Seen own
  server s 127.0.0.1:81
frontend other
  bind :82
  default_backend own
`)
  for (const name of ['own', 'other']) {
    const context = request('/', { frontend: name })
    t.match(await config.frontend(name).route(context), { kind: 'forward' })
    t.match(await config.backend('own').route(context), { kind: 'forward' })
    t.same(context.request.headers.getAll('x-seen'), ['own'], name)
  }
})

t.test('connections are judged before anything is read, and content while it comes', async (t) => {
  const config = parseConfig(`
defaults
  mode tcp
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend f
  bind :80
  tcp-request connection reject if { src 203.0.113.0/24 }
  tcp-request inspect-delay 5s
  tcp-request content accept if { req.payload(0,3) -m bin 474554 }
  tcp-request content reject if { req.len gt 2 }
  default_backend b
${backends('b')}`)
  const f = config.frontend('f')
  t.match(await f.admit(connection({ src: '203.0.113.7' })), { kind: 'reject' })
  t.equal(await f.admit(connection({ src: '192.0.2.7' })), undefined)
  t.equal(word(await f.route(connection({ bytes: 'GE' }))), 'wait')
  t.equal(word(await f.route(connection({ bytes: 'GET /' }))), 'b')
  t.equal(word(await f.route(connection({ bytes: 'PUT /' }))), 'reject')
})

t.test(
  'several files count in their order, each begins a section of its own, and all faults come at once',
  async (t) => {
    const folder = t.testdir({
      '1.cfg': 'defaults\n  mode http\n  timeout client 5s\n  timeout connect 5s\n  timeout server 5s\n  modes\n',
      'conf.d': {
        'b.cfg': 'backend back\n  server s 127.0.0.1:81 wieght 2',
        'a.cfg': 'frontend f\r\n  bind :80\r\n  default_backend bakc\r\n',
      },
      '3.cfg': 'timeout client 5s\n',
    })
    const files = ['1.cfg', 'conf.d', '3.cfg', 'none.cfg'].map((name) => join(folder, name))
    const error = await loadConfig(files).then(
      () => undefined,
      (error: unknown) => error,
    )
    if (!(error instanceof ConfigError)) return t.fail('it loads')
    t.same(
      error.diagnostics.map((one) => describe(one).replaceAll(`${folder}/`, '')),
      [
        "1.cfg:6: unknown keyword 'modes' in 'defaults' section; did you mean 'mode' maybe ?",
        "conf.d/a.cfg:3: Proxy 'f': unable to find required default_backend: 'bakc'; did you mean 'back' maybe ?",
        "conf.d/b.cfg:2: 'server back/s' : unknown keyword 'wieght'; did you mean 'weight' maybe ?",
        "3.cfg:1: unknown keyword 'timeout' out of section; begin with a section such as global, defaults, frontend, backend or listen",
        'Cannot open configuration file/directory none.cfg : No such file or directory',
      ],
    )
    t.match(error.message, /1\.cfg:6: .*\n.*a\.cfg:3: /)
  },
)

t.test('pattern files are read; default-path says where from', async (t) => {
  const folder = t.testdir({
    'bad.lst': '# comment\n\n  203.0.113.0/24\n192.0.2.9\n',
    'names.lst': 'Exact\n#x\n',
    'x.cfg': `global\n  default-path config\n${defaults}frontend f\n  bind :80\n  http-request deny if { src -f bad.lst }\n  http-request deny deny_status 404 if { hdr(x) -m str -f names.lst -i other }\n`,
  })
  const f = (await loadConfig(join(folder, 'x.cfg'))).frontend('f')
  t.equal(await outcome(f, '/', { src: '203.0.113.200' }), '403')
  t.equal(await outcome(f, '/', { src: '192.0.2.10' }), 'nowhere')
  t.equal(await outcome(f, '/', { headers: { x: 'OTHER' } }), '404')
  t.equal(await outcome(f, '/', { headers: { x: 'EXACT' } }), 'nowhere', '-i counts for what follows it')
  t.equal(await outcome(f, '/', { headers: { x: 'Exact' } }), '404')
})

t.test('a missing pattern file is named', async (t) => {
  t.same(faults(`${defaults}frontend f\n  bind :80\n  acl a src -f /nonexistent/list\n`), [
    "x.cfg:9: error detected while parsing ACL 'a' : failed to open pattern file </nonexistent/list>: No such file or directory; make it, even empty; '-f opt@/nonexistent/list' takes one that may be missing",
  ])
})

t.test('files know the version and the names of the files', async (t) => {
  const config = parseConfig(
    'global\n  description "${HAPROXY_BRANCH} ${HAPROXY_STARTUP_VERSION} ${HAPROXY_CFGFILES}"\n',
    { name: 'x.cfg' },
  )
  t.equal(config.global.description, '3.5 3.5.0 x.cfg')
})

t.test('the process stays as it was', async (t) => {
  parseConfig('global\n  setenv FAIRLEAD_TEST_VARIABLE x\n  unsetenv PATH\n')
  const { FAIRLEAD_TEST_VARIABLE, PATH } = process.env
  t.equal(FAIRLEAD_TEST_VARIABLE, undefined)
  t.type(PATH, 'string')
})

t.test('a configuration is what a balancer takes; its objects can be changed before', async (t) => {
  const config = parseConfig(
    `global\n  maxconn 10\n  tune.bufsize 8k\n${defaults}frontend f\n  bind :80\n  default_backend b\n${backends('b')}`,
  )
  t.match(config, { maxConnections: 10, bufferSize: 8192 })
  const balancer = new Balancer(config)
  t.same(
    balancer.backends.map(({ name }) => name),
    ['b'],
  )
  t.throws(() => config.frontend('g'), { message: "the configuration has no frontend 'g'; it has 'f'" })
  t.throws(() => config.backend('__proto__'), { message: /no backend '__proto__'/ })
  t.throws(() => config.table('f'), { message: "the configuration has no table 'f'; it has none" })
})

t.test('names like __proto__ are names like others', async (t) => {
  const config = parseConfig(`${defaults}
frontend constructor
  bind :80
  acl __proto__ path /x
  use_backend toString if __proto__
${backends('toString')}`)
  t.equal(await outcome(config.frontend('constructor'), '/x'), 'toString')
  t.same(faults(`${defaults}frontend f\n  bind :80\n  acl constructor\n  option __proto__\n`).length, 2)
})

t.test('bytes beyond ASCII reach rules as they stand in the file, and messages as text', async (t) => {
  const config = parseConfig(
    `${defaults}frontend f\n  bind :80\n  http-request set-header x é\n  http-request deny if { hdr(y) é }\n`,
  )
  const context = request('/')
  await config.frontend('f').route(context)
  t.equal(context.request.headers.get('x'), '\xc3\xa9')
  t.equal(await outcome(config.frontend('f'), '/', { headers: { y: '\xc3\xa9' } }), '403')
  t.match(faults('global\n  é\n')[0], "x.cfg:2: unknown keyword 'é'")
})

t.test('a backend that says nothing of redispatch keeps to a server only where a key decides', async (t) => {
  const redispatch = (lines: string): number | undefined =>
    parseConfig(
      `defaults\n timeout connect 1s\n timeout client 1s\n timeout server 1s\nbackend b\n mode http\n${lines} server s 127.0.0.1:1\n`,
    ).backend('b')?.redispatch
  t.equal(redispatch(''), -1)
  t.equal(redispatch(' balance leastconn\n'), -1)
  t.equal(redispatch(' balance source\n'), 0)
  t.equal(redispatch(' no option redispatch\n'), 0)
  t.equal(redispatch(' balance source\n option redispatch\n'), -1)
  t.equal(redispatch(' option redispatch 2\n'), 2)
})

t.test('close-spread-time: a time, or never', async (t) => {
  for (const [word, spread] of [
    ['10s', 10_000],
    ['250', 250],
    ['infinite', Number.POSITIVE_INFINITY],
  ] as const)
    t.equal(parseConfig(`global\n  close-spread-time ${word}\n`).global.closeSpread, spread)
  for (const [word, message] of [
    ['x', /unexpected character 'x'/],
    ['', /'close-spread-time' expects a time/],
  ] as const)
    t.throws(() => parseConfig(`global\n  close-spread-time ${word}\n`), { message })
})
