/** Contexts for tests of rules and routes: a request or a connection as a value, without a socket. */
import { parseDuration } from '../base/duration.js'
import { OptionError } from '../base/errors.js'
import { Ip } from '../base/ip.js'
import { defaultLimits } from '../codec/step.js'
import { FirstBytes } from '../engine/first-bytes.js'
import { Context, type SessionView } from '../match/context.js'
import { Headers, type HeadersInit } from '../message/headers.js'
import { stripNamed } from '../message/hop-by-hop.js'
import { Request } from '../message/request.js'
import { TEST_DATE, TEST_START } from './test-clock.js'

/** Who connects, and when. */
export interface ConnectionInit {
  /** The client's address. Default `192.0.2.1`, which RFC 5737 keeps for examples. */
  readonly src?: string
  readonly srcPort?: number
  /** The address that the client connected to. Default `198.51.100.1`, port 80. */
  readonly dst?: string
  readonly dstPort?: number
  /** The client came over TLS, for `overTls`. Default: no. */
  readonly tls?: boolean
  /** When: milliseconds or text such as `'3s'`, from a fixed beginning; what rates and expiry count by. Default 0. */
  readonly at?: number | string
  /** The name of the frontend that accepted it, for `frontendName`. Default `test`. */
  readonly frontend?: string
}

/** A request, as far as it is not a plain GET. */
export interface RequestInit extends ConnectionInit {
  /** Default `GET`. */
  readonly method?: string
  /** Default: `host: example.com`, which is also added to fields without a `host`. */
  readonly headers?: HeadersInit
  /** Its length becomes `content-length`; rules do not see bodies. */
  readonly body?: string | Uint8Array
  /** Default `1.1`. */
  readonly version?: '1.0' | '1.1'
}

/** A connection, for the rules that look at one before HTTP does. */
export interface TcpInit extends ConnectionInit {
  /** What the client has sent so far. Default: nothing. */
  readonly bytes?: string | Uint8Array
  /** Nothing more will come: the inspect delay is over, or the client has finished. Default: no. */
  readonly complete?: boolean
}

/**
 * A request, ready for {@link Frontend.route}: time and the client's address are inputs.
 *
 * ```ts
 * t.match(await site().route(request('/api/users', { src: '203.0.113.7', at: '3s' })), { kind: 'respond' })
 * ```
 *
 * @throws {OptionError} when an address is none
 * @throws {FieldError} when a method, target or field cannot be sent
 */
export function request(path: string, init: RequestInit = {}): Context {
  const context = contextOf('request()', init)
  context.request = makeRequest(path, init)
  stripNamed(context.request.headers)
  return context
}

/**
 * A connection, ready for {@link Frontend.admit} and, in TCP mode, for {@link Frontend.route}.
 *
 * ```ts
 * t.match(await entrance.route(connection({ bytes: clientHello, src: '203.0.113.7' })), { kind: 'forward' })
 * ```
 *
 * @throws {OptionError} when an address is none
 */
export function connection(init: TcpInit = {}): Context {
  const context = contextOf('connection()', init)
  const { bytes = '', complete = false } = init
  const sent = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : Buffer.from(bytes)
  context.input = new FirstBytes(sent, complete, defaultLimits)
  return context
}

/** The request's head that both `request()` and `inject()` make of their arguments. */
export function makeRequest(path: string, init: RequestInit): Request {
  const headers = Headers.from(init.headers ?? [])
  if (!headers.has('host')) headers.raw.unshift('host', 'example.com')
  if (init.body !== undefined && !headers.has('content-length') && !headers.has('transfer-encoding'))
    headers.append('content-length', String(bodyBytes(init.body).length))
  return Request.from(init.method ?? 'GET', path, headers, init.version ?? '1.1')
}

/** A body's bytes; text is UTF-8. */
export const bodyBytes = (body: string | Uint8Array): Buffer => Buffer.from(body as string)

/** What a connection of this description looks like to rules. */
export function sessionOf(subject: string, init: ConnectionInit): SessionView {
  return {
    frontend: init.frontend ?? 'test',
    source: addressOf(subject, 'src', init.src ?? '192.0.2.1'),
    sourcePort: init.srcPort ?? 40_000,
    destination: addressOf(subject, 'dst', init.dst ?? '198.51.100.1'),
    destinationPort: init.dstPort ?? 80,
    tls: init.tls ?? false,
  }
}

function contextOf(subject: string, init: ConnectionInit): Context {
  const at = parseDuration(init.at ?? 0)
  return new Context(sessionOf(subject, init), TEST_START + at, TEST_DATE + at)
}

function addressOf(subject: string, option: string, text: string): Ip {
  const ip = Ip.parse(text)
  if (ip === undefined) throw new OptionError(subject, option, `'${text}' is not an IP address`)
  return ip
}
