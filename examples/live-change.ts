/** Servers are ordered about, leave and join while traffic runs; requests that fail are tried once more. */
import { Backend, Balancer, Frontend, HealthCheck, Server } from 'fairlead'

const [one, two] = [new Server('api1', '10.0.1.1:80'), new Server('api2', '10.0.1.2:80')]
export const backend = new Backend('api', { check: HealthCheck.tcp(), servers: [one, two] })
export const balancer = new Balancer({ frontends: [new Frontend('edge', { defaultBackend: backend })] })

/** What can be ordered of a server. */
export function order(server: Server): void {
  server.admin = 'drain' // or 'maint', 'ready'
  server.setWeight('50%') // of its initial weight, or server.weight = 7
  server.forceHealth('down') // or 'up', 'stopping'; checks go on from there
  server.checkEnabled = false
  const { active, warmth, state } = server // requests left, how much of its weight counts, what was observed
  console.log(active, warmth, state)
}
balancer.on('server', ({ server, change }) => console.log(server.fullName, change.what))

/** A server goes for good: what it serves is finished, for half a minute at most. */
export async function takeOut(name: string): Promise<void> {
  const leaving = backend.servers.remove(name, { drain: '30s' })
  console.log(leaving?.left, 'requests are left')
  await leaving?.gone // leaving.cut() would end them at once
}

/** Requests are tried once more, elsewhere, and no more of them than the servers can bear. */
export const patient = new Backend('patient', {
  retryOn: ['connFailure', 'emptyResponse', 503],
  // Before each retry, twice as long each time, a part of it left to chance.
  backoff: { first: '50ms', longest: '2s', jitter: 0.5 },
  // A fifth more requests at most, and 10 in each second.
  retryBudget: { share: 0.2, least: 10 },
  // An answer that was given up, in place of a blank 502 or 504.
  lastAnswer: true,
})
