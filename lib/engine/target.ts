/** Where a server is, as the network wants to be told. */
import type { Address } from '../base/address.js'
import type { Server } from '../proxy/server.js'
import type { Target } from './network.js'

/**
 * A server's place.
 * @param asked the port that the client connected to, for servers whose port is taken from there
 */
export function targetOf(server: Server, asked: number): Target {
  return placeOf(server.parsed, server.resolved, asked)
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
