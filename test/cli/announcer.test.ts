import t from 'tap'
import { Announcer } from '../../lib/cli/announcer.js'
import { Report } from '../../lib/cli/report.js'
import { parseConfig } from '../../lib/config/index.js'
import type { Logger } from '../../lib/index.js'
import { inMemory, reply } from '../../lib/testing/index.js'

const text = `defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend web
  bind :8080
  default_backend app
backend app
  option checkcache
  server s1 10.0.0.1:80
`

t.test('the log of a backend tells of each response with a cookie that was refused, stderr does not', async (t) => {
  const told: string[] = []
  const said: string[] = []
  const config = parseConfig(text)
  const logger: Logger = { transaction: () => {}, notice: (level, line) => void told.push(`${level}: ${line}`) }
  const lb = inMemory(config, {
    s1: ({ request }) => reply(200, 'x', { etag: 'x', ...(request.target === '/kept' ? {} : { 'set-cookie': 'a=1' }) }),
  })
  const report = new Report((line) => said.push(line))
  new Announcer(Object.assign(config, { changeLoggers: new Map([['app', [logger]]]) }), report).follow(
    lb.balancer,
    undefined,
  )
  t.equal((await lb.inject('/kept')).status, 200)
  t.same(told, [])
  const { status, record } = await lb.inject('/')
  t.equal(status, 502)
  t.match(record, { termination: 'PH', code: 'ERR_PROXY_RESPONSE_CACHEABLE' })
  t.same(told, ['alert: Blocking cacheable cookie in response from instance app, server s1.'])
  t.same(said, [])
  const { frontends, backends } = lb.balancer.stats()
  t.match([frontends['web'], backends['app']], [{ deniedResponses: 1 }, { deniedResponses: 1 }])
  await lb.stop()
})
