/** A name server of our own, on loopback: answers by what a name begins with, and remembers what it was asked. */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'

const A = 1
const AAAA = 28

/** `four…` and `both…` have an IPv4 address, `six…` and `both…` an IPv6 one, `nx…` does not exist, `silent…` is not answered. */
export class NameServer {
  /** As `A four.test`, in order. */
  readonly asked: string[] = []
  readonly #socket: Socket

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('message', (query, peer) => {
      const reply = this.#answer(query)
      if (reply !== undefined) socket.send(reply, peer.port, peer.address)
    })
  }

  static async open(): Promise<NameServer> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1')
    await once(socket, 'listening')
    return new NameServer(socket)
  }

  /** As a `nameserver` line wants it. */
  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`
  }

  close(): void {
    this.#socket.close()
  }

  #answer(query: Buffer): Buffer | undefined {
    const [name, end] = nameAt(query)
    const type = query.readUInt16BE(end)
    this.asked.push(`${type === A ? 'A' : type === AAAA ? 'AAAA' : type} ${name}`)
    if (name.startsWith('silent')) return undefined
    const records: Buffer[] = []
    if (type === A && /^(?:four|both)/.test(name)) records.push(record(A, Buffer.of(192, 0, 2, 7)))
    if (type === AAAA && /^(?:six|both)/.test(name))
      records.push(record(AAAA, Buffer.from('20010db8000000000000000000000009', 'hex')))
    const head = Buffer.from(query.subarray(0, 12))
    head.writeUInt16BE(0x8180 | (name.startsWith('nx') ? 3 : 0), 2)
    head.writeUInt16BE(records.length, 6)
    head.writeUInt32BE(0, 8)
    return Buffer.concat([head, query.subarray(12, end + 4), ...records])
  }
}

function nameAt(query: Buffer): readonly [name: string, end: number] {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] as number; length !== 0; length = query[at] as number) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return [labels.join('.').toLowerCase(), at + 1]
}

function record(type: number, data: Buffer): Buffer {
  const head = Buffer.from('c00c00000001000000000000', 'hex')
  head.writeUInt16BE(type, 2)
  head.writeUInt32BE(60, 6)
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}
