/** One of several processes that count together: a balancer with a limit, a port, and somebody to ask how it goes. */
import { Balancer } from '../../../lib/balancer.js'
import { src } from '../../../lib/match/fetches/connection.js'
import { path } from '../../../lib/match/fetches/message.js'
import { Frontend } from '../../../lib/proxy/frontend.js'
import { redisStore } from '../../../lib/redis/index.js'
import { deny } from '../../../lib/rules/actions/deny.js'
import { pause } from '../../../lib/rules/actions/pause.js'
import { respond } from '../../../lib/rules/actions/respond.js'
import { track } from '../../../lib/rules/actions/track.js'
import { concurrent, counter, rate } from '../../../lib/table/field.js'
import { StickTable } from '../../../lib/table/stick-table.js'

/** What one is told at its start. */
export interface NodeSketch {
  readonly port: number
  readonly url: string
  readonly period: string
  readonly gone: string
}

/** What it answers. */
export interface NodeState {
  readonly standing: {
    readonly state: string
    readonly nodes: number
    readonly losses: number
    readonly reason: string
  }
  readonly values: Readonly<Record<'requests' | 'seen' | 'now', number>> | undefined
  readonly news: readonly string[]
}

const sketch = JSON.parse(process.argv[2] ?? '') as NodeSketch
const clients = new StickTable('clients', {
  key: 'ip',
  size: 1000,
  expire: '5m',
  store: { requests: rate(sketch.period), seen: counter(), now: concurrent() },
  shared: redisStore({ url: sketch.url, gone: sketch.gone }),
})
const balancer = new Balancer({
  tables: [clients],
  frontends: [
    new Frontend('edge', {
      bind: `127.0.0.1:${sketch.port}`,
      httpRequest: [
        track(clients, src),
        deny(429).if(clients.tracked('requests').gt(100)),
        pause('1h').if(path.is('/wait')),
        respond(200, { body: 'ok' }),
      ],
    }),
  ],
})
const news: string[] = []
balancer.on('shared', ({ what, reason }) => news.push(`${what} ${reason}`.trim()))
process.on('message', (message) => {
  if (message === 'stop') {
    void balancer.stop().then(() => process.disconnect())
    return
  }
  const { values } = clients.get('127.0.0.1', performance.now()) ?? {}
  process.send?.({ standing: clients.shared?.standing, values, news } as NodeState)
})
// Whoever asks is gone.
process.on('disconnect', () => process.exit())
await balancer.start()
process.send?.('ready')
