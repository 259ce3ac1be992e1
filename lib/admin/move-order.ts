/** `set server addr`: a server's address and port as an operator orders them, and HAProxy's account of what that changed. */
import { Ip } from '../base/ip.js'
import type { Server } from '../proxy/server.js'
import { CommandError, Message } from './command.js'

const BY = "by 'stats socket command'"

/** Moves it as far as what was said makes sense. */
export function moveServer(server: Server, [address, word, port]: readonly string[]): Message {
  if (address === undefined)
    throw new CommandError('set server <b>/<s> addr requires an address and optionally a port.\n')
  const ip = Ip.parse(address)
  if (ip === undefined) return new Message('warning', `Invalid addr '${address}' ${BY}\n`)
  const told = [moveTo(server, ip)]
  if (word === 'port') told.push(movePort(server, port ?? ''))
  return new Message('warning', `${told.join(', ')} ${BY}\n`)
}

function moveTo(server: Server, ip: Ip): string {
  const before = hostOf(server)
  const next = ip.toString()
  if (before === next) return 'no need to change the addr'
  server.move(next, { reason: 'stats socket command' })
  return `IP changed from '${before}' to '${next}'`
}

function movePort(server: Server, text: string): string {
  const number = /^[+-]?\d+/.exec(text)?.[0]
  if (number === undefined) return `problem converting port '${text}' to an int`
  const before = portText(server)
  const relative = /^[+-]/.test(number)
  if (relative && server.checkPort === undefined)
    return "can't change <port> to port map because it is incompatible with current health check port configuration (use 'port' statement from the 'server' directive."
  const next = relative ? `${number[0]}${Number(number.slice(1))}` : String(Number(number) & 0xffff)
  if (before === next) return 'no need to change the port'
  const host = hostOf(server)
  if (relative) server.move(`${host.includes(':') ? `[${host}]` : host}:${next}`, { reason: 'stats socket command' })
  else server.move(host, { port: Number(next), reason: 'stats socket command' })
  return `port changed from '${before}' to '${next}'`
}

function hostOf({ parsed, resolved }: Server): string {
  if (parsed.kind === 'ip') return parsed.ip
  return parsed.kind === 'name' ? (resolved ?? '(none)') : '(none)'
}

function portText({ parsed }: Server): string {
  if (parsed.kind !== 'ip' && parsed.kind !== 'name') return '0'
  const { port, portOffset } = parsed
  if (portOffset === undefined || portOffset === 0) return String(port)
  return `${portOffset > 0 ? '+' : ''}${portOffset}`
}
