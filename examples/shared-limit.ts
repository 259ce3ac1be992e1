import { Balancer, concurrent, deny, Frontend, rate, respond, StickTable, src, track } from 'fairlead'
import { redisStore } from 'fairlead/redis'

/** One limit for each client over all processes that name this Redis, this namespace and a table of this name. */
export const clients = new StickTable('clients', {
  key: 'ip',
  size: '100k',
  expire: '10m',
  store: { requests: rate('10s'), now: concurrent() },
  shared: redisStore({ url: process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379', interval: '100ms' }),
})

export const edge = new Frontend('edge', {
  bind: ':8080',
  httpRequest: [
    track(clients, src),
    deny(429).if(clients.tracked('requests').gt(100)),
    deny(429).if(clients.tracked('now').gt(20)),
    respond(200, { body: 'hello\n' }),
  ],
})

export const balancer = new Balancer({ frontends: [edge], tables: [clients] })
balancer.on('shared', ({ table, what, reason }) => console.warn(`table ${table.name}: ${what}`, reason))
