/** A client connection whose bytes are passed on as they are: inspected for a while when rules ask for it, then joined to a server. */

import type { Timer } from '../base/clock.js'
import { type Outcome, outcomes } from '../base/errors.js'
import { MessageCaptures } from '../match/captures.js'
import type { Context, Input } from '../match/context.js'
import { openRecord, type TransactionRecord } from '../observe/record.js'
import type { Backend } from '../proxy/backend.js'
import type { Decision } from '../proxy/decision.js'
import type { Persistence } from '../proxy/persistence/persistence.js'
import { fail } from './answer.js'
import { reachSocket } from './attempt.js'
import { abandons } from './client-outcomes.js'
import type { Served } from './entrance.js'
import { FirstBytes } from './first-bytes.js'
import { Http1Session } from './http1-session.js'
import type { Socket } from './network.js'
import { tunnelTimeouts } from './ordered.js'
import { report } from './report.js'
import { type GateKeeper, ResponseGate } from './response-gate.js'
import { ServerReader } from './server-reader.js'
import type { Session } from './session.js'
import { asTransactionError, conclude, noteLocalAddress, type Stage, Transaction } from './transaction.js'
import { Tunnel } from './tunnel.js'

const EMPTY = Buffer.alloc(0)

/** One client connection in TCP mode. */
export class TcpSession implements Served {
  readonly session: Session
  readonly #record: TransactionRecord
  readonly #transaction: Transaction
  #bytes: Buffer = EMPTY
  #ended = false
  #over = false
  #inspecting = false
  /** The time for inspection is over: what has not come by now does not count. */
  #timeUp = false
  #timer: Timer | undefined = undefined
  #again: (() => void) | undefined = undefined

  constructor(session: Session) {
    this.session = session
    const { engine, entrance } = session
    this.#record = openRecord('tcp', session.frontend, session.clientAddress, session.sourcePort, session.acceptedOn)
    this.#record.destinationPort = session.destinationPort
    this.#record.destinationAddress = session.destinationAddress
    session.context.record = this.#record
    const { captures, uniqueId } = entrance.frontend
    if (captures !== undefined) session.context.captures = new MessageCaptures(captures)
    session.context.identify = uniqueId?.make
    this.#transaction = new Transaction(
      engine,
      entrance.frontend,
      session.context,
      this.#record,
      undefined,
      0,
      session.acceptedAt,
    )
    session.context.bodies = this.#transaction
  }

  get transaction(): Transaction {
    return this.#transaction
  }

  /** Begins. @param head bytes that were read already */
  start(head?: Buffer): void {
    const { socket, engine } = this.session
    socket.on('data', this.#onData)
    socket.on('end', this.#onEnd)
    socket.on('error', this.#onGone)
    socket.on('close', this.#onGone)
    socket.pause()
    if (head !== undefined) this.#bytes = head
    engine.began(this.#transaction)
    void this.#run()
  }

  stop(): void {}

  kill(): void {
    this.#transaction.breakOff(outcomes.killed)
    this.session.part()
  }

  async #run(): Promise<void> {
    const transaction = this.#transaction
    try {
      const decision = await this.#decide()
      if (decision.kind === 'forward') await this.#forward(decision.backend)
      else conclude(transaction, this.#refusal(decision))
    } catch (error) {
      fail(transaction, asTransactionError(transaction, error))
    } finally {
      if (!this.#over) this.#finish()
    }
  }

  #refusal(decision: Decision): Outcome {
    if (decision.kind === 'reject' || decision.kind === 'respond') {
      this.session.entrance.frontend.counters.deniedRequests++
      return decision.outcome
    }
    return outcomes.proxyNoServer
  }

  /** The frontend's rules and routes, then the backend's own, each as often as more bytes come while they ask for them. */
  async #decide(): Promise<Decision> {
    const { frontend } = this.session.entrance
    const decision = await this.#inspect(() => frontend.route(this.session.context), frontend.inspectDelay)
    if (decision.kind !== 'forward') return decision
    const { backend } = decision
    this.#transaction.backend = backend
    this.#record.backend = backend.name
    this.session.engine.entered(this.#transaction, backend)
    if (backend.mode === 'http' || backend.tcpRequestContent.length === 0) return decision
    return this.#inspect(() => backend.route(this.session.context), backend.inspectDelay)
  }

  async #inspect(route: () => Decision | Promise<Decision>, delay: number): Promise<Decision> {
    this.#timeUp = delay === 0
    try {
      for (;;) {
        this.session.context.input = this.#input()
        const decision = await this.#transaction.orBroken(Promise.resolve(route()))
        if (decision.kind !== 'wait') return decision
        if (this.session.context.input.complete) return decision
        this.#timer ??= this.#limit(delay)
        await this.#more()
      }
    } finally {
      this.#timer?.cancel()
      this.#timer = undefined
      this.#transaction.wait = undefined
      this.#inspecting = false
      this.session.socket.pause()
    }
  }

  #limit(delay: number): Timer {
    const { clock } = this.session.engine
    this.#transaction.wait = { for: 'inspection', until: clock.now() + delay }
    return clock.after(delay, () => {
      this.#timeUp = true
      this.#again?.()
    })
  }

  #input(): Input {
    const { bufferSize, limits } = this.session.engine
    const full = this.#bytes.length >= bufferSize
    return new FirstBytes(this.#bytes, this.#timeUp || this.#ended || full, limits)
  }

  /** Waits for more bytes, the client's end, or the end of the time. */
  #more(): Promise<void> {
    const { socket } = this.session
    if (this.#transaction.ended !== undefined) return Promise.reject(this.#transaction.ended)
    return new Promise((resolve, reject) => {
      this.#inspecting = true
      // Not straight into the property: see Transaction.whenBroken.
      const again = (): void => {
        this.#again = undefined
        this.#transaction.broken = undefined
        resolve()
      }
      this.#again = again
      this.#transaction.broken = reject
      socket.resume()
    })
  }

  async #forward(backend: Backend): Promise<void> {
    if (backend.mode === 'http') {
      this.#upgrade(backend)
      return
    }
    const { engine, socket, entrance } = this.session
    const transaction = this.#transaction
    const reader = new ServerReader(engine.readBuffer)
    const server = await reachSocket(transaction, backend, reader)
    transaction.stage = 'data'
    transaction.context.upstream = server
    if (entrance.frontend.wantsLocalAddress) noteLocalAddress(transaction, server)
    transaction.reached('connect')
    if (backend.persistence !== undefined) tellPersistence(transaction, backend.persistence, backend, server)
    this.#release()
    const tunnel = new Tunnel(
      engine.clock,
      {
        socket,
        head: this.#bytes.length > 0 ? this.#bytes : undefined,
        noLinger: entrance.frontend.noLinger,
      },
      { socket: server, head: undefined, reader, noLinger: backend.noLinger },
      tunnelTimeouts(transaction.context, entrance.frontend, backend),
    )
    const { context } = transaction
    tunnel.shape(context.orders)
    if (backend.tcpResponseContent.length > 0)
      tunnel.guard((keeper) => new ResponseGate(transaction, backend, shaping(keeper, tunnel, context)))
    this.#bytes = EMPTY
    transaction.tunnel = tunnel
    await new Promise<void>((resolve) => {
      transaction.whenBroken((error) => tunnel.cut(error.outcome))
      tunnel.run((outcome) => {
        this.#record.bytesIn = tunnel.fromClient
        this.#record.bytesOut = tunnel.fromServer
        conclude(transaction, outcome)
        resolve()
      })
    })
  }

  /** The backend speaks HTTP: from here on the connection does as well. */
  #upgrade(backend: Backend): void {
    const { engine, entrance } = this.session
    this.#over = true
    this.#release()
    engine.ended()
    this.#transaction.counting?.stop()
    if (this.#transaction.backend !== undefined) this.#transaction.backend.counters.current--
    entrance.replaced(this)
    this.session.context.input = undefined
    entrance.serveHttp(new Http1Session(this.session, backend), this.#bytes)
  }

  #release(): void {
    const { socket } = this.session
    socket.off('data', this.#onData)
    socket.off('end', this.#onEnd)
    socket.off('error', this.#onGone)
    socket.off('close', this.#onGone)
  }

  #finish(): void {
    this.#over = true
    const { entrance } = this.session
    this.#release()
    this.session.part()
    // What was inspected and went no further.
    this.#record.bytesIn += this.#bytes.length
    report(this.#transaction)
    entrance.left(this, this.session)
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk])
    if (!this.#inspecting || this.#bytes.length >= this.session.engine.bufferSize) this.session.socket.pause()
    this.#again?.()
  }

  readonly #onEnd = (): void => {
    this.#ended = true
    if (abandons(this.#transaction)) this.#onGone()
    else this.#again?.()
  }

  readonly #onGone = (): void => this.#transaction.breakOff(goneAt(this.#transaction.stage))
}

/** What rules on the response have ordered holds for what they let pass. */
const shaping = (keeper: GateKeeper, tunnel: Tunnel, context: Context): GateKeeper => ({
  ...keeper,
  pass: (held) => {
    tunnel.shape(context.orders)
    keeper.pass(held)
  },
})

/** A server is reached. What a way of the host app's throws does not leave its connection open. */
function tellPersistence(
  { context, server }: Transaction,
  persistence: Persistence,
  { tcpResponseContent }: Backend,
  socket: Socket,
): void {
  if (server === undefined) return
  try {
    // Where rules look at the server's first bytes, those may say what it is to be remembered by.
    if (tcpResponseContent.length === 0) persistence.answered(context, server)
    persistence.answer(context, server)
  } catch (error) {
    socket.destroy()
    throw error
  }
}

/** How it is called when the client leaves before it was joined to a server. */
function goneAt(stage: Stage): Outcome {
  if (stage === 'queue') return outcomes.clientQueueAbort
  return stage === 'connect' ? outcomes.clientConnectAbort : outcomes.clientRequestAbort
}
