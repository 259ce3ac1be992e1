/** Counts the bytes of a transaction while they flow, for frontends that want that. Manual, `option contstats`. */
import type { Timer } from '../base/clock.js'
import { countTransfer } from './tally.js'
import type { Transaction } from './transaction.js'

/** Milliseconds from one count to the next, as in HAProxy. */
const RHYTHM = 5000

/** What of one transaction has been counted already. */
export class ContinuousCount {
  bytesIn = 0
  bytesOut = 0
  readonly #transaction: Transaction
  #timer: Timer | undefined = undefined

  constructor(transaction: Transaction) {
    this.#transaction = transaction
    this.#rest()
  }

  #rest(): void {
    this.#timer = this.#transaction.engine.clock.after(RHYTHM, () => {
      this.#count()
      this.#rest()
    })
  }

  #count(): void {
    const { counts, tunnel, server, engine } = this.#transaction
    const head = counts?.()
    const bytesIn = (head?.received ?? 0) + (tunnel?.fromClient ?? 0) - this.bytesIn
    const bytesOut = (head?.sent ?? 0) + (tunnel?.fromServer ?? 0) - this.bytesOut
    if (bytesIn <= 0 && bytesOut <= 0) return
    this.bytesIn += bytesIn
    this.bytesOut += bytesOut
    countTransfer(this.#transaction, server, bytesIn, bytesOut, engine.clock.now())
  }

  /** The rest is counted with the transaction's end. */
  stop(): void {
    this.#timer?.cancel()
  }
}
