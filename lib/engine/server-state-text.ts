/** What a check tells a server of how it is seen. Manual, `http-check send-state`. */
import type { Backend } from '../proxy/backend.js'
import type { Server } from '../proxy/server.js'
import { placeOfServer } from '../proxy/server-place.js'
import type { Engine } from './engine.js'

/** The value of `x-haproxy-server-state`. */
export function serverStateText(engine: Engine, backend: Backend, server: Server): string {
  const unix = server.parsed.kind === 'unix' || server.parsed.kind === 'abns'
  const { address, port } = unix ? { address: 'unix', port: 'unix' } : placeOfServer(server)
  const usable = backend.servers.filter((each) => each.inRotation)
  const weights = usable.reduce((sum, each) => sum + each.weight, 0)
  return [
    stateOf(server),
    `address=${address}`,
    `port=${port}`,
    `name=${backend.name}/${server.name}`,
    `node=${engine.process.node}`,
    `weight=${server.weight}/${weights}`,
    `scur=${server.counters.current}/${backend.counters.current}`,
    `qcur=${server.queued}`,
  ].join('; ')
}

/** With how far it is on its way to the opposite, when it is. */
function stateOf({ health, inRotation }: Server): string {
  const { count, of } = health.progress
  const word = !health.up ? 'DOWN' : inRotation ? 'UP' : 'NOLB'
  return health.inTransition ? `${word} ${count}/${of}` : word
}
