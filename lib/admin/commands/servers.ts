/** Orders for one server: whether it takes requests, whether it is checked, its weight and its limit. Manual of management, 9.3. */
import { adminCommand, type Command, type CommandCall, CommandError } from '../command.js'
import { serverOf } from '../lookup.js'
import { orderWeight } from '../weight-order.js'

function disableServer({ balancer, args: [which] }: CommandCall): string {
  serverOf(balancer, which).server.order('maint')
  return ''
}

function enableServer({ balancer, args: [which] }: CommandCall): string {
  serverOf(balancer, which).server.order('ready')
  return ''
}

function enableHealth({ balancer, args: [which] }: CommandCall): string {
  const { server } = serverOf(balancer, which)
  if (server.check === undefined)
    throw new CommandError('Health check was not configured on this server, cannot enable.\n')
  server.checkEnabled = true
  return ''
}

function disableHealth({ balancer, args: [which] }: CommandCall): string {
  serverOf(balancer, which).server.checkEnabled = false
  return ''
}

function enableAgent({ balancer, args: [which] }: CommandCall): string {
  const { server } = serverOf(balancer, which)
  if (server.agent === undefined) throw new CommandError('Agent was not configured on this server, cannot enable.\n')
  server.agentEnabled = true
  return ''
}

function disableAgent({ balancer, args: [which] }: CommandCall): string {
  serverOf(balancer, which).server.agentEnabled = false
  return ''
}

function getWeight({ balancer, args: [which] }: CommandCall): string {
  const { weight, initialWeight } = serverOf(balancer, which).server
  return `${weight} (initial ${initialWeight})\n`
}

function setWeight({ balancer, args: [which, weight] }: CommandCall): string {
  const { backend, server } = serverOf(balancer, which)
  orderWeight(backend, server, weight)
  return ''
}

function setMaxConnections({ balancer, args: [which, given] }: CommandCall): string {
  const { server } = serverOf(balancer, which)
  if (given === undefined) throw new CommandError('Require <maxconn>.\n')
  const [, number, rest] = /^\s*([+-]?\d+)?(.*)$/s.exec(given) ?? []
  if (number === undefined) throw new CommandError('maxconn string empty or preceded by garbage')
  if (rest !== '') throw new CommandError('Trailing garbage in maxconn string')
  server.maxConnections = Math.max(Number(number), 0)
  return ''
}

export const serverCommands: readonly Command[] = [
  adminCommand('disable agent', 'disable agent                           : disable agent checks', disableAgent),
  adminCommand('disable health', 'disable health                          : disable health checks', disableHealth),
  adminCommand(
    'disable server',
    "disable server (DEPRECATED)             : disable a server for maintenance (use 'set server' instead)",
    disableServer,
  ),
  adminCommand('enable agent', 'enable agent                            : enable agent checks', enableAgent),
  adminCommand('enable health', 'enable health                           : enable health checks', enableHealth),
  adminCommand(
    'enable server',
    "enable server  (DEPRECATED)             : enable a disabled server (use 'set server' instead)",
    enableServer,
  ),
  {
    words: ['get', 'weight'],
    usage: "get weight <bk>/<srv>                   : report a server's current weight",
    level: 'user',
    run: getWeight,
  },
  adminCommand(
    'set weight',
    "set weight <bk>/<srv>  (DEPRECATED)     : change a server's weight (use 'set server' instead)",
    setWeight,
  ),
  adminCommand(
    'set maxconn server',
    "set maxconn server <bk>/<srv>           : change a server's maxconn setting",
    setMaxConnections,
  ),
]
