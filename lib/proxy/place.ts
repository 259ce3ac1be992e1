/** Where a server is: the address that it was written with, and the one that it has moved to. */
import { type Address, parseServerAddress } from '../base/address.js'
import { OptionError } from '../base/errors.js'
import { Ip } from '../base/ip.js'

/** How a server moves. */
export interface MoveOptions {
  /** Its port there; 0 for the port that the client connected to. Default: as before. */
  readonly port?: number | undefined
  /** For whoever is told of it. */
  readonly reason?: string | undefined
  /** The name servers who said it, and the address that it had until then. */
  readonly by?: { readonly source: string; readonly before: string | undefined } | undefined
}

/** The address or the port is the one that the client connected to. */
export function isRelative(address: Address): boolean {
  if (address.kind !== 'ip' && address.kind !== 'name') return false
  return address.port === 0 || address.portOffset !== undefined || (address.kind === 'ip' && address.any)
}

/** @throws {OptionError} on what is no address of a server */
export function parseAddress(subject: string, option: string, address: string): Address {
  try {
    return parseServerAddress(address)
  } catch (error) {
    throw new OptionError(subject, option, (error as Error).message)
  }
}

/** The place that a server is at when it has moved; the port stays unless another one is said. */
export function movedTo(subject: string, before: Address, address: string, port: number | undefined): Address {
  const next = parseAddress(subject, 'move()', Ip.parse(address)?.family === 6 ? `[${address}]` : address)
  if (next.kind === 'name')
    throw new OptionError(subject, 'move()', `'${address}' is a name: a server moves to an IP address or a path`)
  if (next.kind !== 'ip') return next
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535))
    throw new OptionError(subject, 'move()', `the port must be from 0 to 65535, not ${port}`)
  const { ip, family, any } = next
  return { kind: 'ip', ip, family, any, ...portsOf(before, next, port) }
}

interface Ports {
  readonly port: number
  readonly portEnd: number
  readonly portOffset?: number
}

function portsOf(before: Address, next: Ports, asked: number | undefined): Ports {
  const kept = before.kind === 'ip' || before.kind === 'name' ? before : next
  if (asked === undefined && next.port === 0 && (next.portOffset ?? 0) === 0) {
    const { port, portEnd, portOffset } = kept
    return portOffset === undefined ? { port, portEnd } : { port, portEnd, portOffset }
  }
  // A port that goes by the client's.
  if (asked === undefined && next.port === 0) return next
  const port = asked ?? next.port
  return port === 0 ? { port, portEnd: 0, portOffset: 0 } : { port, portEnd: port }
}

/** An address as `server` lines have it. */
export function addressText(address: Address): string {
  switch (address.kind) {
    case 'unix':
      return address.path
    case 'abns':
      return `${address.padded ? 'abns' : 'abnsz'}@${address.name}`
    case 'fd':
      return `fd@${address.fd}`
    default: {
      const host = address.kind === 'name' ? address.name : address.family === 6 ? `[${address.ip}]` : address.ip
      const { port, portOffset } = address
      if (portOffset === undefined) return `${host}:${port}`
      if (portOffset === 0) return host
      return `${host}:${portOffset > 0 ? '+' : ''}${portOffset}`
    }
  }
}
