/** One line of `show stat`: what HAProxy's columns hold for a frontend, a listener or a backend. Servers have a file of their own. */
import type { Balancer } from '../balancer.js'
import type { Engine } from '../engine/engine.js'
import { averageOf, type Counters } from '../observe/counters.js'
import type { Backend } from '../proxy/backend.js'
import type { Frontend, ListenerStanding } from '../proxy/frontend.js'
import type { Mode } from '../proxy/mode.js'
import { isUp, serverValues } from './server-row.js'
import { shownAddress } from './shown-address.js'

/** What stands in the columns, by their names; a column that is missing is empty. */
export type Values = Readonly<Record<string, string | number | undefined>>

/** All of a line. It is put together of parts: one object of a hundred properties costs a hundred times as much. */
export type Row = ReadonlyMap<string, string | number>

/** Of several that speak of a column, the last counts. */
export function rowOf(...parts: readonly Values[]): Row {
  const row = new Map<string, string | number>()
  for (const part of parts) {
    for (const name in part) {
      const value = part[name]
      if (value === undefined) row.delete(name)
      else row.set(name, value)
    }
  }
  return row
}

export type Kind = 'Frontend' | 'Backend' | 'Server' | 'Listener'

/** HAProxy's bits for kinds: what `show stat <iid> <type> <sid>` selects by. */
export const KIND_BITS: Readonly<Record<Kind, number>> = { Frontend: 1, Backend: 2, Server: 4, Listener: 8 }

export interface StatRow {
  readonly kind: Kind
  readonly proxyId: number
  readonly id: number
  readonly values: Row
}

/** Which lines are wanted, and what whoever asks may see. */
export interface StatQuery {
  /** A proxy's number or name; -1 for all. */
  readonly proxy: number | string
  /** Bits of {@link KIND_BITS}; -1 for all. */
  readonly kinds: number
  /** A server's or listener's number; -1 for all. */
  readonly id: number
  /** Only servers that are up, or only those that are not in maintenance. */
  readonly only: 'all' | 'up' | 'no-maint'
  /** Addresses, cookies and algorithms are not for everybody. */
  readonly legends: boolean
}

/** A proxy as HAProxy sees it: a `listen` is a frontend and a backend at once. */
interface Proxy {
  readonly id: number
  readonly name: string
  frontend?: Frontend
  backend?: Backend
}

/** All proxies in the order of their numbers. */
function proxiesOf({ frontends, backends }: Balancer): readonly Proxy[] {
  const proxies = new Map<string, Proxy>()
  const proxyOf = ({ id, name }: { id: number; name: string }): Proxy => {
    const key = `${id} ${name}`
    const proxy = proxies.get(key) ?? { id, name }
    proxies.set(key, proxy)
    return proxy
  }
  for (const frontend of frontends) proxyOf(frontend).frontend = frontend
  for (const backend of backends) proxyOf(backend).backend = backend
  return [...proxies.values()].sort((one, other) => one.id - other.id)
}

/** The lines that a query selects, one after the other. */
export function* statRows(balancer: Balancer, query: StatQuery): Generator<StatRow> {
  const full = fullConnections(balancer)
  for (const proxy of proxiesOf(balancer)) {
    if (query.proxy !== -1 && query.proxy !== proxy.id && query.proxy !== proxy.name) continue
    const { frontend, backend } = proxy
    if (frontend !== undefined) yield* frontendRows(balancer.engine, frontend, query)
    if (backend !== undefined) yield* backendRows(balancer, backend, query, full.get(backend) ?? 0)
  }
}

/** A backend is full with a tenth of what its frontends let in, unless it says otherwise. Manual, `fullconn`. */
function fullConnections({ frontends, backends, engine }: Balancer): ReadonlyMap<Backend, number> {
  const sums = new Map<Backend, number>()
  for (const frontend of frontends)
    for (const backend of frontend.backends())
      sums.set(backend, (sums.get(backend) ?? 0) + Math.min(frontend.maxConnections, engine.maxConnections))
  const tenth = (backend: Backend): number => Math.max(Math.ceil((sums.get(backend) ?? 0) / 10), 1)
  return new Map(
    backends.map((backend) => {
      const { fullConnections: said, usualFullConnections } = backend
      return [backend, limit(said === usualFullConnections ? tenth(backend) : said)]
    }),
  )
}

const wants = ({ kinds, id: wanted }: StatQuery, kind: Kind, id: number): boolean =>
  (kinds & KIND_BITS[kind]) !== 0 && (wanted === -1 || wanted === id)

function* frontendRows(engine: Engine, frontend: Frontend, query: StatQuery): Generator<StatRow> {
  const { id: proxyId } = frontend
  if (wants(query, 'Frontend', 0)) yield { kind: 'Frontend', proxyId, id: 0, values: frontendValues(engine, frontend) }
  if (!frontend.socketStats) return
  for (const listener of frontend.listeners())
    if (wants(query, 'Listener', listener.id))
      yield { kind: 'Listener', proxyId, id: listener.id, values: listenerValues(frontend, listener, query) }
}

function* backendRows({ engine }: Balancer, backend: Backend, query: StatQuery, full: number): Generator<StatRow> {
  const { id: proxyId, servers } = backend
  const now = engine.clock.now()
  for (const server of servers) {
    if (!wants(query, 'Server', server.id)) continue
    if (query.only === 'up' && !isUp(server)) continue
    if (query.only === 'no-maint' && server.ordered === 'maint') continue
    yield { kind: 'Server', proxyId, id: server.id, values: serverValues({ engine, backend, server, now, query }) }
  }
  if (wants(query, 'Backend', 0))
    yield { kind: 'Backend', proxyId, id: 0, values: backendValues(engine, backend, query, full) }
}

/** No limit is shown as 0. */
export const limit = (value: number | undefined): number => (value === undefined || !Number.isFinite(value) ? 0 : value)

/** What is counted alike for everybody. */
function common(name: string, who: string, counters: Counters): Values {
  return {
    pxname: name,
    svname: who,
    scur: counters.current,
    smax: counters.highest,
    stot: counters.total,
    bin: counters.bytesIn,
    bout: counters.bytesOut,
    dresp: counters.deniedResponses,
    pid: 1,
    wrew: counters.failedRewrites,
    eint: counters.internalErrors,
    ssl_sess: 0,
    ssl_reused_sess: 0,
    ssl_failed_handshake: 0,
  }
}

/** Answers by class; only where HTTP is spoken. */
export function responseValues(mode: Mode, { responses, requests }: Counters): Values {
  if (mode !== 'http') return {}
  const [other, c1, c2, c3, c4, c5] = responses
  return { hrsp_1xx: c1, hrsp_2xx: c2, hrsp_3xx: c3, hrsp_4xx: c4, hrsp_5xx: c5, hrsp_other: other, req_tot: requests }
}

function frontendValues(engine: Engine, frontend: Frontend): Row {
  const { counters, rates, mode, name, id } = frontend
  const now = engine.clock.now()
  const own: Values = {
    slim: limit(Math.min(frontend.maxConnections, engine.maxConnections)),
    dreq: counters.deniedRequests,
    ereq: counters.requestErrors,
    status: frontendStatus(frontend),
    iid: id,
    sid: 0,
    type: 0,
    rate: rates.sessions.read(now, 1000),
    rate_lim: limit(frontend.maxSessionRate),
    rate_max: counters.highestRate,
    req_rate: rates.requests.read(now, 1000),
    req_rate_max: counters.highestRequestRate,
    req_tot: counters.requests,
    mode,
    conn_rate: rates.connections.read(now, 1000),
    conn_rate_max: counters.highestConnectionRate,
    conn_tot: counters.connections,
    dcon: counters.deniedConnections,
    dses: counters.deniedSessions,
  }
  const http: Values = mode === 'http' ? { intercepted: counters.intercepted, cache_lookups: 0, cache_hits: 0 } : {}
  return rowOf(
    common(name, 'FRONTEND', counters),
    responseValues(mode, counters),
    own,
    http,
    compression,
    http2,
    http1(mode, counters, counters.connections),
  )
}

function frontendStatus({ counters, maxConnections, halted }: Frontend): string {
  if (halted !== undefined) return halted === 'stopped' ? 'STOP' : 'PAUSED'
  return counters.current >= maxConnections ? 'FULL' : 'OPEN'
}

/** Nothing is compressed or cached here. */
const compression: Values = { comp_in: 0, comp_out: 0, comp_byp: 0, comp_rsp: 0 }
/** Nor is HTTP/2 spoken. */
const http2: Values = {
  h2_headers_rcvd: 0,
  h2_data_rcvd: 0,
  h2_settings_rcvd: 0,
  h2_rst_stream_rcvd: 0,
  h2_goaway_rcvd: 0,
  h2_detected_conn_protocol_errors: 0,
  h2_detected_strm_protocol_errors: 0,
  h2_rst_stream_resp: 0,
  h2_goaway_resp: 0,
  h2_open_connections: 0,
  h2_backend_open_streams: 0,
  h2_total_connections: 0,
  h2_backend_total_streams: 0,
}

function http1(mode: Mode, counters: Counters, connections: number): Values {
  const spoken = mode === 'http' ? 1 : 0
  return {
    h1_open_connections: spoken * counters.current,
    h1_total_connections: spoken * connections,
    h1_total_streams: spoken * counters.requests,
    h1_bytes_in: spoken * counters.bytesIn,
    h1_bytes_out: spoken * counters.bytesOut,
    h1_spliced_bytes_in: 0,
    h1_spliced_bytes_out: 0,
  }
}

function listenerValues(frontend: Frontend, listener: ListenerStanding, { legends }: StatQuery): Row {
  const { counters, id } = listener
  if (counters === undefined) return rowOf()
  return rowOf(common(frontend.name, listener.name ?? `sock-${id}`, counters), {
    slim: limit(listener.maxConnections),
    dreq: counters.deniedRequests,
    ereq: counters.requestErrors,
    status: 'OPEN',
    iid: frontend.id,
    sid: id,
    type: 3,
    addr: legends ? shownAddress(listener.address, listener.port) : undefined,
    mode: frontend.mode,
    dcon: counters.deniedConnections,
    dses: counters.deniedSessions,
  })
}

/** What is counted alike for backends and servers. */
export function reached(
  name: string,
  who: string,
  counters: Counters,
  mode: Mode,
  now: number,
): readonly [Values, Values, Values] {
  const seen = mode === 'http' ? counters.requests : counters.total
  const own: Values = {
    qcur: counters.queued,
    qmax: counters.highestQueued,
    econ: counters.connectErrors,
    eresp: counters.responseErrors,
    wretr: counters.retries,
    wredis: counters.redispatches,
    lbtot: counters.selected,
    rate_max: counters.highestRate,
    cli_abrt: counters.clientAborts,
    srv_abrt: counters.serverAborts,
    lastsess: counters.lastSession < 0 ? -1 : Math.floor((now - counters.lastSession) / 1000),
    qtime: averageOf(counters.queueTimes, seen),
    ctime: averageOf(counters.connectTimes, seen),
    rtime: averageOf(counters.responseTimes, seen),
    ttime: averageOf(counters.totalTimes, seen),
    mode,
    connect: counters.connects,
    reuse: counters.reuses,
    qtime_max: counters.highestQueueTime,
    ctime_max: counters.highestConnectTime,
    rtime_max: counters.highestResponseTime,
    ttime_max: counters.highestTotalTime,
  }
  return [common(name, who, counters), responseValues(mode, counters), own]
}

function backendValues(engine: Engine, backend: Backend, { legends, only }: StatQuery, full: number): Row {
  const { counters, rates, mode, name, id, servers, times, balance } = backend
  const now = engine.clock.now()
  const up = servers.filter((server) => server.inRotation && server.weight > 0)
  const active = up.filter(({ backup }) => !backup)
  const carrying = active.length > 0 ? active : up
  const sum = (weights: readonly number[]): number => weights.reduce((total, weight) => total + weight, 0)
  const usable = up.length > 0 || servers.length === 0
  const status = usable ? 'UP' : 'DOWN'
  const own: Values = {
    slim: full,
    dreq: counters.deniedRequests,
    status: only === 'all' ? status : `${status} (${servers.filter(isUp).length}/${servers.length})`,
    weight: Math.ceil(sum(carrying.map(({ effectiveWeight }) => effectiveWeight))),
    act: active.length,
    bck: up.length - active.length,
    chkdown: counters.wentDown,
    lastchg: Math.floor(times.since(now) / 1000),
    downtime: servers.length === 0 ? undefined : Math.floor(times.downTime(now) / 1000),
    iid: id,
    sid: 0,
    type: 1,
    rate: rates.sessions.read(now, 1000),
    algo: legends ? balance.name : undefined,
    cookie: legends ? backend.persistence?.cookie?.options.name : undefined,
    uweight: sum(carrying.map(({ weight }) => weight)),
    agg_server_status: 0,
    agg_server_check_status: 0,
    agg_check_status: 0,
  }
  const http: Values = mode === 'http' ? { cache_lookups: 0, cache_hits: 0 } : {}
  return rowOf(
    ...reached(name, 'BACKEND', counters, mode, now),
    own,
    http,
    compression,
    http2,
    http1(mode, counters, counters.connects),
  )
}
