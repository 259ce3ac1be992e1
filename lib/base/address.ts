/**
 * Where listeners listen and servers are, as text (manual, chapter 11 "Address formats", `bind` and `server`).
 * Environment variables and quotes have been resolved before; names are resolved, sockets opened elsewhere.
 */
import { Ip, ipv4ToNumber } from './ip.js'

/** What IP addresses and names have in common. */
interface Ports {
  /** 0: any free one (listeners), or see {@link portOffset} (servers). */
  readonly port: number
  /** The last port of a listener's range; otherwise the same as `port`. */
  readonly portEnd: number
  /** Servers only: the port is the one that the client connected to, plus this. 0 where the address has no port. */
  readonly portOffset?: number
}

/** A place on the network. */
export interface IpAddress extends Ports {
  readonly kind: 'ip'
  /** In canonical text. */
  readonly ip: string
  readonly family: 4 | 6
  /**
   * It is `0.0.0.0` or `::`, written so or as `*` or left out. A listener then takes connections on every address of the
   * family; a server is reached at the address that the client connected to.
   */
  readonly any: boolean
}

/** A host by name. */
export interface NameAddress extends Ports {
  readonly kind: 'name'
  readonly name: string
  /** The family that was asked for; otherwise either. */
  readonly family: 4 | 6 | undefined
}

/** A unix socket that is a file. */
export interface UnixAddress {
  readonly kind: 'unix'
  readonly path: string
}

/** A unix socket in Linux's abstract namespace. */
export interface AbstractAddress {
  readonly kind: 'abns'
  readonly name: string
  /** `abns@`: the name is filled up with zero bytes to the full length of a socket address; `abnsz@`: it is not. */
  readonly padded: boolean
}

/** A descriptor that the process inherited; a listener's only. */
export interface DescriptorAddress {
  readonly kind: 'fd'
  readonly fd: number
}

export type Address = IpAddress | NameAddress | UnixAddress | AbstractAddress | DescriptorAddress

type Side = 'bind' | 'server'
type Family = 'ip' | 'unix' | 'abns' | 'abnsz' | 'fd'

/** Prefixes that end up as stream sockets: what they say of the family. */
const PREFIXES: ReadonlyMap<string, { readonly family: Family; readonly version?: 4 | 6 }> = new Map([
  ['ip', { family: 'ip' }],
  ['ipv4', { family: 'ip', version: 4 }],
  ['ipv6', { family: 'ip', version: 6 }],
  ['tcp', { family: 'ip' }],
  ['tcp4', { family: 'ip', version: 4 }],
  ['tcp6', { family: 'ip', version: 6 }],
  ['unix', { family: 'unix' }],
  ['uxst', { family: 'unix' }],
  ['abns', { family: 'abns' }],
  ['abnsz', { family: 'abnsz' }],
  ['fd', { family: 'fd' }],
])

/** Prefixes that HAProxy has and we cannot serve, with the reason. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['sockpair', 'passing sockets over a socket pair is not supported'],
  ['quic4', 'QUIC is not supported'],
  ['quic6', 'QUIC is not supported'],
  ['mptcp', 'MPTCP is not supported'],
  ['mptcp4', 'MPTCP is not supported'],
  ['mptcp6', 'MPTCP is not supported'],
  ['rhttp', 'reverse HTTP is not supported'],
  ['udp', 'a datagram address is not acceptable here: use tcp@'],
  ['udp4', 'a datagram address is not acceptable here: use tcp4@'],
  ['udp6', 'a datagram address is not acceptable here: use tcp6@'],
  ['uxdg', 'a datagram address is not acceptable here: use unix@'],
])

const PREFIX_LIST = 'ip@, ipv4@, ipv6@, tcp@, tcp4@, tcp6@, unix@, abns@, abnsz@ and fd@'

/** Bytes of a path or abstract name that fit into a unix socket address. */
const LONGEST_PATH = 107

/**
 * The addresses of a `bind`: `:8080`, `10.0.0.1:80`, `[::1]:80`, `:::80`, `name:80`, `*:8000-8010`, `/run/x.sock`,
 * `unix@x`, `abns@x`, `abnsz@x`, `fd@3`, each with an optional `stream+` and family prefix, several separated by commas.
 * A port is needed; it may be 0, which takes a free one (a haproxy.cfg may not say so).
 * @throws {RangeError} that says what is wrong and what is allowed
 */
export function parseBindAddress(text: string): Address[] {
  const parts = text.split(',')
  if (parts.length > 1 && parts.at(-1) === '') parts.pop()
  return parts.map((part) => parse(part, 'bind'))
}

/**
 * The address of a `server`: as for a listener, but one, with a port that may be left out (the port that the client
 * connected to), be relative to that (`:+100`, `:-10`), and not a range; and not a descriptor.
 * @throws {RangeError} that says what is wrong and what is allowed
 */
export function parseServerAddress(text: string): Address {
  return parse(text, 'server')
}

function parse(text: string, side: Side): Address {
  if (text === '') throw new RangeError('the address is empty: write one such as 10.0.0.1:80')
  if (text.startsWith('/')) return unixAddress(text, text)
  const { prefix, rest } = splitPrefix(text)
  if (prefix === undefined) return networkAddress(text, rest, undefined, side)
  switch (prefix.family) {
    case 'ip':
      return networkAddress(text, rest, prefix.version, side)
    case 'unix':
      return unixAddress(text, rest)
    case 'fd':
      return descriptorAddress(text, rest, side)
    default:
      return abstractAddress(text, rest, prefix.family === 'abns')
  }
}

function splitPrefix(text: string) {
  const at = text.indexOf('@')
  if (at < 0) return { prefix: undefined, rest: text }
  let word = text.slice(0, at)
  if (word.startsWith('stream+')) word = word.slice('stream+'.length)
  else if (word.startsWith('dgram+'))
    throw new RangeError(`'${text}': a datagram address is not acceptable here: leave 'dgram+' out`)
  const refused = REFUSED.get(word)
  if (refused !== undefined) throw new RangeError(`'${text}': ${refused}`)
  const prefix = PREFIXES.get(word)
  if (prefix === undefined) throw new RangeError(`'${text}': unknown prefix '${word}@': known are ${PREFIX_LIST}`)
  return { prefix, rest: text.slice(at + 1) }
}

function unixAddress(text: string, path: string): UnixAddress {
  checkPath(text, path, 'the path of a unix socket')
  return { kind: 'unix', path }
}

function abstractAddress(text: string, name: string, padded: boolean): AbstractAddress {
  checkPath(text, name, 'the name of an abstract socket')
  return { kind: 'abns', name, padded }
}

function checkPath(text: string, path: string, noun: string): void {
  if (path === '') throw new RangeError(`'${text}': ${noun} is empty`)
  if (path.includes('\0')) throw new RangeError(`'${text}': ${noun} must not contain a zero byte`)
  if (new TextEncoder().encode(path).length > LONGEST_PATH)
    throw new RangeError(`'${text}': ${noun} is too long: at most ${LONGEST_PATH} bytes`)
}

function descriptorAddress(text: string, number: string, side: Side): DescriptorAddress {
  if (side === 'server') throw new RangeError(`'${text}': a file descriptor is not acceptable here, only on a listener`)
  if (!/^\d{1,9}$/.test(number))
    throw new RangeError(`'${text}': file descriptor '${number}' is not a whole number, as in fd@3`)
  return { kind: 'fd', fd: Number(number) }
}

/** `host`, `host:port` and the like: what follows the last colon is the port, but for brackets that are closed at the end. */
function networkAddress(text: string, rest: string, version: 4 | 6 | undefined, side: Side): IpAddress | NameAddress {
  const colon = rest.endsWith(']') ? -1 : rest.lastIndexOf(':')
  const host = colon < 0 ? rest : rest.slice(0, colon)
  const ports =
    side === 'bind'
      ? bindPorts(text, colon < 0 ? '' : rest.slice(colon + 1))
      : serverPorts(text, colon < 0 ? '' : rest.slice(colon + 1))
  return { ...hostAddress(text, host, version), ...ports }
}

function hostAddress(
  text: string,
  host: string,
  version: 4 | 6 | undefined,
): Omit<IpAddress, keyof Ports> | Omit<NameAddress, keyof Ports> {
  if (host === '' || host === '*') return ipAddress(version === 6 ? '::' : '0.0.0.0', version ?? 4)
  const bracketed = host.startsWith('[') && host.endsWith(']')
  const ip = Ip.parse(bracketed ? host.slice(1, -1) : host)
  if (ip !== undefined) {
    if (version !== undefined && ip.family !== version)
      throw new RangeError(`'${text}': '${host}' is not an IPv${version} address`)
    return ipAddress(ip.toString(), ip.family)
  }
  if (host.includes(':') || bracketed)
    throw new RangeError(`'${text}': '${host}' is not an IPv6 address: put the address in brackets, as in [::1]:80`)
  if (/^\d+(\.\d+){3,}$/.test(host)) throw new RangeError(`'${text}': '${host}' is not an IPv4 address`)
  if (!/^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?$/.test(host) || host.length > 253)
    throw new RangeError(`'${text}': '${host}' is neither an IP address nor a host name`)
  return { kind: 'name', name: host, family: version }
}

function ipAddress(ip: string, family: 4 | 6): Omit<IpAddress, keyof Ports> {
  return { kind: 'ip', ip, family, any: ip === '::' || ipv4ToNumber(ip) === 0 }
}

function bindPorts(text: string, port: string): Ports {
  if (port === '') throw new RangeError(`'${text}': missing port: write it after a colon, as in 127.0.0.1:8080`)
  if (port.startsWith('+') || port.startsWith('-'))
    throw new RangeError(`'${text}': a port offset is not permitted on a listener`)
  const dash = port.indexOf('-')
  const first = portNumber(text, dash < 0 ? port : port.slice(0, dash))
  const last = dash < 0 ? first : portNumber(text, port.slice(dash + 1))
  if (dash >= 0 && (first === 0 || last < first))
    throw new RangeError(
      `'${text}': invalid port range '${port}': write the lower port first, from 1 on, as in 8000-8010`,
    )
  return { port: first, portEnd: last }
}

function serverPorts(text: string, port: string): Ports {
  if (port === '') return { port: 0, portEnd: 0, portOffset: 0 }
  const sign = port.startsWith('+') ? 1 : port.startsWith('-') ? -1 : 0
  if (sign !== 0) {
    const offset = portNumber(text, port.slice(1))
    return { port: 0, portEnd: 0, portOffset: offset === 0 ? 0 : sign * offset }
  }
  if (port.includes('-')) throw new RangeError(`'${text}': a port range is not permitted on a server`)
  const number = portNumber(text, port)
  return number === 0 ? { port: 0, portEnd: 0, portOffset: 0 } : { port: number, portEnd: number }
}

function portNumber(text: string, port: string): number {
  const number = /^\d{1,9}$/.test(port) ? Number(port) : -1
  if (number < 0) throw new RangeError(`'${text}': invalid port '${port}': it must be a number from 0 to 65535`)
  if (number > 65535) throw new RangeError(`'${text}': invalid port ${number}: it must be from 0 to 65535`)
  return number
}
