/** The examples run as they stand, and what README and docs show is what they hold. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { type Outcome, outcomes } from '../lib/base/errors.js'
import { loadConfig } from '../lib/config/index.js'
import { proxyKeywords } from '../lib/config/keywords/index.js'
import { Balancer, deny, header } from '../lib/index.js'
import { inMemory, reply, request } from '../lib/testing/index.js'

const root = process.cwd()

interface Run {
  readonly child: ChildProcess
  readonly output: () => string
  readonly said: (what: RegExp) => Promise<RegExpExecArray>
  readonly ended: Promise<unknown[]>
}

function run(t: { teardown(fn: () => unknown): void }, script: string, environment: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [script], { cwd: root, env: { ...process.env, ...environment } })
  const ended = once(child, 'exit')
  t.teardown(() => child.kill('SIGKILL'))
  let output = ''
  let look = (): void => {}
  const hear = (chunk: Buffer): void => {
    output += chunk.toString()
    look()
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  const said = (what: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      look = () => {
        const found = what.exec(output)
        if (found !== null) resolve(found)
      }
      look()
      void ended.then(() => reject(new Error(`it ended before it said ${what}: ${output}`)))
    })
  return { child, output: () => output, said, ended }
}

/** A port that was free a moment ago: a haproxy.cfg names its ports. */
async function freePort(): Promise<string> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return String(port)
}

t.test('the demo: round robin, routing, a server that fails and recovers, and a clean end', async (t) => {
  const demo = run(t, 'examples/demo/demo.js', { PORT: await freePort() })
  const [, place] = await demo.said(/listens on http:\/\/(127\.0\.0\.1:\d+)/)
  const ask = async (path: string): Promise<string> => (await fetch(`http://${place}${path}`)).text()
  const six: string[] = []
  for (let count = 0; count < 6; count++) six.push((await ask('/')).slice(0, 5))
  t.same(six, ['site1', 'site2', 'site3', 'site1', 'site2', 'site3'])
  const api = await fetch(`http://${place}/api/users`)
  t.equal(api.headers.get('x-served-by'), 'api')
  t.equal((await api.text()).trim(), 'api1 answers /api/users')
  const denied = await fetch(`http://${place}/private`)
  t.equal(denied.status, 403)
  await denied.text()
  const [, second] = await demo.said(/curl -s (127\.0\.0\.1:\d+)\/fail/)
  await (await fetch(`http://${second}/fail`)).text()
  await demo.said(/site2 is DOWN \(L7STS\/503\)/)
  const rest = new Set<string>()
  for (let count = 0; count < 4; count++) rest.add((await ask('/')).slice(0, 5))
  t.same([...rest].sort(), ['site1', 'site3'])
  await (await fetch(`http://${second}/recover`)).text()
  await demo.said(/site2 is UP/)
  demo.child.kill('SIGINT')
  t.same(await demo.ended, [0, null])
})

t.test('the demo says so when its port is busy', async (t) => {
  const blocker = createServer()
  blocker.listen(0, '127.0.0.1')
  await once(blocker, 'listening')
  t.teardown(() => blocker.close())
  const { port } = blocker.address() as AddressInfo
  const demo = run(t, 'examples/demo/demo.js', { PORT: String(port) })
  t.same(await demo.ended, [1, null])
  t.match(demo.output(), new RegExp(`127\\.0\\.0\\.1:${port}' is in use.*\n.*PORT=`))
  t.notMatch(demo.output(), /at .*\.js:\d+/, 'no stack')
})

t.test('the balancer of ten lines', async (t) => {
  const embed = run(t, '.build/examples/embed.js', { PORT: '0' })
  const [, port] = await embed.said(/listening on port (\d+)/)
  await embed.said(/web1 DOWN L4CON/)
  t.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 503)
})

for (const name of ['routing', 'rules'])
  t.test(`the sample test of ${name} passes`, async (t) => {
    const sample = run(t, `.build/examples/${name}.test.js`)
    t.same(await sample.ended, [0, null], sample.output())
  })

t.test('the third program of the design: a haproxy.cfg is the objects that one would have made', async (t) => {
  const environment = {
    PORT: await freePort(),
    SITE1_PORT: '1001',
    SITE2_PORT: '1002',
    SITE3_PORT: '1003',
    API1_PORT: '1004',
  }
  const config = await loadConfig('examples/demo/haproxy.cfg', { environment })
  config.frontend('web').httpRequest.prepend(deny(403).if(header('user-agent').matches(/scrapy/i)))
  t.match(await config.frontend('web').route(request('/', { headers: { 'user-agent': 'Scrapy/2' } })), {
    response: { status: 403 },
  })
  await using lb = inMemory(config, {
    site1: reply(200, 'one'),
    site2: reply(200, 'two'),
    site3: reply(200, 'three'),
    api1: ({ request }) => reply(200, request.headers.get('x-forwarded-for')),
  })
  const six: string[] = []
  for (let count = 0; count < 6; count++) six.push((await lb.inject('/')).body)
  t.same(six, ['one', 'two', 'three', 'one', 'two', 'three'])
  t.match(await lb.inject('/api/x', { src: '203.0.113.7' }), { body: '203.0.113.7', record: { backend: 'api' } })
  t.match(await lb.inject('/', { headers: { 'user-agent': 'scrapy' } }), { status: 403, record: { termination: 'PR' } })
  t.match(await lb.inject('/private'), { status: 403 })
  await lb.stop()
  const balancer = new Balancer(await loadConfig('examples/demo/haproxy.cfg', { environment }))
  await balancer.start()
  t.ok((balancer.frontend('web')?.address().port ?? 0) > 0)
  await balancer.stop()
})

const documents = ['README.md', ...readdirSync(join(root, 'docs')).map((file) => `docs/${file}`)].filter((file) =>
  file.endsWith('.md'),
)

t.test('what documents show is what the examples hold', async (t) => {
  let shown = 0
  for (const document of documents) {
    const text = readFileSync(join(root, document), 'utf8')
    for (const [, info = '', code = ''] of text.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)) {
      const [language = '', file] = info.split(' ')
      if (!['ts', 'js', 'haproxy'].includes(language)) continue
      if (file === undefined) {
        t.fail(`${document} shows ${language} that no example holds: ${code.slice(0, 60)}`)
        continue
      }
      shown++
      const source = readFileSync(join(root, file), 'utf8')
      t.ok(source.includes(code), `${document} shows a piece of ${file}`)
    }
  }
  t.ok(shown >= 5, `${shown} pieces were compared`)
})

t.test('docs/errors.md lists every outcome, and no other', async (t) => {
  const text = readFileSync(join(root, 'docs/errors.md'), 'utf8')
  const listed = text.split('\n').filter((line) => /^\| `(OK|ERR_)/.test(line))
  const rows = Object.values<Outcome>(outcomes).map(
    ({ code, termination, status, retryable }) =>
      `| \`${code}\` | ${termination} | ${status === 0 ? '—' : status} | ${retryable ? 'yes' : ''} |`,
  )
  t.same(listed, [...new Set(rows)])
})

t.test('docs/config.md says of no keyword that it works when it does not', async (t) => {
  const text = readFileSync(join(root, 'docs/config.md'), 'utf8')
  const [, list = ''] = /<!-- built -->(.*?)<!-- \/built -->/s.exec(text) ?? []
  const named = [...list.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string)
  t.ok(named.length > 40)
  t.same(
    named.filter((name) => !proxyKeywords.has(name)),
    [],
  )
})

t.test('docs/lifecycle.md names functions that are there', async (t) => {
  const text = readFileSync(join(root, 'docs/lifecycle.md'), 'utf8')
  const named = [...text.matchAll(/`(lib\/[\w/.-]+\.ts)` `(\w+)\(\)`/g)]
  t.ok(named.length > 15)
  for (const [, file = '', name = ''] of named)
    t.match(readFileSync(join(root, file), 'utf8'), new RegExp(`[\\s#]${name}[(<]`), `${file} ${name}()`)
})

t.test('links in documents lead somewhere, and scripts that they name exist', async (t) => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  for (const document of documents) {
    const text = readFileSync(join(root, document), 'utf8')
    for (const [, link = ''] of text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g))
      t.ok(existsSync(join(root, document, '..', link)), `${document} → ${link}`)
    for (const [, script = ''] of text.matchAll(/npm run ([a-z:]+)/g))
      t.ok(script in scripts, `${document}: npm run ${script}`)
    for (const [, path = ''] of text.matchAll(/`(lib\/[\w/.-]+)`/g))
      t.ok(existsSync(join(root, path)), `${document} names ${path}`)
  }
})
