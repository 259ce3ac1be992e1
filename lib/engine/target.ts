/** Where a server is, as the network wants to be told. */
import type { Address } from '../base/address.js'
import type { SessionView } from '../match/context.js'
import type { Server } from '../proxy/server.js'
import type { Target } from './network.js'

/** Where a client has connected to, for servers that take their address or port from there. */
export type Asked = Pick<SessionView, 'destination' | 'destinationPort'>

export const askedNothing: Asked = { destination: undefined, destinationPort: 0 }

/** A server's place. */
export function targetOf(server: Server, { destination, destinationPort }: Asked): Target {
  const { parsed, resolved } = server
  if (destination === undefined || parsed.kind !== 'ip' || !parsed.any)
    return from(server, placeOf(parsed, resolved, destinationPort))
  return from(server, { host: destination.toString(), port: portOf(parsed, destinationPort) })
}

/** The same place, reached as the server's connections are made. */
export function from({ dialling }: Server, target: Target): Target {
  return dialling === undefined || 'path' in target ? target : { ...target, ...dialling }
}

/** What tells the places of a server apart that has several. */
export function placeText(server: Server, asked: Asked): string | undefined {
  return server.relative ? `${asked.destination?.toString()} ${asked.destinationPort}` : undefined
}

/** The place of an address whose name, if it is one, was resolved to `resolved`. */
export function placeOf(address: Address, resolved: string | undefined, asked: number): Target {
  switch (address.kind) {
    case 'unix':
      return { path: address.path }
    case 'abns':
      return { path: abstractPath(address.name, address.padded) }
    case 'fd':
      throw new RangeError('a file descriptor is no place to connect to')
    case 'ip':
      return { host: address.any ? '127.0.0.1' : address.ip, port: portOf(address, asked) }
    default:
      return { host: resolved ?? address.name, port: portOf(address, asked) }
  }
}

function portOf(address: { readonly port: number; readonly portOffset?: number }, asked: number): number {
  if (address.portOffset !== undefined) return asked + address.portOffset
  return address.port === 0 ? asked : address.port
}

const LONGEST_PATH = 108

/** An abstract socket's path as Node takes it; HAProxy's `abns` fills the name up with zero bytes, `abnsz` does not. (Node 20 fills it up all the same.) */
export function abstractPath(name: string, padded: boolean): string {
  const path = `\0${name}`
  return padded ? path.padEnd(LONGEST_PATH, '\0') : path
}
