/** Two balancers that know the same clients: what one counts, the other knows, and a process that takes another one's place goes on from there. */
import { Balancer, counter, deny, Frontend, Peers, rate, respond, StickTable, src, track } from 'fairlead'

/** The clients of one process; each process makes its own, and peers tell each other what they hold. */
export function site(local: 'lb1' | 'lb2', http = ':8080') {
  const clients = new StickTable('clients', {
    key: 'ip',
    size: '100k',
    expire: '10m',
    store: { requests: rate('10s'), seen: counter() },
  })
  const edge = new Frontend('edge', {
    bind: http,
    httpRequest: [
      track(clients, src),
      deny(429).if(clients.lookup('requests', src).gt(100)),
      respond(200, { body: 'hello\n' }),
    ],
  })
  const peers = new Peers('sharedlb', {
    local,
    peers: { lb1: '10.0.0.1:10000', lb2: '10.0.0.2:10000' },
    tables: [clients],
  })
  return { clients, edge, peers }
}

export async function main() {
  const { edge, peers } = site(process.env['LOCAL'] === 'lb2' ? 'lb2' : 'lb1')
  const balancer = new Balancer({ frontends: [edge], peers: [peers] })
  balancer.on('peer', ({ peer, what, reason }) => console.warn(peer.name, what, reason))
  await balancer.start({ succeeds: process.env['TAKES_OVER'] === 'yes' })
  process.once('SIGUSR1', () => void balancer.stop({ drain: '30s', handOver: true }))
}
