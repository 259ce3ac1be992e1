/** A request as somebody describes it who wants it explained: URL, fields, addresses → the frontend that it would come to, and what its rules would see. */
import { z } from 'zod'
import type { Clock } from '../base/clock.js'
import { OptionError } from '../base/errors.js'
import { Ip } from '../base/ip.js'
import { checkOptions, integerOption } from '../base/options.js'
import { Context, type ListenerView, type MessageBody, type ProcessView } from '../match/context.js'
import { Headers, type HeadersInit } from '../message/headers.js'
import { Request } from '../message/request.js'
import { Response } from '../message/response.js'
import { withoutDefaultPort } from '../message/uri.js'
import { type ExplainOptions, explain } from './explain.js'
import type { Explanation } from './explanation.js'
import type { Frontend } from './frontend.js'

/** What is known of the request, as far as it is not a plain GET from 127.0.0.1. */
export interface Inquiry {
  /** Default `GET`. */
  readonly method?: string
  /** `host` and `content-length` come by themselves. */
  readonly headers?: HeadersInit
  readonly body?: string | Uint8Array
  /** Default `1.1`. */
  readonly version?: '1.0' | '1.1'
  /** The client's address. Default `127.0.0.1`. */
  readonly src?: string
  readonly srcPort?: number
  /** The address that the client connects to. Default: what the URL or the frontend says. */
  readonly dst?: string
  readonly dstPort?: number
  /** The frontend's name. Default: the one that listens at the URL's port, or the only one. */
  readonly frontend?: string
  /** The time of day that rules see, in milliseconds since 1970. Default: now. */
  readonly at?: number
  /** What the server would answer, to see the rules on the way back. */
  readonly response?: { readonly status: number; readonly reason?: string; readonly headers?: HeadersInit }
}

const port = integerOption(0, 65535, 'a port').optional()
const inquiryOptions = z.looseObject({
  version: z.enum(['1.0', '1.1'], { error: "must be '1.0' or '1.1'" }).optional(),
  srcPort: port,
  dstPort: port,
  at: z.number({ error: 'must be milliseconds since 1970' }).optional(),
})

/** What an inquiry needs of the process that is asked. */
export interface Asked {
  readonly frontends: readonly Frontend[]
  readonly clock: Clock
  readonly process?: ProcessView | undefined
  /** Bytes of a body that rules can see. */
  readonly bodySize: number
  /** Bytes of a head that rules may not exceed. */
  readonly bufferSize: number
}

/** A URL, cut. Without a scheme there is only a target. */
interface Place {
  readonly scheme: string
  readonly authority: string
  readonly host: string
  readonly port: number | undefined
  readonly target: string
}

const SUBJECT = 'explain()'
const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 }

/** Explains a URL. Rejects with {@link OptionError} when it is none, when an address is none, and when it is not clear which frontend would take it. */
export async function explainInquiry(asked: Asked, url: string, inquiry: Inquiry = {}): Promise<Explanation> {
  checkOptions(SUBJECT, inquiryOptions, inquiry)
  const place = cut(url)
  const destination = inquiry.dst ?? (Ip.parse(place.host) === undefined ? undefined : place.host)
  const wanted = inquiry.dstPort ?? place.port
  const { frontend, why } = chooseFrontend(asked.frontends, inquiry.frontend, destination, wanted)
  const context = makeContext(asked, frontend, inquiry, destination, wanted)
  context.request = makeRequest(place, inquiry)
  const bytes = bodyOf(inquiry)
  const body = bytes === undefined ? undefined : whole(bytes, asked.bodySize)
  context.bodies = { requestBody: body, responseBody: undefined }
  if (frontend.mode === 'tcp') context.input = { bytes: wireBytes(context.request, bytes), complete: true }
  const options: ExplainOptions =
    inquiry.response === undefined ? { why } : { why, response: serverAnswer(inquiry.response) }
  return explain(frontend, context, options)
}

function cut(url: string): Place {
  const [, scheme, authority = '', rest = ''] = /^([a-z]+):\/\/([^/?#]*)([^#]*)/i.exec(url) ?? []
  if (scheme === undefined) {
    if (!url.startsWith('/') && url !== '*')
      throw new OptionError(SUBJECT, 'url', `'${url}' is neither a URL nor a path: write https://<host>/ or /`)
    return { scheme: '', authority: '', host: '', port: undefined, target: url.replace(/#.*$/s, '') }
  }
  const [, host = '', number] = /^(?:[^@]*@)?(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(authority) ?? []
  const known = scheme.toLowerCase()
  if (host === '' || !(known in DEFAULT_PORTS))
    throw new OptionError(SUBJECT, 'url', `'${url}' is not an http or https URL with a host`)
  return {
    scheme: known,
    authority: authority.replace(/^.*@/s, ''),
    host: host.replace(/^\[|\]$/g, ''),
    port: number === undefined ? DEFAULT_PORTS[known] : Number(number),
    target: rest.startsWith('/') ? rest : `/${rest}`,
  }
}

/** The frontend that was named, or the one that a client of this address and port would reach, or the only one there is. */
function chooseFrontend(
  frontends: readonly Frontend[],
  name: string | undefined,
  address: string | undefined,
  wanted: number | undefined,
): { readonly frontend: Frontend; readonly why: string } {
  const known = frontends.map((each) => `'${each.name}' (${bindsOf(each) || 'it listens nowhere'})`).join(', ')
  const fault = (problem: string): OptionError => {
    const there = frontends.length === 0 ? 'there is none' : `there are ${known}`
    return new OptionError(SUBJECT, 'frontend', `${problem}: ${there}`)
  }
  if (name !== undefined) {
    const frontend = frontends.find((each) => each.name === name)
    if (frontend === undefined) throw fault(`there is no frontend '${name}'`)
    return { frontend, why: 'it was asked for' }
  }
  const listening = wanted === undefined ? [] : frontends.filter((each) => listensAt(each, address, wanted))
  const [only] = frontends.length === 1 ? frontends : listening
  if (only === undefined || (listening.length > 1 && frontends.length > 1)) {
    const which = wanted === undefined ? 'say which frontend' : `no single frontend listens at port ${wanted}`
    throw fault(which)
  }
  return { frontend: only, why: listening.includes(only) ? `it listens at ${bindsOf(only)}` : 'it is the only one' }
}

const bindsOf = ({ binds }: Frontend): string => binds.map(({ address }) => address).join(', ')

function listensAt({ binds }: Frontend, address: string | undefined, wanted: number): boolean {
  const client = address === undefined ? undefined : Ip.parse(address)
  return binds.some(({ parsed }) => {
    if (parsed.kind !== 'ip' || wanted < parsed.port || wanted > parsed.portEnd) return false
    return client === undefined || parsed.any || parsed.ip === client.toString()
  })
}

function makeContext(
  asked: Asked,
  frontend: Frontend,
  inquiry: Inquiry,
  destination: string | undefined,
  wanted: number | undefined,
): Context {
  const [first] = frontend.binds.flatMap(({ parsed }) => (parsed.kind === 'ip' ? [parsed] : []))
  const listening = first === undefined || first.any ? undefined : Ip.parse(first.ip)
  const session = {
    frontend: frontend.name,
    source: ipOf('src', inquiry.src ?? '127.0.0.1'),
    sourcePort: inquiry.srcPort ?? 40_000,
    destination: destination === undefined ? (listening ?? Ip.parse('127.0.0.1')) : ipOf('dst', destination),
    destinationPort: wanted ?? first?.port ?? 80,
    listener: listenerOf(frontend, destination, wanted),
  }
  const context = new Context(session, asked.clock.now(), inquiry.at ?? asked.clock.wall())
  context.clock = asked.clock
  context.bufferSize = asked.bufferSize
  context.process = asked.process
  return context
}

/** The listener that the client would reach: of an address that none has, the first. Its number is its place, unless it was given one. */
function listenerOf(
  { binds }: Frontend,
  address: string | undefined,
  wanted: number | undefined,
): ListenerView | undefined {
  const client = address === undefined ? undefined : Ip.parse(address)?.toString()
  const views: { readonly view: ListenerView; readonly fits: boolean }[] = []
  let number = 0
  for (const { name, id, parsed } of binds) {
    const ports = parsed.kind === 'ip' || parsed.kind === 'name' ? parsed.portEnd - parsed.port + 1 : 1
    for (let offset = 0; offset < ports; offset++) {
      number = id ?? number + 1
      const here = parsed.kind !== 'ip' || client === undefined || parsed.any || parsed.ip === client
      const fits = here && 'port' in parsed && (wanted === undefined || parsed.port + offset === wanted)
      views.push({ view: { name, id: number, connections: 1 }, fits })
    }
  }
  return (views.find(({ fits }) => fits) ?? views[0])?.view
}

function ipOf(option: string, text: string): Ip {
  const ip = Ip.parse(text)
  if (ip === undefined) throw new OptionError(SUBJECT, option, `'${text}' is not an IP address`)
  return ip
}

function makeRequest({ scheme, authority, target }: Place, inquiry: Inquiry): Request {
  const headers = Headers.from(inquiry.headers ?? [])
  if (authority !== '' && !headers.has('host')) {
    const host = Headers.from({ host: withoutDefaultPort(authority, scheme) })
    headers.raw.unshift(...host.raw)
  }
  const length = bodyOf(inquiry)?.length
  if (length !== undefined && !headers.has('content-length') && !headers.has('transfer-encoding'))
    headers.append('content-length', String(length))
  return Request.from(inquiry.method ?? 'GET', target, headers, inquiry.version ?? '1.1')
}

function bodyOf({ body }: Inquiry): Buffer | undefined {
  return body === undefined ? undefined : Buffer.from(body as string)
}

/** A body that has come, as far as a buffer holds it. */
function whole(all: Buffer, limit: number): MessageBody {
  const complete = all.length <= limit
  return {
    bytes: all.subarray(0, limit),
    complete,
    length: all.length,
    wait: () => complete,
    read: (most) =>
      all.length <= most
        ? Promise.resolve(all)
        : Promise.reject(new RangeError(`the body has more than ${most} bytes`)),
  }
}

/** A request as a connection's first bytes. */
function wireBytes({ method, target, version, headers }: Request, body: Buffer | undefined): Buffer {
  let head = `${method} ${target} HTTP/${version}\r\n`
  for (const [name, value] of headers) head += `${name}: ${value}\r\n`
  return Buffer.concat([Buffer.from(`${head}\r\n`, 'latin1'), body ?? Buffer.alloc(0)])
}

function serverAnswer({ status, reason, headers }: NonNullable<Inquiry['response']>): Response {
  return reason === undefined ? Response.from(status, headers) : Response.from(status, headers, reason)
}
