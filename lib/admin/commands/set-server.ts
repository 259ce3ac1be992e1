/** `set server`: everything that can be ordered of one server. Manual of management, 9.3. */
import { Ip } from '../../base/ip.js'
import type { Server } from '../../proxy/server.js'
import { type Answer, type Command, type CommandCall, CommandError } from '../command.js'
import { serverOf } from '../lookup.js'
import { moveServer } from '../move-order.js'
import { orderWeight } from '../weight-order.js'

const USAGE =
  'usage: set server <backend>/<server> addr | agent | agent-addr | agent-port | agent-send | check-addr | check-port | fqdn | health | ssl | state | weight\n'

/** Why a server stands otherwise, as HAProxy's log says it. */
const FROM_CLI = 'changed from CLI'

type Order = (server: Server, args: readonly string[], call: CommandCall) => Answer

function setState(server: Server, [state]: readonly string[]): string {
  if (state !== 'ready' && state !== 'drain' && state !== 'maint')
    throw new CommandError("'set server <srv> state' expects 'ready', 'drain' and 'maint'.\n")
  server.order(state)
  return ''
}

function setHealth(server: Server, [health]: readonly string[]): string {
  if (server.tracked !== undefined) throw new CommandError('cannot change health on a tracking server.\n')
  if (health !== 'up' && health !== 'stopping' && health !== 'down')
    throw new CommandError("'set server <srv> health' expects 'up', 'stopping', or 'down'.\n")
  server.forceHealth(health, FROM_CLI)
  return ''
}

function setAgent(server: Server, [state]: readonly string[]): string {
  if (server.agent === undefined || !server.agentEnabled)
    throw new CommandError('agent checks are not enabled on this server.\n')
  if (state !== 'up' && state !== 'down') throw new CommandError("'set server <srv> agent' expects 'up' or 'down'.\n")
  server.forceAgent(state === 'up', FROM_CLI)
  return ''
}

function setAgentAddress(server: Server, [address, word, port]: readonly string[]): string {
  if (address === undefined)
    throw new CommandError('set server <b>/<s> agent-addr requires an address and optionally a port.\n')
  if (server.agent === undefined || !server.agentEnabled)
    throw new CommandError('agent checks are not enabled on this server')
  const place = addressOf(address)
  server.changeAgent({ address: place, ...(word === 'port' ? { port: portOf(port ?? '') } : {}) })
  return ''
}

function setAgentPort(server: Server, [port]: readonly string[]): string {
  if (port === undefined) throw new CommandError('set server <b>/<s> agent-port requires a port.\n')
  if (server.agent === undefined || !server.agentEnabled)
    throw new CommandError('agent checks are not enabled on this server')
  server.changeAgent({ port: portOf(port) })
  return ''
}

function setAgentSend(server: Server, [text = '']: readonly string[]): string {
  if (server.agent === undefined || !server.agentEnabled)
    throw new CommandError('agent checks are not enabled on this server.\n')
  server.changeAgent({ send: text })
  return ''
}

function setCheckAddress(server: Server, [address, word, port]: readonly string[]): string {
  if (address === undefined)
    throw new CommandError('set server <b>/<s> check-addr requires an address and optionally a port.\n')
  if (!server.checkEnabled) throw new CommandError('health checks are not enabled on this server')
  const place = addressOf(address)
  server.changeCheck({ address: place, ...(word === 'port' ? { port: portOf(port ?? '') } : {}) })
  return ''
}

function setCheckPort(server: Server, [port]: readonly string[]): string {
  if (port === undefined) throw new CommandError('set server <b>/<s> check-port requires a port.\n')
  if (!server.checkEnabled) throw new CommandError('health checks are not enabled on this server')
  server.changeCheck({ port: portOf(port) })
  return ''
}

function addressOf(text: string): string {
  const ip = Ip.parse(text)
  if (ip === undefined) throw new CommandError(`invalid addr '${text}'`)
  return ip.toString()
}

function portOf(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw new CommandError('provided port is not an integer')
  const port = Number(text)
  if (port < 0 || port > 65_535) throw new CommandError('provided port is invalid')
  return port
}

function setName(server: Server, [name]: readonly string[]): string {
  if (name === undefined) throw new CommandError('set server <b>/<s> fqdn requires a FQDN.\n')
  if (server.naming.resolvers === undefined)
    throw new CommandError('set server <b>/<s> fqdn failed because no resolution is configured.\n')
  server.rename(name, 'stats socket command')
  return ''
}

function setWeight(server: Server, [weight]: readonly string[], { balancer, args }: CommandCall): string {
  orderWeight(serverOf(balancer, args[0]).backend, server, weight)
  return ''
}

function setTls(): never {
  throw new CommandError("'set server <srv> ssl' cannot be set.  default-server should define ssl settings\n")
}

const orders: ReadonlyMap<string, Order> = new Map<string, Order>([
  ['weight', setWeight],
  ['state', setState],
  ['health', setHealth],
  ['agent', setAgent],
  ['agent-addr', setAgentAddress],
  ['agent-port', setAgentPort],
  ['agent-send', setAgentSend],
  ['check-addr', setCheckAddress],
  ['check-port', setCheckPort],
  ['addr', moveServer],
  ['fqdn', setName],
  ['ssl', setTls],
])

function setServer(call: CommandCall): Answer {
  const [which, what = '', ...rest] = call.args
  const { server } = serverOf(call.balancer, which)
  const order = orders.get(what)
  if (order === undefined) throw new CommandError(USAGE)
  return order(server, rest, call)
}

export const setServerCommands: readonly Command[] = [
  {
    words: ['set', 'server'],
    usage: "set server <bk>/<srv> [opts]            : change a server's state, weight, address or ssl",
    level: 'admin',
    run: setServer,
  },
]
