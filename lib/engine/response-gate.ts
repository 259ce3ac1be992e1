/** What a server sends in TCP mode, held back until the backend's `tcp-response content` rules have looked at it. */
import type { Timer } from '../base/clock.js'
import type { Outcome } from '../base/errors.js'
import type { Backend } from '../proxy/backend.js'
import type { Verdict } from '../rules/verdict.js'
import { FirstBytes } from './first-bytes.js'
import { asTransactionError, type Transaction } from './transaction.js'

const EMPTY = Buffer.alloc(0)

/** Who is told what becomes of the bytes. */
export interface GateKeeper {
  /** They go on, and so does all that follows. */
  pass(held: Buffer): void
  /** They go on, and the server is done with. */
  last(held: Buffer): void
  /** Both sides are cut off. */
  refuse(outcome: Outcome): void
}

/** One response on its way to the client. */
export class ResponseGate {
  readonly #transaction: Transaction
  readonly #backend: Backend
  readonly #keeper: GateKeeper
  #held: Buffer = EMPTY
  #ended = false
  #timeUp = false
  #deciding = false
  #over = false
  #timer: Timer | undefined = undefined

  constructor(transaction: Transaction, backend: Backend, keeper: GateKeeper) {
    this.#transaction = transaction
    this.#backend = backend
    this.#keeper = keeper
  }

  /** Begins: rules that wait for nothing decide before there is a byte. */
  open(): void {
    this.#look()
  }

  /** The server has sent more. */
  take(chunk: Buffer): void {
    this.#held = Buffer.concat([this.#held, chunk])
    this.#look()
  }

  /** The server has sent all that it had to say. */
  end(): void {
    this.#ended = true
    this.#look()
  }

  /** The connection is over: nobody waits any more. */
  stop(): void {
    this.#over = true
    this.#timer?.cancel()
  }

  #look(): void {
    if (this.#over || this.#deciding) return
    const { engine, context } = this.#transaction
    const full = this.#held.length >= engine.bufferSize
    context.responseInput = new FirstBytes(this.#held, this.#ended || this.#timeUp || full, engine.limits)
    try {
      const verdict = this.#backend.tcpResponseContent.run(context)
      if (verdict instanceof Promise) this.#await(verdict)
      else this.#decide(verdict)
    } catch (error) {
      this.#fail(error)
    }
  }

  #await(verdict: Promise<Verdict>): void {
    this.#deciding = true
    const before = this.#held.length
    verdict.then(
      (settled) => {
        this.#deciding = false
        if (this.#over) return
        if (settled?.kind === 'wait' && this.#held.length > before) this.#look()
        else this.#decide(settled)
      },
      (error: unknown) => this.#fail(error),
    )
  }

  #decide(verdict: Verdict): void {
    const { responseInput } = this.#transaction.context
    if (verdict?.kind === 'wait' && responseInput?.complete !== true) {
      this.#timer ??= this.#transaction.engine.clock.after(this.#backend.responseInspectDelay, () => {
        this.#timeUp = true
        this.#look()
      })
      return
    }
    this.stop()
    const { context, server } = this.#transaction
    if (server !== undefined) this.#backend.persistence?.answered(context, server)
    if (verdict?.kind === 'reject') {
      this.#transaction.countRefusal(false)
      this.#keeper.refuse(verdict.outcome)
    } else if (verdict?.kind === 'close') this.#keeper.last(this.#held)
    else this.#keeper.pass(this.#held)
  }

  #fail(error: unknown): void {
    if (this.#over) return
    this.stop()
    this.#keeper.refuse(asTransactionError(this.#transaction, error).outcome)
  }
}
