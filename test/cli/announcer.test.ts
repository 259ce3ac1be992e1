import t from 'tap'
import { RuntimeApi } from '../../lib/admin/index.js'
import { Announcer } from '../../lib/cli/announcer.js'
import { Report } from '../../lib/cli/report.js'
import { parseConfig } from '../../lib/config/index.js'
import type { Backend, Logger } from '../../lib/index.js'
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

const orders = `defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
  timeout queue 60s
frontend web
  bind :8080
  default_backend app
backend app
  option redispatch
  cookie SRV insert indirect
  server s1 10.0.0.1:80 maxconn 1 cookie s1 check inter 1h agent-check agent-port 99 agent-inter 1h
  server s2 10.0.0.2:80 maxconn 1 cookie s2
backend follows
  server t 10.0.0.3:80 track app/s1
  server b 10.0.0.4:80 backup
`

t.test(
  'orders of the runtime API are told of in whole lines of HAProxy, with those who follow and those who wait',
  async (t) => {
    const told: string[] = []
    const config = parseConfig(orders)
    const logger: Logger = { transaction: () => {}, notice: (level, line) => void told.push(`${level}: ${line}`) }
    const finish: (() => void)[] = []
    const busy = () => new Promise<ReturnType<typeof reply>>((resolve) => finish.push(() => resolve(reply(200))))
    const lb = inMemory(config, { s1: busy, s2: busy })
    const loggers = new Map(['app', 'follows'].map((name) => [name, [logger]]))
    new Announcer(Object.assign(config, { changeLoggers: loggers }), new Report(() => {})).follow(
      lb.balancer,
      undefined,
    )
    await lb.clock.advance('1s')
    told.length = 0
    const api = new RuntimeApi(lb.balancer)
    const lines = async (...commands: string[]): Promise<readonly string[]> => {
      for (const command of commands) t.equal((await api.execute(command)).trim(), '')
      return told.splice(0)
    }
    const left = '0 sessions active, 0 requeued, 0 remaining in queue.'
    const online = '0 sessions requeued, 0 total in queue.'
    t.same(await lines('set server app/s1 health down'), [
      `alert: Server app/s1 is DOWN, changed from CLI. 1 active and 0 backup servers left. ${left}`,
      `alert: Server follows/t is DOWN via app/s1. 0 active and 1 backup servers left. Running on backup. ${left}`,
    ])
    t.same(await lines('set server app/s1 health up'), [
      `notice: Server app/s1 is UP, changed from CLI. 2 active and 0 backup servers online. ${online}`,
      `notice: Server follows/t is UP via app/s1. 1 active and 1 backup servers online. ${online}`,
    ])
    t.same(await lines('set server app/s1 health stopping', 'set server app/s1 health up'), [
      `notice: Server app/s1 is stopping, changed from CLI. 1 active and 0 backup servers online. ${online}`,
      `notice: Server follows/t is stopping via app/s1. 0 active and 1 backup servers online. Running on backup. ${online}`,
      `notice: Server app/s1 is UP, changed from CLI. 2 active and 0 backup servers online. ${online}`,
      `notice: Server follows/t is UP via app/s1. 1 active and 1 backup servers online. ${online}`,
    ])
    t.same(
      (await lines('set server app/s1 agent down', 'set server app/s1 agent up')).filter(
        (line) => !line.includes('via'),
      ),
      [
        `alert: Server app/s1 is DOWN, changed from CLI. 1 active and 0 backup servers left. ${left}`,
        `notice: Server app/s1 is UP, changed from CLI. 2 active and 0 backup servers online. ${online}`,
      ],
    )
    t.same(await lines('set server follows/b health down', 'set server follows/b health up'), [
      `alert: Backup Server follows/b is DOWN, changed from CLI. 1 active and 0 backup servers left. ${left}`,
      `notice: Backup Server follows/b is UP, changed from CLI. 1 active and 1 backup servers online. ${online}`,
    ])
    t.same(await lines('disable server app/s2', 'enable server app/s2'), [
      `alert: Server app/s2 is going DOWN for maintenance. 1 active and 0 backup servers left. ${left}`,
      'notice: Server app/s2 is UP/READY (leaving forced maintenance).',
    ])
    t.same(
      await lines(
        'set weight app/s2 0',
        'set weight app/s2 1',
        'disable health app/s1',
        'enable health app/s1',
        'disable agent app/s1',
      ),
      [],
      'nothing of weights, nor of checks that are suspended',
    )
    const come = (cookie?: string) =>
      lb.inject('/', cookie === undefined ? {} : { headers: { cookie: `SRV=${cookie}` } })
    const answers = [come('s1'), come('s2'), come(), come('s1'), come('s1')]
    const app = lb.balancer.backends.find(({ name }) => name === 'app') as Backend
    const waiting = (): number => app.servers.reduce((sum, { queued }) => sum + queued, app.queue.length)
    for (let turns = 0; waiting() !== 3 && turns < 100; turns++) await lb.clock.advance(1)
    t.equal(waiting(), 3)
    t.same(
      (await lines('set server app/s1 state maint'))[0],
      'alert: Server app/s1 is going DOWN for maintenance. 1 active and 0 backup servers left. 1 sessions active, 2 requeued, 0 remaining in queue.',
    )
    const done: Promise<unknown> = Promise.all(answers)
    let over = false
    void done.then(() => {
      over = true
    })
    for (let turns = 0; !over && turns < 200; turns++) {
      for (const each of finish.splice(0)) each()
      await lb.clock.advance(1)
    }
    t.same(
      (await Promise.all(answers)).map(
        ({ record }) => `${record?.server} ${record?.serverQueue}/${record?.backendQueue}`,
      ),
      ['s1 0/0', 's2 0/0', 's2 0/1', 's2 1/2', 's2 1/3'],
      'each of those who were sent away was the first in its queue',
    )
    await lb.stop()
  },
)
