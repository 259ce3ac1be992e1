/** What the columns of `show stat` hold for a server. */
import type { Engine } from '../engine/engine.js'
import { checkText } from '../observe/log-notice.js'
import type { Backend } from '../proxy/backend.js'
import type { LastCheck } from '../proxy/check-result.js'
import type { Server } from '../proxy/server.js'
import { shownAddress } from './shown-address.js'
import { limit, type Row, reached, rowOf, type StatQuery, type Values } from './stat-row.js'

/** It runs, whether or not anybody new is sent to it: neither down nor in maintenance. */
export const isUp = (server: Server): boolean => server.up && server.ordered !== 'maint' && !server.unresolved

export interface ServerAsked {
  readonly engine: Engine
  readonly backend: Backend
  readonly server: Server
  /** By the engine's clock. */
  readonly now: number
  readonly query: StatQuery
}

export function serverValues({ engine, backend, server, now, query }: ServerAsked): Row {
  const { counters, times } = server
  const { mode } = backend
  const idle = engine.idleConnectionsOf(server)
  const checked = server.checkEnabled
  const own: Values = {
    qcur: server.queued,
    slim: Number.isFinite(server.maxConnections) ? server.maxConnections : undefined,
    status: statusOf(server),
    weight: Math.ceil(server.effectiveWeight),
    act: server.backup ? 0 : 1,
    bck: server.backup ? 1 : 0,
    chkfail: checked ? counters.failedChecks : undefined,
    chkdown: checked ? counters.wentDown : undefined,
    hanafail: checked && server.observed !== undefined ? counters.failedAnalyses : undefined,
    lastchg: Math.floor(times.since(now) / 1000),
    downtime: checked ? Math.floor(times.downTime(now) / 1000) : undefined,
    qlimit: limit(server.maxQueue) || undefined,
    iid: backend.id,
    sid: server.id,
    throttle: throttleOf(server),
    tracked: server.tracked === undefined ? undefined : `${server.tracked.backendName}/${server.tracked.name}`,
    type: 2,
    rate: server.rate.read(now, 1000),
    addr: query.legends ? addressOf(server) : undefined,
    cookie: query.legends ? (backend.persistence?.cookie?.values.valueOf(server) ?? server.cookie) : undefined,
    srv_icur: idle.all,
    idle_conn_cur: idle.all - idle.safe,
    safe_conn_cur: idle.safe,
    used_conn_cur: counters.current,
    need_conn_est: counters.current,
    uweight: server.weight,
  }
  return rowOf(
    ...reached(backend.name, server.name, counters, mode, now),
    own,
    checkValues(server),
    agentValues(server),
  )
}

/** Percent of its weight that count while it starts slowly; rounded as HAProxy does, which makes 7 of a sixteenth of 1, and 6 of one of 100. */
function throttleOf(server: Server): number | undefined {
  const { weight, effectiveWeight } = server
  if (server.warmth === 1 || weight === 0 || server.ordered !== 'ready' || server.state !== 'up') return undefined
  return Math.floor((1600 * effectiveWeight + 15) / (16 * weight))
}

function addressOf({ parsed, resolved }: Server): string {
  switch (parsed.kind) {
    case 'ip':
      return shownAddress(parsed.ip, parsed.port)
    case 'name':
      return shownAddress(resolved ?? '0.0.0.0', parsed.port)
    default:
      return 'unix'
  }
}

/** HAProxy's words for how a server stands, with how far it is from the other state. */
function statusOf(server: Server): string {
  if (server.unresolved) return 'MAINT (resolution)'
  if (server.ordered === 'maint') return server.admin === 'maint' ? 'MAINT' : `MAINT (via ${viaOf(server)})`
  const asked = followed(server)
  const byAgent = asked.agent !== undefined && asked.agentEnabled
  if (!server.up) return byAgent && !asked.agentUp ? 'DOWN (agent)' : progress('DOWN', asked, false)
  if (server.ordered === 'drain') return byAgent ? 'DRAIN (agent)' : progress('DRAIN', asked, true)
  if (server.state === 'stopping') return progress('NOLB', asked, true)
  return asked.checkEnabled ? progress('UP', asked, true) : 'no check'
}

/** The one that is checked in its stead, or itself. */
function followed(server: Server): Server {
  let asked = server
  while (asked.tracked !== undefined) asked = asked.tracked
  return asked
}

function viaOf({ tracked }: Server): string {
  return tracked === undefined ? '' : `${tracked.backendName}/${tracked.name}`
}

function progress(word: string, { health, checkEnabled }: Server, up: boolean): string {
  if (!checkEnabled) return word
  const { count, of } = health.progress
  const settled = up ? count >= of : count === 0
  return settled ? word : `${word} ${count}/${of}`
}

function checkValues(server: Server): Values {
  const { health, lastCheck, checkEnabled, timing } = server
  // Checks that are suspended, or rest during maintenance: nothing is told of them.
  if (!checkEnabled || server.ordered === 'maint') return {}
  const { rise = 2, fall = 3 } = timing
  return {
    ...outcomeValues(lastCheck, server.checkUnderWay),
    check_rise: rise,
    check_fall: fall,
    check_health: health.score,
  }
}

function outcomeValues(last: LastCheck | undefined, underWay: boolean): Values {
  if (last === undefined) return { check_status: 'INI', check_desc: 'Initializing', last_chk: '' }
  return {
    check_status: underWay ? `* ${last.status}` : last.status,
    check_code: last.code === undefined ? undefined : last.code >>> 0,
    check_duration: last.duration < 0 ? undefined : Math.round(last.duration),
    last_chk: last.description ?? '',
    check_desc: checkText(last.status),
  }
}

function agentValues({ agent, agentEnabled, lastAgentCheck, agentUp }: Server): Values {
  if (agent === undefined || !agentEnabled) return {}
  const set = { agent_rise: 1, agent_fall: 1, agent_health: agentUp ? 1 : 0 }
  if (lastAgentCheck === undefined) return { agent_status: 'INI', agent_desc: 'Initializing', last_agt: '', ...set }
  return {
    agent_status: lastAgentCheck.status,
    agent_code: lastAgentCheck.code ?? 0,
    agent_duration: lastAgentCheck.duration < 0 ? undefined : Math.round(lastAgentCheck.duration),
    last_agt: lastAgentCheck.description ?? '',
    agent_desc: checkText(lastAgentCheck.status),
    ...set,
  }
}
