import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { explain as explainCommand } from '../../lib/cli/explain.js'
import { ExplainFault, readExplain } from '../../lib/cli/explain-arguments.js'
import { Report } from '../../lib/cli/report.js'
import type { ExplanationData } from '../../lib/index.js'
import { run } from './command.js'

const folder = mkdtempSync(join(tmpdir(), 'fairlead-explain-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
const config = join(folder, 'haproxy.cfg')
writeFileSync(
  config,
  `defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend edge
  bind :80
  bind :443
  option forwardfor
  acl is_api path_beg /api/
  http-request set-header x-client %[src]
  http-request deny deny_status 429 if { req.hdr(user-agent) -i -m sub bot }
  http-request del-header cookie if is_api
  use_backend api if is_api
  default_backend web
  http-response set-header x-frame-options deny
frontend other
  bind :8080
  http-request redirect scheme https
backend api
  http-request set-path /v1%[path]
  server a1 10.0.0.1:80
  server a2 10.0.0.2:80 disabled
backend web
  server w1 10.0.0.3:80
`,
)

/** In this process: a command of its own takes its time. */
async function explain(...words: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', '']
  const report = new Report((text) => {
    stderr += text
  })
  const code = await explainCommand(words, report, (text) => {
    stdout += text
  })
  return { code, stdout, stderr }
}

const about = (...words: readonly string[]) => explain('-f', config, ...words)

t.test('the life of a request, from top to bottom', async (t) => {
  const told = await run(
    'explain',
    ...['-f', config],
    'GET',
    'https://api.example.com/api/x?y=1',
    ...['-H', 'User-Agent: mobile', '-H', 'Cookie: a=b', '--src', '10.1.2.3', '--at', '2026-11-21T08:00:00Z'],
    ...['--response', '404 Gone Fishing', '--response-header', 'server: x'],
  )
  t.equal(
    told.stdout.replaceAll(folder, ''),
    `request from 10.1.2.3:40000 to 127.0.0.1:443 at 2026-11-21T08:00:00.000Z
  GET /api/x?y=1 HTTP/1.1
  host: api.example.com
  User-Agent: mobile
  Cookie: a=b

frontend edge (mode http): it listens at :80, :443
  http-request
    /haproxy.cfg:11  set-header x-client %[src]
      = request header x-client: "10.1.2.3"
    /haproxy.cfg:12  deny deny_status 429 if req.hdr(user-agent) -i -m sub bot
      ? req.hdr(user-agent) -i -m sub bot saw "mobile": no
      - not applied
    /haproxy.cfg:13  del-header cookie if is_api
      ? path -m beg /api/ saw "/api/x": yes
      ? is_api: yes
      = request header cookie removed (was "a=b")
  use_backend
    /haproxy.cfg:14  use_backend api if is_api
      ? path -m beg /api/ saw "/api/x": yes
      ? is_api: yes
      > forward

backend api
  http-request
    /haproxy.cfg:21  set-path /v1%[path]
      = request target: "/v1/api/x?y=1" (was "/api/x?y=1")

goes to backend api (mode http)
server a1 at 10.0.0.1:80: the only one in rotation
  not a2: in maintenance

the server gets
  GET /v1/api/x?y=1 HTTP/1.1
  host: api.example.com
  user-agent: mobile
  x-client: 10.1.2.3
  x-forwarded-for: 10.1.2.3

on the way back

frontend edge
  http-response
    /haproxy.cfg:16  set-header x-frame-options deny
      = response header x-frame-options: "deny"

the client gets (--)
  HTTP/1.1 404 Gone Fishing
  server: x
  x-frame-options: deny
`,
  )
  t.match(told, { code: 0, stderr: '' })
})

t.test('the same as data', async (t) => {
  const told = await about('http://example.com/', '-H', 'user-agent: a Bot', '--json', '--src-port', '1234')
  const data = JSON.parse(told.stdout) as ExplanationData
  t.match(data, {
    client: { address: '127.0.0.1', port: 1234 },
    request: { method: 'GET', target: '/' },
    frontend: { name: 'edge' },
    verdict: 'answer',
    answer: { status: 429, termination: 'PR' },
  })
  t.match(data.steps[1], { saw: [{ saw: 'a Bot', answer: true }], applied: true, said: 'respond 429', where: /:12$/ })
  const body = join(folder, 'body')
  writeFileSync(body, 'abc')
  const posted = JSON.parse(
    (await about('http://example.com/', '--data-file', body, '--json')).stdout,
  ) as ExplanationData
  t.match(posted, { request: { method: 'POST', bodyLength: 3 }, sent: { bodyLength: 3 }, server: { name: 'w1' } })
})

t.test('what cannot be explained is told, and the exit status is 1', async (t) => {
  t.match(await about('/x'), {
    code: 1,
    stdout: '',
    stderr: /ALERT.*say which frontend: there are 'edge' \(:80, :443\), 'other' \(:8080\)/,
  })
  t.match(await about('/x', '--frontend', 'other'), { code: 0, stdout: /location: https:\/\// })
  t.match(await about('http://x/', '--data-file', join(folder, 'absent')), { code: 1, stderr: /ALERT.*ENOENT/ })
  t.match(await about('http://x/', '--src', 'me'), { code: 1, stderr: /ALERT.*'me' is not an IP address/ })
  t.match(await explain('-f', join(folder, 'absent.cfg'), '/'), { code: 1, stderr: /absent\.cfg/ })
  t.match(await explain(), { code: 1, stderr: /ALERT.*no configuration[\s\S]*Usage : fairlead explain/ })
})

t.test('the words of the command line', async (t) => {
  const read = (...words: readonly string[]) => readExplain(['-f', 'a', ...words])
  t.match(read('/x'), { files: ['a'], url: '/x', json: false, inquiry: { method: 'GET', headers: [] } })
  t.match(read('-f', 'b', 'PURGE', '*'), { files: ['a', 'b'], url: '*', inquiry: { method: 'PURGE' } })
  t.match(read('/x', '--data', 'é').inquiry, { method: 'POST', body: Buffer.from('é') })
  t.match(read('/é', '-H', 'A:  é ').inquiry, { headers: [['A', 'Ã©']] })
  t.match(read('/', '--at', '86400', '--http', '1.0', '--dst', '::1', '--dst-port', '81').inquiry, {
    at: 86_400_000,
    version: '1.0',
    dst: '::1',
    dstPort: 81,
  })
  t.match(read('/', '--response', '200').inquiry, { response: { status: 200, headers: [] } })
  for (const [words, message] of [
    [['-f'], /'-f' expects an argument/],
    [['/', '-H', 'x'], /'-H' expects 'Name: value'/],
    [['/', '--src-port', '70000'], /expects a port/],
    [['/', '--at', 'soon'], /expects a time/],
    [['/', '--http', '2'], /expects 1.0 or 1.1/],
    [['/', '--response', 'ok'], /expects a status/],
    [['/', '--response-header', 'a: b'], /needs '--response'/],
    [['/', '--nope'], /unknown option '--nope'/],
    [['GET', '/', '/y'], /one word too many/],
    [['GET'], /no URL/],
  ] as const)
    t.throws(() => read(...words), { name: 'ExplainFault', message }, words.join(' '))
  t.throws(() => readExplain(['/']), ExplainFault)
})
