/** Where a log line can go, and how that is written: `127.0.0.1:514`, `tcp@host:6514`, `/dev/log`, `stdout`, `ring@name`. Manual, `log`. */
import { isIP } from 'node:net'

/** Where a log line can be sent to. */
export type LogAddress =
  | { readonly kind: 'udp'; readonly host: string; readonly port: number }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  /** A unix socket of datagram kind, as syslog daemons have; one of stream kind will do. */
  | { readonly kind: 'unix'; readonly path: string }
  /** A unix socket of stream kind. */
  | { readonly kind: 'stream'; readonly path: string }
  | { readonly kind: 'fd'; readonly fd: number }
  | { readonly kind: 'ring'; readonly name: string }

const DEFAULT_PORT = 514

const families: Readonly<Record<string, 'udp' | 'tcp' | 'unix' | 'stream' | 'ring'>> = {
  udp: 'udp',
  udp4: 'udp',
  udp6: 'udp',
  ipv4: 'udp',
  ipv6: 'udp',
  dgram: 'udp',
  'dgram+ipv4': 'udp',
  'dgram+ipv6': 'udp',
  tcp: 'tcp',
  tcp4: 'tcp',
  tcp6: 'tcp',
  'stream+ipv4': 'tcp',
  'stream+ipv6': 'tcp',
  unix: 'unix',
  uxdg: 'unix',
  'dgram+unix': 'unix',
  uxst: 'stream',
  'stream+unix': 'stream',
  ring: 'ring',
}

/**
 * Understands the address of a `log` line.
 * @throws {Error} that says what is wrong with it
 */
export function parseLogAddress(text: string): LogAddress {
  if (text === 'stdout') return { kind: 'fd', fd: 1 }
  if (text === 'stderr') return { kind: 'fd', fd: 2 }
  const [, prefix = '', rest = text] = /^([a-z0-9+]+)@(.*)$/s.exec(text) ?? []
  if (prefix === 'fd') {
    if (!/^\d{1,9}$/.test(rest)) throw new Error(`'${text}' is no descriptor: write fd@ and a number`)
    return { kind: 'fd', fd: Number(rest) }
  }
  if (prefix === '') return rest.startsWith('/') ? { kind: 'unix', path: rest } : hostAndPort('udp', text, rest)
  const kind = Object.hasOwn(families, prefix) ? families[prefix] : undefined
  if (kind === undefined) throw new Error(`'${prefix}@' is not supported for logs: ${advice(prefix)}`)
  if (kind === 'udp' || kind === 'tcp') return hostAndPort(kind, text, rest)
  if (rest === '') throw new Error(`'${text}' has no name behind its '@'`)
  return kind === 'ring' ? { kind, name: rest } : { kind, path: rest }
}

const advice = (prefix: string): string =>
  prefix === 'backend'
    ? "backends of mode log are not there; write 'tcp@', 'udp@' or 'ring@'"
    : "write 'udp@', 'tcp@', 'unix@', 'uxst@', 'fd@' or 'ring@'"

function hostAndPort(kind: 'udp' | 'tcp', text: string, rest: string): LogAddress {
  const colon = rest.startsWith('[') ? rest.indexOf(':', rest.indexOf(']')) : rest.lastIndexOf(':')
  const host = (colon < 0 ? rest : rest.slice(0, colon)).replace(/^\[(.*)\]$/, '$1')
  const port = colon < 0 ? '' : rest.slice(colon + 1)
  if (host === '') throw new Error(`'${text}' has no host: write it as in 127.0.0.1:514`)
  if (port !== '' && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535))
    throw new Error(`'${text}' has no usable port: it must be 1 to 65535`)
  return { kind, host, port: port === '' ? DEFAULT_PORT : Number(port) }
}

/** Whether a host is a number already, and needs no resolver. */
export const isNumeric = (host: string): boolean => isIP(host) !== 0
