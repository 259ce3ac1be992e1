/** The file of server states, as `show servers state` prints it: read, and applied to servers by HAProxy's rules. Manual, `load-server-state-from-file`. */
import type { Clock } from '../base/clock.js'
import { OptionError } from '../base/errors.js'
import { Ip } from '../base/ip.js'
import type { Backend } from '../proxy/backend.js'
import type { Server } from '../proxy/server.js'
import {
  checkState,
  nameOfStatus,
  operational,
  ordered,
  STATE_COLUMNS,
  STATE_VERSION,
  type StateLine,
} from './server-state.js'
import { faultOf } from './state-fault.js'

/**
 * The lines of a file.
 * @returns nothing when it is of no version that is known
 */
export function readStates(text: string): readonly StateLine[] | undefined {
  const [version, ...lines] = text.split('\n').map((line) => line.trim())
  if (version !== STATE_VERSION) return undefined
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(/\s+/))
    .filter((words) => words.length === STATE_COLUMNS.length)
    .map((words) => Object.fromEntries(STATE_COLUMNS.map((column, index) => [column, words[index] ?? ''])) as StateLine)
}

/** For which backends, and by whose clock. */
export interface ApplyOptions {
  readonly backends: readonly Backend[]
  readonly clock: Clock
}

/**
 * Gives servers the states that they had: what operators ordered, what checks found, weights that were not written otherwise since, addresses of
 * names, ports. To be done before the balancer starts. Servers are known by name. Of a line with something wrong in it nothing is taken over.
 * @returns what could not be taken over, a line each
 */
export function applyStates(lines: readonly StateLine[], { backends, clock }: ApplyOptions): readonly string[] {
  const faults: string[] = []
  for (const line of lines) {
    const server = backends.find(({ name }) => name === line.be_name)?.server(line.srv_name)
    if (server === undefined) continue
    const fault = faultOf(line)
    if (fault !== undefined) {
      faults.push(fault)
      continue
    }
    try {
      apply(line, server, clock.now())
    } catch (error) {
      if (!(error instanceof OptionError)) throw error
      faults.push(`${line.be_name}/${line.srv_name}: ${error.message}`)
    }
  }
  return faults
}

function apply(line: StateLine, server: Server, now: number): void {
  applyPlace(line, server)
  applyOrders(line, server)
  applyHealth(line, server)
  if (Number(line.srv_iweight) === server.initialWeight) server.setWeight(Number(line.srv_uweight))
  server.times.begin(now - Number(line.srv_time_since_last_change) * 1000, !server.up)
}

/** The address only of a server that is known by a name; its port in any case. */
function applyPlace(line: StateLine, server: Server): void {
  const { parsed } = server
  if (parsed.kind !== 'ip' && parsed.kind !== 'name') return
  const port = Number(line.srv_port)
  const known = port > 0
  if (parsed.kind === 'name' && Ip.parse(line.srv_addr) !== undefined) {
    const host = line.srv_addr.includes(':') ? `[${line.srv_addr}]` : line.srv_addr
    server.move(host, { port: known ? port : parsed.port, reason: 'server-state' })
  } else if (parsed.kind === 'ip' && known && port !== parsed.port && parsed.portOffset === undefined)
    server.move(parsed.ip, { port, reason: 'server-state' })
}

function applyOrders(line: StateLine, server: Server): void {
  const flags = Number(line.srv_admin_state)
  if ((flags & ordered.maint) !== 0) server.order('maint', 'server-state')
  else if ((flags & ordered.drain) !== 0) server.order('drain', 'server-state')
  if (server.check !== undefined) {
    server.checkEnabled = (Number(line.srv_check_state) & checkState.enabled) !== 0
    const port = Number(line.srv_check_port)
    server.changeCheck({
      ...(line.srv_check_addr === '-' ? {} : { address: line.srv_check_addr }),
      ...(port > 0 ? { port } : {}),
    })
  }
  if (server.agent !== undefined) {
    server.agentEnabled = (Number(line.srv_agent_state) & checkState.enabled) !== 0
    const port = Number(line.srv_agent_port)
    server.changeAgent({
      ...(line.srv_agent_addr === '-' ? {} : { address: line.srv_agent_addr }),
      ...(port > 0 ? { port } : {}),
    })
  }
}

function applyHealth(line: StateLine, server: Server): void {
  // Whose state is another's takes over that one's.
  if (server.tracked !== undefined) return
  const state = Number(line.srv_op_state)
  const orders = Number(line.srv_admin_state)
  const found = nameOfStatus(Number(line.srv_check_status))
  if (server.check !== undefined && found !== undefined)
    server.recallCheck({
      passed: line.srv_check_result !== '2',
      stopping: line.srv_check_result === '4',
      status: found,
    })
  // Out of use is not down: that comes of the order.
  if (state === operational.stopped && (orders & (ordered.maint | ordered.inheritedMaint)) !== 0) return
  server.forceHealth(
    state === operational.stopped ? 'down' : state === operational.stopping ? 'stopping' : 'up',
    'server-state',
  )
}
