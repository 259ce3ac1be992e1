/** How proxies and servers stand, as plain data: what was counted, and what is going on now. How it is shown is not its business. */
import { averageOf, type Counters } from '../observe/counters.js'
import type { Backend } from '../proxy/backend.js'
import type { LastCheck } from '../proxy/check-result.js'
import type { Frontend } from '../proxy/frontend.js'
import type { Server } from '../proxy/server.js'
import type { AdminState, ObservedState } from '../proxy/server-state.js'
import type { Engine } from './engine.js'

/** What a listener has counted, where its frontend has `socketStats`. */
export interface ListenerStats {
  readonly name: string | undefined
  readonly id: number
  readonly address: string
  readonly port: number
  readonly counters: Counters | undefined
}

/** What a frontend has counted, and how it stands. */
export interface FrontendStats extends Counters {
  readonly id: number
  readonly mode: 'http' | 'tcp'
  /** `full`: whoever comes now waits. */
  readonly status: 'open' | 'full' | 'paused' | 'stopped'
  /** Connections at a time; `Infinity` for no limit. */
  readonly maxConnections: number
  /** Within the last second: sessions, connections, requests. */
  readonly rate: number
  readonly connectionRate: number
  readonly requestRate: number
  readonly listeners: readonly ListenerStats[]
}

/** What is known of the times of a backend's or server's last 1024 requests, in milliseconds. */
export interface Averages {
  readonly queueTime: number
  readonly connectTime: number
  readonly responseTime: number
  readonly totalTime: number
}

/** What a server has counted, and how it stands. */
export interface ServerStats extends Counters {
  readonly id: number
  readonly address: string
  readonly up: boolean
  /** What was observed and what was ordered, of it or of the server that it tracks. */
  readonly state: ObservedState
  readonly admin: AdminState
  readonly weight: number
  /** Less than the weight while it starts slowly. */
  readonly effectiveWeight: number
  readonly backup: boolean
  /** Connections to it that stand idle. */
  readonly idleConnections: number
  readonly rate: number
  /** Milliseconds since it last went up or down or was ordered so, and how long it has been down in all. */
  readonly unchangedFor: number
  readonly downFor: number
  readonly lastCheck: LastCheck | undefined
  readonly lastAgentCheck: LastCheck | undefined
  readonly averages: Averages
}

/** What a backend has counted, and how it stands. */
export interface BackendStats extends Counters {
  readonly id: number
  readonly mode: 'http' | 'tcp'
  /** It can send somewhere, or has no server at all. */
  readonly up: boolean
  /** Servers that are up, and take something: regular ones and backups. */
  readonly activeServers: number
  readonly backupServers: number
  readonly rate: number
  readonly unchangedFor: number
  readonly downFor: number
  readonly averages: Averages
  readonly servers: Readonly<Record<string, ServerStats>>
}

const copy = (counters: Counters): Counters => ({ ...counters, responses: [...counters.responses] })

export function frontendStats({ clock }: Engine, frontend: Frontend): FrontendStats {
  const { counters, rates, id, mode, maxConnections, halted } = frontend
  const now = clock.now()
  return {
    ...copy(counters),
    id,
    mode,
    status: halted ?? (counters.current >= maxConnections ? 'full' : 'open'),
    maxConnections,
    rate: rates.sessions.read(now, 1000),
    connectionRate: rates.connections.read(now, 1000),
    requestRate: rates.requests.read(now, 1000),
    listeners: frontend.listeners().map(({ name, id: number, address, port, counters: counted }) => ({
      name,
      id: number,
      address,
      port,
      counters: counted === undefined ? undefined : copy(counted),
    })),
  }
}

export function backendStats(engine: Engine, backend: Backend): BackendStats {
  const { counters, rates, times, id, mode, servers } = backend
  const now = engine.clock.now()
  const taking = servers.filter(({ inRotation, weight }) => inRotation && weight > 0)
  const backups = taking.filter(({ backup }) => backup).length
  return {
    ...copy(counters),
    id,
    mode,
    up: taking.length > 0 || servers.length === 0,
    activeServers: taking.length - backups,
    backupServers: backups,
    rate: rates.sessions.read(now, 1000),
    unchangedFor: times.since(now),
    downFor: times.downTime(now),
    averages: averages(counters, mode),
    servers: Object.fromEntries(servers.map((server) => [server.name, serverStats(engine, server, mode)])),
  }
}

function serverStats(engine: Engine, server: Server, mode: 'http' | 'tcp'): ServerStats {
  const { counters, times } = server
  const now = engine.clock.now()
  return {
    ...copy(counters),
    id: server.id,
    address: server.address,
    up: server.up,
    state: server.state,
    admin: server.ordered,
    weight: server.weight,
    effectiveWeight: server.effectiveWeight,
    backup: server.backup,
    queued: server.queued,
    idleConnections: engine.idleConnectionsOf(server).all,
    rate: server.rate.read(now, 1000),
    unchangedFor: times.since(now),
    downFor: times.downTime(now),
    lastCheck: server.lastCheck,
    lastAgentCheck: server.lastAgentCheck,
    averages: averages(counters, mode),
  }
}

function averages(counters: Counters, mode: 'http' | 'tcp'): Averages {
  const seen = mode === 'http' ? counters.requests : counters.total
  return {
    queueTime: averageOf(counters.queueTimes, seen),
    connectTime: averageOf(counters.connectTimes, seen),
    responseTime: averageOf(counters.responseTimes, seen),
    totalTime: averageOf(counters.totalTimes, seen),
  }
}
