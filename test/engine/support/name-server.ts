/** A name server that says what a test wants, byte by byte: by UDP and by TCP, on one port of the loopback. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { createServer, type Socket, type Server as TcpServer } from 'node:net'

export const types = { A: 1, CNAME: 5, AAAA: 28, SRV: 33, OPT: 41 } as const
export const rcodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const

/** One record of an answer. */
export interface Rec {
  readonly name: string
  readonly type: keyof typeof types
  readonly ttl?: number
  readonly data:
    | string
    | { readonly priority?: number; readonly weight: number; readonly port: number; readonly target: string }
}

/** What is said to a question; `silent` says nothing. */
export interface Said {
  readonly rcode?: keyof typeof rcodes
  readonly truncated?: boolean
  readonly answers?: readonly Rec[]
  readonly additionals?: readonly Rec[]
  readonly silent?: boolean
  /** Changes the bytes before they are sent; may be several datagrams. */
  readonly bytes?: (answer: Buffer, query: Buffer) => Buffer | readonly Buffer[]
}

export interface Question {
  readonly id: number
  readonly name: string
  readonly type: keyof typeof types | number
  /** What EDNS says that may come. */
  readonly payload: number | undefined
  readonly by: 'udp' | 'tcp'
  /** Where it came from. */
  readonly port: number
  readonly address?: string | undefined
}

/** The bytes of a name, without compression. */
export function nameBytes(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '')
  return Buffer.concat([...labels.map((label) => Buffer.from([label.length, ...Buffer.from(label)])), Buffer.from([0])])
}

function recordData({ type, data }: Rec): Buffer {
  if (typeof data !== 'string') {
    const fixed = Buffer.alloc(6)
    fixed.writeUInt16BE(data.priority ?? 0, 0)
    fixed.writeUInt16BE(data.weight, 2)
    fixed.writeUInt16BE(data.port, 4)
    return Buffer.concat([fixed, nameBytes(data.target)])
  }
  if (type === 'A') return Buffer.from(data.split('.').map(Number))
  if (type === 'AAAA') return ipv6Bytes(data)
  return nameBytes(data)
}

function ipv6Bytes(text: string): Buffer {
  const [head = '', tail = ''] = text.split('::')
  const words = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16))
  const front = words(head)
  const back = words(tail)
  const all = [...front, ...new Array<number>(8 - front.length - back.length).fill(0), ...back]
  return Buffer.from(all.flatMap((word) => [word >> 8, word & 255]))
}

function recordBytes(rec: Rec): Buffer {
  const data = recordData(rec)
  const fixed = Buffer.alloc(10)
  fixed.writeUInt16BE(types[rec.type], 0)
  fixed.writeUInt16BE(1, 2)
  fixed.writeUInt32BE(rec.ttl ?? 0, 4)
  fixed.writeUInt16BE(data.length, 8)
  return Buffer.concat([nameBytes(rec.name), fixed, data])
}

/** Where the question ends. */
function questionEnd(query: Buffer): number {
  let at = 12
  while (at < query.length && query[at] !== 0) at += (query[at] ?? 0) + 1
  return at + 5
}

export function readQuestion(query: Buffer, by: 'udp' | 'tcp', port: number): Question {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length !== 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += length + 1
  }
  const number = query.readUInt16BE(at + 1)
  const type = (Object.keys(types) as (keyof typeof types)[]).find((one) => types[one] === number) ?? number
  const end = at + 5
  const edns = query.readUInt16BE(10) > 0 && query.readUInt16BE(end + 1) === types.OPT
  return {
    id: query.readUInt16BE(0),
    name: labels.join('.'),
    type,
    payload: edns ? query.readUInt16BE(end + 3) : undefined,
    by,
    port,
  }
}

/** The bytes of an answer: the question is echoed as it came. */
export function answerBytes(query: Buffer, said: Said): Buffer {
  const head = Buffer.alloc(12)
  query.copy(head, 0, 0, 2)
  head.writeUInt16BE(0x8180 | (said.truncated === true ? 0x0200 : 0) | rcodes[said.rcode ?? 'NOERROR'], 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(said.answers?.length ?? 0, 6)
  head.writeUInt16BE(said.additionals?.length ?? 0, 10)
  const records = [...(said.answers ?? []), ...(said.additionals ?? [])].map(recordBytes)
  return Buffer.concat([head, query.subarray(12, questionEnd(query)), ...records])
}

/** A table of what names have; what stands in it no more does not exist. */
export type Zone = (question: Question) => Said

/** `four…` and `both…` have an IPv4 address, `six…` and `both…` an IPv6 one, `nx…` does not exist, `silent…` is not answered. */
export const tellingNames: Zone = ({ name, type }) => {
  const lower = name.toLowerCase()
  if (lower.startsWith('silent')) return { silent: true }
  const ttl = 60
  const answers: Rec[] = []
  if (type === 'A' && /^(?:four|both)/.test(lower)) answers.push({ name, type, ttl, data: '192.0.2.7' })
  if (type === 'AAAA' && /^(?:six|both)/.test(lower)) answers.push({ name, type, ttl, data: '2001:db8::9' })
  return { rcode: lower.startsWith('nx') ? 'NXDOMAIN' : 'NOERROR', answers }
}

/** See the head of the file. */
export class NameServer implements AsyncDisposable {
  readonly questions: Question[] = []
  zone: Zone
  port = 0
  #udp: UdpSocket = createSocket('udp4')
  readonly #byTcp: boolean
  #tcp: TcpServer | undefined
  readonly #streams = new Set<Socket>()

  constructor(zone: Zone, tcp = false) {
    this.zone = zone
    this.#byTcp = tcp
  }

  /** At a port that both have free. */
  async listen(): Promise<this> {
    for (let tries = 0; ; tries++) {
      await new Promise<void>((resolve) => this.#udp.bind(0, '127.0.0.1', resolve))
      this.port = this.#udp.address().port
      if (!this.#byTcp || (await this.#listenByTcp())) break
      if (tries > 20) throw new Error('there is no port that is free by UDP and TCP')
      this.#udp.close()
      this.#udp = createSocket('udp4')
    }
    this.#udp.on('message', (query, from) => {
      for (const datagram of this.#answers(query, 'udp', from)) this.#udp.send(datagram, from.port, from.address)
    })
    return this
  }

  #listenByTcp(): Promise<boolean> {
    const tcp = createServer((socket) => this.#stream(socket))
    return new Promise((resolve) => {
      tcp.once('error', () => resolve(false))
      tcp.listen(this.port, '127.0.0.1', () => {
        this.#tcp = tcp
        resolve(true)
      })
    })
  }

  get address(): string {
    return `127.0.0.1:${this.port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const stream of this.#streams) stream.destroy()
    await new Promise<void>((resolve) => this.#udp.close(() => resolve()))
    const tcp = this.#tcp
    if (tcp !== undefined) await new Promise<void>((resolve) => tcp.close(() => resolve()))
  }

  #answers(query: Buffer, by: 'udp' | 'tcp', from: { port: number; address: string | undefined }): readonly Buffer[] {
    const question = { ...readQuestion(query, by, from.port), address: from.address }
    this.questions.push(question)
    const said = this.zone(question)
    if (said.silent === true) return []
    const answer = answerBytes(query, said)
    const bytes = said.bytes?.(answer, query) ?? answer
    return Array.isArray(bytes) ? (bytes as readonly Buffer[]) : [bytes as Buffer]
  }

  #stream(socket: Socket): void {
    this.#streams.add(socket)
    let held = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('close', () => this.#streams.delete(socket))
    socket.on('data', (bytes) => {
      held = Buffer.concat([held, bytes])
      while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
        const length = held.readUInt16BE(0)
        for (const answer of this.#answers(held.subarray(2, 2 + length), 'tcp', {
          port: socket.remotePort ?? 0,
          address: socket.remoteAddress,
        })) {
          const prefix = Buffer.alloc(2)
          prefix.writeUInt16BE(answer.length)
          socket.write(Buffer.concat([prefix, answer]))
        }
        held = held.subarray(2 + length)
      }
    })
  }
}
