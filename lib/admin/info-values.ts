/** What stands in the lines of `show info`: of HAProxy's, those that have a meaning here; the others have HAProxy's value for what is not in use. */
import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import type { Balancer } from '../balancer.js'
import { ownVersion, releaseDate } from './own-version.js'
import { limit } from './stat-row.js'
import { longUptime, uptimeOf } from './uptime.js'

const MEGABYTE = 1024 * 1024

/** By the names of `infoFields`. A line that is missing is left out. */
export type InfoValues = Readonly<Record<string, string | number | undefined>>

/** @param sockets where the runtime API listens */
export function infoValues(balancer: Balancer, sockets: number, described: boolean): InfoValues {
  const { engine } = balancer
  const version = ownVersion()
  return {
    Name: 'fairlead',
    Version: version,
    Release_date: releaseDate(),
    Nbthread: 1,
    Nbproc: 1,
    Process_num: 1,
    Pid: engine.process.pid,
    ...times(balancer, described),
    ...memory(),
    ...limits(balancer),
    ...load(balancer, sockets),
    ...unused,
    node: engine.process.node,
    description: engine.process.description,
    Stopping: engine.process.stopping ? 1 : 0,
    'Build info': version,
  }
}

function times(balancer: Balancer, exact: boolean): InfoValues {
  const uptime = uptimeOf(balancer)
  const seconds = (value: number): number | string => (exact ? (value / 1000).toFixed(6) : Math.floor(value / 1000))
  return {
    Uptime: longUptime(uptime),
    Uptime_sec: seconds(uptime),
    Start_time_sec: seconds(balancer.engine.process.startedAt),
  }
}

/** The memory of the process; there are no pools. */
function memory(): InfoValues {
  const { heapTotal, heapUsed, external } = process.memoryUsage()
  return {
    Memmax_MB: 0,
    Memmax_bytes: 0,
    PoolAlloc_MB: Math.floor((heapTotal + external) / MEGABYTE),
    PoolUsed_MB: Math.floor((heapUsed + external) / MEGABYTE),
    PoolAlloc_bytes: heapTotal + external,
    PoolUsed_bytes: heapUsed + external,
    PoolFailed: 0,
  }
}

/** 0 is no limit. */
function limits({ engine }: Balancer): InfoValues {
  const descriptors = descriptorLimit()
  return {
    'Ulimit-n': descriptors,
    Maxsock: descriptors,
    Maxconn: limit(engine.maxConnections),
    Hard_maxconn: limit(engine.hardMaxConnections),
    ConnRateLimit: limit(engine.maxConnectionRate),
    SessRateLimit: limit(engine.maxSessionRate),
    SslRateLimit: 0,
  }
}

/** How many descriptors the process may have open; 0 where the system does not tell. */
function descriptorLimit(): number {
  try {
    return Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

function load(balancer: Balancer, sockets: number): InfoValues {
  const { engine, frontends } = balancer
  const { counters, rates } = engine
  const now = engine.clock.now()
  const listeners = frontends.reduce((sum, frontend) => sum + frontend.addresses().length, sockets)
  const { utilization } = performance.eventLoopUtilization()
  return {
    CurrConns: engine.sessions,
    CumConns: counters.connections,
    CumReq: engine.transactions,
    ConnRate: rates.connections.read(now, 1000),
    MaxConnRate: counters.highestConnectionRate,
    SessRate: rates.sessions.read(now, 1000),
    MaxSessRate: counters.highestRate,
    Tasks: process.getActiveResourcesInfo().length,
    Run_queue: 0,
    Idle_pct: Math.round((1 - utilization) * 100),
    Jobs: engine.sessions + listeners,
    'Unstoppable Jobs': 0,
    Listeners: listeners,
    TotalBytesOut: counters.bytesOut,
    BytesOutRate: rates.bytesOut.read(now, 1000),
    DroppedLogs: droppedLogs(balancer),
  }
}

/** Lines of logs that those who were to take them have lost; several frontends may log to the same. */
function droppedLogs({ frontends }: Balancer): number {
  const sinks = new Set(frontends.flatMap(({ loggers }) => loggers.map(({ sink }) => sink)))
  return [...sinks].reduce((sum, sink) => sum + (sink?.dropped ?? 0), 0)
}

/** What there is none of here: TLS, pipes, compression, peers. */
const unused: InfoValues = {
  MaxSslConns: 0,
  CurrSslConns: 0,
  CumSslConns: 0,
  Maxpipes: 0,
  PipesUsed: 0,
  PipesFree: 0,
  SslRate: 0,
  MaxSslRate: 0,
  SslFrontendKeyRate: 0,
  SslFrontendMaxKeyRate: 0,
  SslFrontendSessionReuse_pct: 0,
  SslBackendKeyRate: 0,
  SslBackendMaxKeyRate: 0,
  SslCacheLookups: 0,
  SslCacheMisses: 0,
  CompressBpsIn: 0,
  CompressBpsOut: 0,
  CompressBpsRateLim: 0,
  ActivePeers: 0,
  ConnectedPeers: 0,
  BusyPolling: 0,
  FailedResolutions: 0,
  TotalSplicdedBytesOut: 0,
  DebugCommandsIssued: 0,
  CumRecvLogs: 0,
  Tainted: '0',
}
