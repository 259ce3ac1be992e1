import { Backend, Balancer, Frontend, HealthCheck, path, Server, useBackend } from 'fairlead'

const { PORT = '8080' } = process.env
const web = new Backend('web', {
  check: HealthCheck.http({ path: '/healthz', interval: '2s' }),
  servers: [new Server('web1', '127.0.0.1:8001'), new Server('web2', '127.0.0.1:8002')],
})
const api = new Backend('api', { servers: [new Server('api1', '127.0.0.1:8003')] })
const edge = new Frontend('edge', {
  bind: `127.0.0.1:${PORT}`,
  routes: [useBackend(api).if(path.startsWith('/api/'))],
  defaultBackend: web,
})
const balancer = new Balancer({ frontends: [edge] })
balancer.on('health', ({ server, up, reason }) => console.log(server.name, up ? 'UP' : 'DOWN', reason))
await balancer.start()
console.log('listening on port', edge.address().port)
