/** The runtime API of a balancer that is embedded, with a command of its own, and its statistics as plain data. */
import { Backend, Balancer, Frontend, Server } from 'fairlead'
import { type Command, RuntimeApi } from 'fairlead/admin'

const farm = new Backend('web', { servers: [new Server('s1', '127.0.0.1:8001')] })
const balancer = new Balancer({ frontends: [new Frontend('edge', { bind: '127.0.0.1:8080', defaultBackend: farm })] })

const releases: Command = {
  words: ['show', 'releases'],
  usage: 'show releases                           : what runs where',
  level: 'user',
  run: ({ args }) => `${args[0] ?? 'web'}: 1.4.2\n`,
}

/** Serves, and answers operators at a path. */
export async function run(path: string): Promise<RuntimeApi> {
  await balancer.start()
  const api = new RuntimeApi(balancer, { timeout: '30s', maxConnections: 20, commands: [releases] })
  await api.listen({ address: path, fileMode: 0o600, level: 'admin' })
  console.log(await api.execute('show stat'))
  return api
}

/** How a server stands, and how fast its backend answers. */
export function summary(): string {
  const { web } = balancer.stats().backends
  const { s1 } = web?.servers ?? {}
  return `${s1?.state} ${web?.averages.responseTime} ms`
}
