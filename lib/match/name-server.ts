/** One name server: where it is, how it is asked, and what came of it. */
import { Ip } from '../base/ip.js'

/** A name server as users write it. */
export interface NameServerOptions {
  /** Under which its figures are shown. */
  readonly name: string
  /** As `10.0.0.53:53`, `[::1]:53`, `tcp@10.0.0.53:53`. */
  readonly address: string
  /** The address of this machine from which it is asked; default: the system chooses. HAProxy: `source`. */
  readonly source?: string | undefined
}

/** What was asked of a name server, and what came of it. HAProxy: `show resolvers`. */
export interface NameServerFigures {
  /** Questions. */
  sent: number
  /** Questions that could not be sent. */
  sendErrors: number
  /** Good answers. */
  valid: number
  /** Good answers that moved a server. */
  updates: number
  /** Good answers by way of another name. */
  cname: number
  /** Answers whose other name leads nowhere. */
  cnameErrors: number
  /** Answers without records of the kind that was asked for. */
  anyErrors: number
  /** There is no such name. */
  nx: number
  /** Questions that were not answered in time. */
  timeout: number
  refused: number
  /** Answers that tell of any other failure. */
  other: number
  /** What is no answer to the question. */
  invalid: number
  /** Answers longer than what was said may come. */
  tooBig: number
  /** Answers that say that they are not whole. */
  truncated: number
  /** Answers to a question that nobody asks any more, or never did. */
  outdated: number
}

const figures = (): NameServerFigures => ({
  sent: 0,
  sendErrors: 0,
  valid: 0,
  updates: 0,
  cname: 0,
  cnameErrors: 0,
  anyErrors: 0,
  nx: 0,
  timeout: 0,
  refused: 0,
  other: 0,
  invalid: 0,
  tooBig: 0,
  truncated: 0,
  outdated: 0,
})

/** See the head of the file. */
export class NameServer {
  readonly name: string
  /** With its port. */
  readonly address: string
  readonly host: string
  readonly port: number
  readonly transport: 'udp' | 'tcp'
  /** Ours, if that was said. */
  readonly localAddress: string | undefined
  readonly figures: NameServerFigures = figures()

  /** @throws {RangeError} on what is no address */
  constructor({ name, address, source }: NameServerOptions) {
    const [, prefix, rest = ''] = /^(?:([a-z0-9]+)@)?(.*)$/s.exec(address) ?? []
    const [, bracketed, plain, port = '53'] =
      /^(?:\[([^\]]+)\]|([^:]+|[^:]*:[^:]*:.*?))(?::(\d{1,5}))?$/s.exec(rest) ?? []
    const host = bracketed ?? plain ?? ''
    const zone = host.indexOf('%')
    const ip = Ip.parse(zone < 0 ? host : host.slice(0, zone))
    const transport = transports.get(prefix ?? '')
    if (ip === undefined || transport === undefined || Number(port) > 65_535 || Number(port) === 0)
      throw new RangeError(`'${address}' is no address: write it as 10.0.0.53:53, [::1]:53 or tcp@10.0.0.53:53`)
    this.name = name
    this.transport = transport
    this.host = zone < 0 ? ip.toString() : `${ip}${host.slice(zone)}`
    this.port = Number(port)
    this.localAddress = source === undefined ? undefined : localAddress(source, ip.family)
    this.address = ip.family === 4 ? `${ip}:${port}` : `[${this.host}]:${port}`
  }
}

/** Questions come from a port that nobody can guess: there is none to be said. */
function localAddress(source: string, family: 4 | 6): string {
  const ip = Ip.parse(source)
  if (ip === undefined)
    throw new RangeError(`source '${source}' is not an IP address of this machine, without a port, as in 10.0.0.9`)
  if (ip.family !== family) throw new RangeError(`source '${source}' is of the other family than the name server`)
  return ip.toString()
}

const transports: ReadonlyMap<string, 'udp' | 'tcp'> = new Map([
  ['', 'udp'],
  ['udp', 'udp'],
  ['udp4', 'udp'],
  ['udp6', 'udp'],
  ['ip', 'udp'],
  ['ipv4', 'udp'],
  ['ipv6', 'udp'],
  ['tcp', 'tcp'],
  ['tcp4', 'tcp'],
  ['tcp6', 'tcp'],
])
