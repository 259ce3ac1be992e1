/** A server's state as HAProxy writes it into a line: for `show servers state`, and for the file that a next process reads. Manual of management, 9.3. */
import { parseServerAddress } from '../base/address.js'
import type { Backend } from '../proxy/backend.js'
import type { Server } from '../proxy/server.js'

/** The only form that there is. */
export const STATE_VERSION = '1'

/** What the words of a line are. */
export const STATE_COLUMNS = [
  'be_id',
  'be_name',
  'srv_id',
  'srv_name',
  'srv_addr',
  'srv_op_state',
  'srv_admin_state',
  'srv_uweight',
  'srv_iweight',
  'srv_time_since_last_change',
  'srv_check_status',
  'srv_check_result',
  'srv_check_health',
  'srv_check_state',
  'srv_agent_state',
  'bk_f_forced_id',
  'srv_f_forced_id',
  'srv_fqdn',
  'srv_port',
  'srvrecord',
  'srv_use_ssl',
  'srv_check_port',
  'srv_check_addr',
  'srv_agent_addr',
  'srv_agent_port',
] as const

/** One line, by its columns. */
export type StateLine = Readonly<Record<(typeof STATE_COLUMNS)[number], string>>

/** How a server does. */
export const operational = { stopped: 0, starting: 1, running: 2, stopping: 3 } as const

/** What was ordered, and by whom; they add up. */
export const ordered = {
  maint: 1,
  inheritedMaint: 2,
  configuredMaint: 4,
  drain: 8,
  inheritedDrain: 16,
  unresolved: 32,
} as const

/** What of checks there is, and whether they run; they add up. */
export const checkState = { underWay: 1, configured: 2, enabled: 4, paused: 8, agent: 16 } as const
const checkResult = { unknown: 0, failed: 2, passed: 3, conditional: 4 } as const

/** The numbers of what checks find. */
const checkStatus: Readonly<Record<string, number>> = {
  INI: 1,
  L4OK: 6,
  L4TOUT: 7,
  L4CON: 8,
  L6OK: 9,
  L6TOUT: 10,
  L6RSP: 11,
  L7TOUT: 12,
  L7RSP: 13,
  L7OK: 15,
  L7OKC: 16,
  L7STS: 17,
  PROCERR: 18,
  PROCTOUT: 19,
  PROCOK: 20,
}

/** What a check found, by its number. */
export function nameOfStatus(number: number): string | undefined {
  return Object.keys(checkStatus).find((name) => checkStatus[name] === number && name !== 'INI')
}

/** The address of a place, where it is one. */
function hostOf(place: string | undefined): string {
  const parsed = place === undefined ? undefined : parseServerAddress(place)
  return parsed?.kind === 'ip' ? parsed.ip : '-'
}

/** The line of one server, without its end. @param now by the engine's clock */
export function stateLine(backend: Backend, server: Server, now: number): string {
  const { host, port } = placeOf(server)
  const { lastCheck } = server
  // Where its checks went at first is where an agent would be asked.
  const agentPlace = server.agent ?? server.initialCheckPlace
  const values: Record<(typeof STATE_COLUMNS)[number], string | number> = {
    be_id: backend.id,
    be_name: backend.name,
    srv_id: server.id,
    srv_name: server.name,
    srv_addr: host,
    srv_op_state: operationalState(server),
    srv_admin_state: adminState(server),
    srv_uweight: server.weight,
    srv_iweight: server.initialWeight,
    srv_time_since_last_change: Math.floor(server.times.since(now) / 1000),
    srv_check_status: checkStatus[lastCheck?.status ?? 'INI'] ?? 0,
    srv_check_result: resultOf(server),
    srv_check_health: server.admin === 'maint' ? 0 : server.health.score,
    srv_check_state: checkStateOf(server),
    srv_agent_state: agentStateOf(server),
    bk_f_forced_id: backend.numbered ? 1 : 0,
    srv_f_forced_id: server.numbered ? 1 : 0,
    srv_fqdn: server.fqdn ?? '-',
    srv_port: port,
    srvrecord: server.naming.service ?? '-',
    srv_use_ssl: 0,
    srv_check_port: server.checkPort ?? 0,
    srv_check_addr: hostOf(server.checkAddress),
    srv_agent_addr: hostOf(agentPlace.address),
    srv_agent_port: agentPlace.port ?? 0,
  }
  return STATE_COLUMNS.map((column) => values[column]).join(' ')
}

/** Where it is, as far as it is known. */
export function placeOf({ parsed, resolved, unresolved }: Server): { readonly host: string; readonly port: number } {
  switch (parsed.kind) {
    case 'ip':
      return { host: unresolved ? '-' : parsed.ip, port: parsed.port || (parsed.portOffset ?? 0) & 0xffff }
    case 'name':
      return { host: unresolved ? '-' : (resolved ?? '-'), port: parsed.port }
    default:
      return { host: '-', port: 0 }
  }
}

function operationalState(server: Server): number {
  if (!server.up || server.ordered === 'maint' || server.unresolved) return operational.stopped
  if (server.state === 'stopping') return operational.stopping
  return server.warmth < 1 ? operational.starting : operational.running
}

function adminState({ admin, inherited, disabledAtStart, unresolved }: Server): number {
  let flags = 0
  if (admin === 'maint') flags |= ordered.maint
  if (inherited === 'maint') flags |= ordered.inheritedMaint
  if (disabledAtStart) flags |= ordered.configuredMaint
  if (admin === 'drain') flags |= ordered.drain
  if (inherited === 'drain') flags |= ordered.inheritedDrain
  if (unresolved) flags |= ordered.unresolved
  return flags
}

function resultOf({ lastCheck, checkUnderWay }: Server): number {
  if (lastCheck === undefined || checkUnderWay) return checkResult.unknown
  if (!lastCheck.passed) return checkResult.failed
  return lastCheck.stopping === true ? checkResult.conditional : checkResult.passed
}

function checkStateOf(server: Server): number {
  if (server.check === undefined) return server.disabledAtStart ? checkState.paused : 0
  let flags: number = checkState.configured
  if (server.checkUnderWay) flags |= checkState.underWay
  if (server.checkEnabled) flags |= checkState.enabled
  if (server.checkEnabled && server.ordered === 'maint') flags |= checkState.paused
  return flags
}

/** An agent is asked during maintenance, too. */
function agentStateOf({ agent, agentEnabled }: Server): number {
  if (agent === undefined) return 0
  const flags = checkState.agent | checkState.configured
  return agentEnabled ? flags | checkState.enabled : flags
}
