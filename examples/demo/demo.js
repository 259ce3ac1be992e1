/** `npm start`: four small origin servers, and a balancer in front of them that is made from the haproxy.cfg beside this file. */
import { fileURLToPath } from 'node:url'
import { Balancer } from 'fairlead'
import { ConfigError, loadConfig } from 'fairlead/config'
import { origin } from './origin.js'

const port = process.env.PORT ?? '8080'
const file = fileURLToPath(new URL('haproxy.cfg', import.meta.url))
const origins = await Promise.all(['site1', 'site2', 'site3', 'api1'].map(origin))
const ports = origins.map(({ name, port }) => [`${name.toUpperCase()}_PORT`, String(port)])

try {
  const config = await loadConfig(file, { environment: { PORT: port, ...Object.fromEntries(ports) } })
  const balancer = new Balancer(config)
  balancer.on('health', ({ server, up, reason }) => console.log(`${server.name} is ${up ? 'UP' : 'DOWN'} (${reason})`))
  balancer.on('fault', (error, about) => console.error(about, error))
  await balancer.start()
  say(`127.0.0.1:${config.frontend('web').address().port}`, origins[1])
  const end = async () => {
    console.log('\nstopping')
    await balancer.stop({ drain: '2s' })
    for (const { close } of origins) close()
    process.exit(0)
  }
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
} catch (error) {
  if (error instanceof ConfigError || error.code === 'ERR_OPTION') console.error(error.message)
  else console.error(error)
  if (/in use/.test(error.message)) console.error(`Try another port: PORT=8081 npm start`)
  process.exit(1)
}

function say(place, { name, port }) {
  console.log(`The balancer listens on http://${place}, made from ${file}. Try:

  for i in 1 2 3 4 5 6; do curl -s ${place}/; done    # round robin: site1 site2 site3 site1 site2 site3
  curl -si ${place}/api/users                         # routed by path, and a field added on the way back
  curl -si ${place}/private                           # denied by a rule: 403

  curl -s 127.0.0.1:${port}/fail                         # ${name} begins to fail; within a second its checks take it out
  for i in 1 2 3 4; do curl -s ${place}/; done        # clients see the other two, and no error
  curl -s 127.0.0.1:${port}/recover                      # and back again

Ctrl-C ends it.`)
}
