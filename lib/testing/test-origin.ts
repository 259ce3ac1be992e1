/** A test's HTTP/1 server: reads requests with the codec and does what a handler says. Which socket it sits on is not its business. */
import { RequestDecoder } from '../codec/request-decoder.js'
import { DATA, END, ERROR, HEAD } from '../codec/step.js'
import type { Socket } from '../engine/network.js'
import type { Request } from '../message/request.js'
import type { Answer, Handler, Reply } from './reply.js'

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n'

/** One connection to a server of a test. Requests are answered one after the other. */
export class TestOrigin {
  readonly #socket: Socket
  readonly #server: string
  readonly #handler: Handler
  readonly #failed: (error: unknown) => void
  readonly #decoder = new RequestDecoder()
  #body: Buffer[] = []
  #busy = false
  #keepAlive = true

  /** @param failed told of what the handler throws; the connection is reset then */
  constructor(socket: Socket, server: string, handler: Handler, failed: (error: unknown) => void) {
    this.#socket = socket
    this.#server = server
    this.#handler = handler
    this.#failed = failed
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('end', () => this.#ended())
  }

  #read(chunk: Buffer): void {
    this.#decoder.push(chunk)
    this.#pump()
  }

  #pump(): void {
    while (!this.#busy) {
      switch (this.#decoder.next()) {
        case HEAD:
          this.#body = []
          this.#keepAlive = this.#decoder.keepAlive
          if (this.#decoder.expectContinue) this.#socket.write(CONTINUE)
          break
        case DATA:
          this.#body.push(this.#decoder.data)
          break
        case END:
          this.#busy = true
          void this.#serve(this.#decoder.head)
          break
        case ERROR:
          this.#failed(this.#decoder.error)
          this.#socket.destroy()
          return
        default:
          return
      }
    }
  }

  async #serve(head: Request): Promise<void> {
    const { method, target, version, headers } = head
    const body = Buffer.concat(this.#body).toString('latin1')
    try {
      const answer = await this.#handler({ request: { method, target, version, headers, body }, server: this.#server })
      this.#act(answer, method)
    } catch (error) {
      this.#failed(error)
      this.#socket.resetAndDestroy?.()
    }
  }

  #act(answer: Answer, method: string): void {
    const socket = this.#socket
    switch (answer.kind) {
      case 'reply':
        this.#reply(answer, method)
        return
      case 'raw':
        // The reset follows when the bytes have arrived, or they would be lost with it.
        socket.write(answer.bytes, () => {
          if (answer.then === 'reset') socket.resetAndDestroy?.()
        })
        if (answer.then === 'close') socket.end()
        else if (answer.then === 'keep') this.#next()
        return
      case 'hang':
        return
      default:
        socket.resetAndDestroy?.()
    }
  }

  #reply({ response, body }: Reply, method: string): void {
    const { status, headers } = response
    const interim = status < 200
    const bodiless = method === 'HEAD' || status === 204 || status === 304 || interim
    const says = headers.getAll('connection').join().toLowerCase()
    const close = !this.#keepAlive || says.includes('close')
    const chunked = headers.has('transfer-encoding')
    const described = chunked || headers.has('content-length') || status === 204 || status === 304 || interim
    let head = `HTTP/1.1 ${status} ${response.reason}\r\n`
    for (const [name, value] of headers) head += `${name}: ${value}\r\n`
    // An answer without a length would last until the connection ends; HEAD is told what GET would bring.
    if (!described) head += `content-length: ${body.length}\r\n`
    this.#socket.write(`${head}\r\n`, 'latin1')
    if (!bodiless) this.#socket.write(chunked ? chunksOf(body) : body)
    if (close) this.#socket.end()
    else this.#next()
  }

  #next(): void {
    this.#busy = false
    this.#pump()
  }

  #ended(): void {
    this.#keepAlive = false
    if (!this.#busy) this.#socket.end()
  }
}

function chunksOf(body: Buffer): Buffer {
  const end = Buffer.from('0\r\n\r\n')
  if (body.length === 0) return end
  return Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n'), end])
}
