/** Bytes both ways between two sockets, untouched: TCP mode, and what follows an upgrade or CONNECT. Each side may finish on its own. */

import type { Clock } from '../base/clock.js'
import { type Outcome, outcomes } from '../base/errors.js'
import type { Orders, TransformMaker } from '../match/orders.js'
import { Deadline } from './deadline.js'
import type { Socket } from './network.js'
import { MOST_UNSENT } from './output.js'
import { partByReset, reset, resetWhenWritten } from './parting.js'
import type { GateKeeper, ResponseGate } from './response-gate.js'
import { type ReaderOwner, type ServerReader, SMALL } from './server-reader.js'
import { type FlowOwner, TunnelFlow } from './tunnel-flow.js'

/** One end, with what was read from it already. */
export interface TunnelEnd {
  readonly socket: Socket
  readonly head: Buffer | undefined
  /** Where its bytes come from, when not as `data` events. */
  readonly reader?: ServerReader | undefined
  /** It is parted with by a reset; see `parting.ts`. */
  readonly noLinger?: boolean
}

/** Milliseconds without a byte; manual, `timeout client`, `server`, `tunnel`, `client-fin`, `server-fin`. */
export interface TunnelTimeouts {
  readonly client: number
  readonly server: number
  /** Once both sides talk, it stands in for the first two. */
  readonly tunnel: number | undefined
  readonly clientFin: number | undefined
  readonly serverFin: number | undefined
  /** That it is sent something is no sign of life of this side. Manual, `option independent-streams`. */
  readonly clientIndependent: boolean
  readonly serverIndependent: boolean
}

const EMPTY = Buffer.alloc(0)

/** Milliseconds that two limits of the same length may lie apart. */
const TIE = 5

/** Joins two sockets until both have finished, or one breaks. */
export class Tunnel {
  fromClient = 0
  fromServer = 0
  readonly #client: Side
  readonly #server: Side
  readonly #timeouts: TunnelTimeouts
  #done: ((outcome: Outcome) => void) | undefined = undefined

  constructor(clock: Clock, client: TunnelEnd, server: TunnelEnd, timeouts: TunnelTimeouts) {
    this.#timeouts = timeouts
    this.#client = new Side(this, client, clock, outcomes.clientDataAbort, outcomes.clientDataTimeout)
    this.#server = new Side(this, server, clock, outcomes.serverDataAbort, outcomes.serverDataTimeout)
    this.#client.other = this.#server
    this.#server.other = this.#client
  }

  /** Begins. @param done told once, when both sockets are closed or given up */
  run(done: (outcome: Outcome) => void): void {
    this.#done = done
    this.#client.open((count) => {
      this.fromClient += count
    })
    this.#server.open((count) => {
      this.fromServer += count
    })
    this.#limit()
    this.#server.gate?.open()
  }

  /** What rules have ordered for the bytes of either side holds from here on. */
  shape(orders: Orders | undefined): void {
    this.#client.shape(orders?.requestTransforms)
    this.#server.shape(orders?.responseTransforms)
  }

  /** What the server sends is looked at before the client gets it. */
  guard(make: (keeper: GateKeeper) => ResponseGate): void {
    this.#server.gate = make({
      pass: (held) => this.#server.pass(held),
      last: (held) => this.#last(held),
      refuse: (outcome) => this.#close(outcome),
    })
  }

  /** The server is done with: the client gets these bytes, and then the end. */
  #last(held: Buffer): void {
    this.#server.drop()
    const { socket, noLinger, finished } = this.#client
    const done = (): void => this.#close(outcomes.ok)
    if (noLinger && finished) socket.write(held, done)
    else socket.end(held, done)
  }

  /** Breaks both sides off. */
  cut(outcome: Outcome): void {
    this.#close(outcome)
  }

  /** Milliseconds that the client may stay silent yet. */
  get clientLeft(): number {
    return this.#client.limit.left
  }

  /** The same for the server. */
  get serverLeft(): number {
    return this.#server.limit.left
  }

  /** @internal Bytes have come from a side, and go to the other: both are alive, unless only what they say themselves counts. */
  moved(from: Side): void {
    const { clientIndependent, serverIndependent } = this.#timeouts
    if (from === this.#client || !clientIndependent) this.#limitClient()
    if (from === this.#server || !serverIndependent) this.#limitServer()
  }

  /** The time limits begin anew. */
  #limit(): void {
    this.#limitClient()
    this.#limitServer()
  }

  #limitClient(): void {
    const { client, tunnel, clientFin } = this.#timeouts
    this.#client.await((this.#finishing ? clientFin : undefined) ?? tunnel ?? client)
  }

  #limitServer(): void {
    const { server, tunnel, serverFin } = this.#timeouts
    this.#server.await((this.#finishing ? serverFin : undefined) ?? tunnel ?? server)
  }

  get #finishing(): boolean {
    return this.#client.ended || this.#server.ended
  }

  /** @internal All that a side had to say has been passed on. */
  ended(side: Side): void {
    const { other } = side
    if (side === this.#client && other.noLinger) {
      // A server that is parted with by a reset is so as soon as its client has finished.
      this.#last(EMPTY)
      return
    }
    this.#limit()
    if (other.finished && other.noLinger) resetWhenWritten(other.socket)
    else other.socket.end()
    // Both have said all: what is under way is written out, and then the sockets close by themselves.
    if (other.finished && side.noLinger) resetWhenWritten(side.socket)
  }

  /** @internal */
  closed(side: Side): void {
    if (!side.other.over && !side.ended) {
      this.#close(side.aborted)
      return
    }
    if (side.other.over) this.#close(outcomes.ok)
    else if (side.ended && !side.other.ended) {
      // It closed for good while the other still talks: there is nobody left to hear it.
      this.#close(side.aborted)
    }
  }

  /** @internal */
  failed(side: Side): void {
    this.#close(side.aborted)
  }

  /** @internal A side that has finished keeps nobody waiting, unless it does not take what it is sent. */
  expired(side: Side): void {
    if (side.done) return
    // With equal limits both run out at once, and then it counts as the client's, whatever timer was looked at first.
    const blamed = this.#client.limit.within(TIE) ? this.#client : side
    this.#close(blamed.timedOut)
  }

  #close(outcome: Outcome): void {
    const done = this.#done
    if (done === undefined) return
    this.#done = undefined
    this.#client.close()
    this.#server.close()
    done(outcome)
  }
}

class Side implements ReaderOwner, FlowOwner {
  readonly socket: Socket
  readonly limit: Deadline
  readonly aborted: Outcome
  readonly timedOut: Outcome
  readonly noLinger: boolean
  other!: Side
  /** It has said all it had to say. */
  ended = false
  /** The other side has been given all of it. */
  finished = false
  /** Its socket is closed. */
  over = false
  /** Holds back what it sends until that has been looked at. */
  gate: ResponseGate | undefined = undefined
  readonly #tunnel: Tunnel
  readonly #head: Buffer | undefined
  readonly #reader: ServerReader | undefined
  #count: (count: number) => void = () => {}
  #makers: readonly TransformMaker[] | undefined = undefined
  #flow: TunnelFlow | undefined = undefined

  constructor(tunnel: Tunnel, end: TunnelEnd, clock: Clock, aborted: Outcome, timedOut: Outcome) {
    this.#tunnel = tunnel
    this.socket = end.socket
    this.#head = end.head
    this.#reader = end.reader
    this.noLinger = end.noLinger === true
    this.aborted = aborted
    this.timedOut = timedOut
    this.limit = new Deadline(clock, () => tunnel.expired(this))
  }

  /** It has finished, and takes what it is sent. When both have finished it is to let go. */
  get done(): boolean {
    return this.ended && !this.other.ended && this.socket.writableLength === 0
  }

  /** It has so many milliseconds from now on. */
  await(time: number): void {
    if (this.done) this.limit.clear()
    else this.limit.set(time)
  }

  open(count: (count: number) => void): void {
    this.#count = count
    const { socket } = this
    if (this.#reader !== undefined) this.#reader.owner = this
    socket.on('data', this.#onData)
    socket.on('end', this.#onEnd)
    socket.on('drain', this.#onDrain)
    socket.on('error', this.#onError)
    socket.on('close', this.#onClose)
    if (this.#head !== undefined) this.#onData(this.#head)
    if (socket.destroyed) this.#onClose()
    else if (socket.readableEnded) this.#onEnd()
    else socket.resume()
  }

  /** What it says goes through these from now on. */
  shape(makers: readonly TransformMaker[] | undefined): void {
    if (makers === undefined || makers === this.#makers) return
    this.#makers = makers
    if (this.#flow === undefined) this.#flow = new TunnelFlow(makers, this)
    else this.#flow.change(makers)
  }

  /** What was held back goes on, and from now on everything. */
  pass(held: Buffer): void {
    this.gate = undefined
    if (held.length > 0) this.#forward(held)
    if (this.ended) this.#finish()
  }

  /** Nothing more is taken from it. */
  drop(): void {
    this.ended = true
    this.finished = true
    this.close()
  }

  close(): void {
    const { socket } = this
    this.limit.stop()
    this.gate?.stop()
    this.#flow?.stop()
    socket.off('data', this.#onData)
    socket.off('end', this.#onEnd)
    socket.off('drain', this.#onDrain)
    socket.off('close', this.#onClose)
    if (!this.noLinger) socket.destroy()
    else if (this.#reader === undefined && !this.finished) partByReset(socket)
    else reset(socket)
  }

  /** Small pieces lie in a buffer that everybody reads into. */
  take(chunk: Buffer): void {
    this.#onData(chunk.length <= SMALL ? Buffer.from(chunk) : chunk)
  }

  get retains(): boolean {
    return this.other.socket.writableLength > 0
  }

  own(): void {}

  readonly #onData = (chunk: Buffer): void => {
    this.#count(chunk.length)
    this.#tunnel.moved(this)
    if (this.gate === undefined) this.#forward(chunk)
    else this.gate.take(chunk)
  }

  #forward(chunk: Buffer): void {
    if (!(this.#flow?.take(chunk) ?? this.#write(chunk))) this.socket.pause()
  }

  #write(chunk: Buffer): boolean {
    const { socket } = this.other
    return socket.write(chunk) || socket.writableLength < MOST_UNSENT
  }

  // ── from the flow ────────────────────────────────────────────────────────

  passed(chunk: Buffer): boolean {
    this.#tunnel.moved(this)
    return this.#write(chunk)
  }

  drained(): void {
    this.#finished()
  }

  thirsty(): void {
    if (!this.ended) this.socket.resume()
  }

  broken(): void {
    this.#tunnel.failed(this)
  }

  readonly #onDrain = (): void => {
    this.#tunnel.moved(this.other)
    this.other.takesMore()
  }

  /** The other side has room. */
  takesMore(): void {
    if (this.#flow !== undefined) this.#flow.resume()
    else if (!this.ended) this.socket.resume()
  }

  readonly #onEnd = (): void => {
    if (this.ended) return
    this.ended = true
    if (this.gate === undefined) this.#finish()
    else this.gate.end()
  }

  #finish(): void {
    if (this.#flow === undefined) this.#finished()
    else {
      this.#flow.finish()
      this.#tunnel.moved(this)
    }
  }

  #finished(): void {
    this.finished = true
    this.#tunnel.ended(this)
  }

  readonly #onError = (): void => this.#tunnel.failed(this)

  readonly #onClose = (): void => {
    this.over = true
    this.#tunnel.closed(this)
  }
}
