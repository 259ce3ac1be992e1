/**
 * Clients that leave at random moments, a process of its own: told how many, it aborts that often and says what it saw.
 * The moments follow a seed, so that a run can be repeated.
 */
import { connect, type Socket } from 'node:net'

export interface Errand {
  readonly aborts: number
  readonly seed: number
  readonly http: number
  readonly tcp: number
  /** Part of the name of the only moments to choose from; empty for all. */
  readonly only: string
}
export interface Outcome {
  /** How often each moment was chosen. */
  readonly moments: Record<string, number>
  /** Bytes that came back: 0 would say that nothing was ever reached. */
  readonly bytes: number
  readonly refused: number
}

type Chance = (below: number) => number
type Leave = () => void
interface Moment {
  readonly name: string
  readonly tcp?: boolean
  /** Sends what belongs to the moment, and calls `leave` when it has come. */
  act(socket: Socket, chance: Chance, leave: Leave): void
}

/** Mulberry32: small, and the same everywhere. */
function seeded(seed: number): Chance {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

// The key of RFC 6455's own example; the origin answers with its counterpart.
const upgrade =
  'GET /echo HTTP/1.1\r\nHost: soak\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: soak\r\n\r\n`
const soon = (chance: Chance, leave: Leave, within: number): void => void setTimeout(leave, chance(within))

/** Leaves once so many bytes have come, or after a while when they never do. */
function afterBytes(socket: Socket, count: number, leave: Leave): void {
  let seen = 0
  socket.on('data', (bytes) => {
    seen += bytes.length
    if (seen >= count) leave()
  })
  const giveUp = setTimeout(leave, 2000)
  socket.once('close', () => clearTimeout(giveUp))
}

const moments: readonly Moment[] = [
  { name: 'before the head', act: (_socket, chance, leave) => soon(chance, leave, 3) },
  {
    name: 'in the head',
    act: (socket, chance, leave) => {
      const head = get('/quick')
      socket.write(head.slice(0, 1 + chance(head.length - 1)))
      soon(chance, leave, 3)
    },
  },
  {
    name: 'after the head',
    act: (socket, chance, leave) => {
      socket.write(get('/slow'))
      soon(chance, leave, 10)
    },
  },
  {
    name: 'in an upload',
    act: (socket, chance, leave) => {
      socket.write('POST /swallow HTTP/1.1\r\nHost: soak\r\nContent-Length: 200000\r\n\r\n')
      socket.write('x'.repeat(1 + chance(199_999)))
      soon(chance, leave, 5)
    },
  },
  {
    name: 'in a chunked upload',
    act: (socket, chance, leave) => {
      socket.write('POST /swallow HTTP/1.1\r\nHost: soak\r\nTransfer-Encoding: chunked\r\n\r\n')
      socket.write(`4000\r\n${'x'.repeat(1 + chance(0x4000))}`)
      soon(chance, leave, 5)
    },
  },
  {
    name: 'in a response',
    act: (socket, chance, leave) => {
      socket.write(get('/drip'))
      afterBytes(socket, 1 + chance(10_000), leave)
    },
  },
  {
    name: 'in a response that it does not read',
    act: (socket, chance, leave) => {
      socket.pause()
      socket.write(get('/long'))
      soon(chance, leave, 12)
    },
  },
  {
    name: 'after the response',
    act: (socket, _chance, leave) => {
      socket.write(get('/quick'))
      afterBytes(socket, 1, leave)
    },
  },
  {
    name: 'among pipelined requests',
    act: (socket, chance, leave) => {
      socket.write(get('/quick') + get('/slow') + get('/long') + get('/quick'))
      afterBytes(socket, 1 + chance(2000), leave)
    },
  },
  {
    name: 'in the queue',
    act: (socket, chance, leave) => {
      socket.write(get('/queued/slow'))
      soon(chance, leave, 15)
    },
  },
  {
    name: 'in a rule',
    act: (socket, chance, leave) => {
      socket.write(get('/rule'))
      soon(chance, leave, 5)
    },
  },
  {
    name: 'in a tunnel',
    act: (socket, chance, leave) => {
      socket.write(upgrade)
      socket.once('data', () => socket.write('y'.repeat(1 + chance(50_000))))
      afterBytes(socket, 1 + chance(20_000), leave)
    },
  },
  {
    name: 'in TCP mode',
    tcp: true,
    act: (socket, chance, leave) => {
      socket.write(get(chance(2) ? '/drip' : '/long'))
      afterBytes(socket, 1 + chance(5000), leave)
    },
  },
  { name: 'in TCP mode, before a byte', tcp: true, act: (_socket, chance, leave) => soon(chance, leave, 3) },
]

/** One client, from its connection to its abort. Resolves when its socket is closed. */
function abortOnce(
  errand: Errand,
  chance: Chance,
  outcome: { bytes: number; refused: number; moments: Record<string, number> },
) {
  const choice = moments.filter((each) => each.name.includes(errand.only))
  const moment = choice[chance(choice.length)]!
  outcome.moments[moment.name] = (outcome.moments[moment.name] ?? 0) + 1
  return new Promise<void>((resolve) => {
    const port = moment.tcp ? errand.tcp : errand.http
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    const manner = chance(3)
    const leave = (): void => {
      if (manner === 0) socket.destroy()
      else if (manner === 1) socket.resetAndDestroy()
      // The half-closed client is gone a moment later.
      else socket.end(() => setTimeout(() => socket.destroy(), 2))
    }
    socket.on('connect', () => moment.act(socket, chance, leave))
    socket.on('data', (bytes) => {
      outcome.bytes += bytes.length
    })
    socket.on('end', () => socket.end())
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') outcome.refused++
    })
    // One that hangs on a paused or half-closed socket is ended after all.
    const giveUp = setTimeout(() => socket.destroy(), 5000)
    socket.on('close', () => {
      clearTimeout(giveUp)
      resolve()
    })
  })
}

async function run(errand: Errand): Promise<Outcome> {
  const outcome = { moments: {} as Record<string, number>, bytes: 0, refused: 0 }
  const chance = seeded(errand.seed)
  let left = errand.aborts
  const worker = async (): Promise<void> => {
    while (left-- > 0) await abortOnce(errand, chance, outcome)
  }
  await Promise.all(Array.from({ length: 48 }, worker))
  return outcome
}

process.on('message', (errand: Errand) => {
  void run(errand).then((outcome) => process.send?.(outcome))
})
process.on('disconnect', () => process.exit())
