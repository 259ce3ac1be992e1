/**
 * An embedded balancer between clients and an origin in processes of their own, and the questions that every
 * endurance test ends with: is anything still counted, open, or waiting? The tests themselves are not here.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Backend, Balancer, Frontend, path, rule, Server, useBackend } from '../../lib/index.js'
import type { Errand, Outcome } from './clients.js'

export interface Rig {
  readonly balancer: Balancer
  readonly http: Frontend
  readonly tcp: Frontend
  /** Custom rules that have begun and not ended. */
  readonly rulesWaiting: () => number
  /** Lets so many clients abort, at moments whose name contains `only`; resolves when all have. */
  abort(aborts: number, seed: number, only?: string): Promise<Outcome>
  /** The connections that the origin holds. */
  originConnections(): Promise<number>
  /** Sends bytes on a connection of its own, and resolves to what came back until the other side closed or broke. */
  exchange(bytes: string): Promise<string>
  /** Ends the helping processes; the balancer has been stopped by then. */
  close(): Promise<void>
}

/** Milliseconds after which a server that says nothing has failed. */
const SILENCE = 400

export async function startRig(): Promise<Rig> {
  const origin = forked('origin.js')
  const clients = forked('clients.js')
  const { port } = await answer<{ port: number }>(origin)
  let rulesWaiting = 0
  const pause = rule('pause', ({ signal }: { readonly signal: AbortSignal }) => {
    rulesWaiting++
    return new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        rulesWaiting--
        resolve()
      }
      const timer = setTimeout(done, 10)
      signal.addEventListener('abort', done)
    })
  })
  const address = `127.0.0.1:${port}`
  const timeouts = { server: SILENCE }
  const web = new Backend('web', { servers: [new Server('web1', address)], timeouts, reuse: 'always' })
  const narrow = new Backend('narrow', { servers: [new Server('one', address, { maxConnections: 2 })], timeouts })
  const raw = new Backend('raw', { mode: 'tcp', servers: [new Server('raw1', address)] })
  const http = new Frontend('http', {
    bind: '127.0.0.1:0',
    httpRequest: [pause.if(path.startsWith('/rule'))],
    routes: [useBackend(narrow).if(path.startsWith('/queued/'))],
    defaultBackend: web,
  })
  const tcp = new Frontend('tcp', { bind: '127.0.0.1:0', mode: 'tcp', defaultBackend: raw })
  const balancer = new Balancer({ frontends: [http, tcp] })
  await balancer.start()
  return {
    balancer,
    http,
    tcp,
    rulesWaiting: () => rulesWaiting,
    abort: async (aborts, seed, only = '') => {
      const errand: Errand = { aborts, seed, http: http.address().port, tcp: tcp.address().port, only }
      clients.send(errand)
      return await answer<Outcome>(clients)
    },
    originConnections: async () => {
      origin.send('open')
      return (await answer<{ open: number }>(origin)).open
    },
    exchange: (bytes) => exchange(http.address().port, bytes),
    close: async () => {
      await Promise.all([origin, clients].map(disconnected))
    },
  }
}

/** The tests' own loader arguments are not handed on: the helpers are plain programs. */
const forked = (program: string): ChildProcess =>
  fork(fileURLToPath(new URL(program, import.meta.url)), {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })

/** The next message of a helper; fails when it ends instead. */
function answer<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const told = (message: unknown): void => {
      child.off('exit', ended)
      resolve(message as T)
    }
    const ended = (code: number | null): void => {
      child.off('message', told)
      reject(new Error(`a helper of the test ended with ${code}`))
    }
    child.once('message', told)
    child.once('exit', ended)
  })
}

async function disconnected(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.disconnect()
  await once(child, 'exit')
}

function exchange(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(bytes))
    socket.on('data', (part) => {
      text += part.toString('latin1')
    })
    // A reset after the answer is an end as well; what came is judged by the caller.
    socket.on('error', () => {})
    socket.on('close', () => resolve(text))
  })
}

/** Asks until the answer is `true` or ten seconds are over, and says which. */
export async function eventually(question: () => boolean | Promise<boolean>): Promise<boolean> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; ) {
    if (await question()) return true
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return await question()
}

/** Everything that the balancer still counts as going on, by its place in the statistics; empty when it rests. */
export function goingOn(balancer: Balancer): string[] {
  const found: string[] = []
  let looked = 0
  const search = (value: unknown, place: string): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === 'number' && (key === 'current' || key === 'queued')) {
        looked++
        if (inner !== 0) found.push(`${place}.${key} = ${inner}`)
      } else search(inner, `${place}.${key}`)
    }
  }
  search(balancer.stats(), 'stats')
  if (looked === 0) found.push('the statistics count nothing that is going on')
  return found
}

/** What keeps this process awake, by kind and number. */
export type Resources = ReadonlyMap<string, number>

/** Looks from inside a timer, so that every look counts itself alike. */
export async function resources(): Promise<Resources> {
  return new Promise((resolve) => {
    setTimeout(() => {
      const counts = new Map<string, number>()
      for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1)
      resolve(counts)
    }, 1)
  })
}

/** The kinds of which there are more than before, as `kind: before → now`; looked at until there are none, or for ten seconds. */
export async function leftBehind(before: Resources): Promise<string[]> {
  let grown: string[] = []
  await eventually(async () => {
    const now = await resources()
    grown = [...now]
      .filter(([kind, count]) => count > (before.get(kind) ?? 0))
      .map(([kind, count]) => `${kind}: ${before.get(kind) ?? 0} → ${count}`)
    return grown.length === 0
  })
  return grown
}
