/** A body that is held while rules look at it: the bytes that have come, up to a limit, and whoever waits for more of them. */
import type { Clock, Timer } from '../base/clock.js'
import { type Outcome, TransactionError } from '../base/errors.js'
import type { MessageBody } from '../match/context.js'
import type { Headers } from '../message/headers.js'

const EMPTY = Buffer.alloc(0)
const LEAST_ROOM = 1024

/** What a request's and a response's body have in common; where the bytes come from is for the two of them to know. */
export abstract class HeldBody implements MessageBody {
  readonly length: number | undefined
  complete = false
  trailers: Headers | undefined = undefined
  readonly #clock: Clock
  #buffer: Buffer = EMPTY
  #size = 0
  #limit: number
  readonly #usual: number
  /** No more will come, though this is not all. */
  #broken = false
  #waiting: Waiting[] = []

  /** @param limit how many bytes are held before whoever sends them has to wait */
  constructor(clock: Clock, length: number | undefined, limit: number) {
    this.#clock = clock
    this.length = length
    this.#limit = limit
    this.#usual = limit
  }

  /** How it is called when it is longer than somebody would have it, and when its sender leaves. */
  protected abstract readonly tooLarge: Outcome
  protected abstract readonly aborted: Outcome
  /** Takes over what has come already, without waiting for anything. */
  protected abstract look(): void
  /** Has the rest come, until {@link full}. */
  protected abstract receive(): void

  get bytes(): Buffer {
    if (!this.complete && !this.full) this.look()
    return this.#buffer.subarray(0, Math.min(this.#size, this.#limit))
  }

  /** No more is held for now. */
  get full(): boolean {
    return this.#size >= this.#limit
  }

  /** All that is held, what came beyond the limit with its last piece included. */
  get held(): Buffer {
    return this.#buffer.subarray(0, this.#size)
  }

  extend(bytes: number): void {
    this.#limit = Math.max(this.#limit, this.#usual + bytes)
  }

  wait(time: number, atLeast = Number.POSITIVE_INFINITY): Promise<boolean> | boolean {
    if (this.#has(atLeast)) return true
    this.look()
    if (this.#has(atLeast)) return true
    return new Promise((resolve) => {
      const waiting: Waiting = { atLeast, wake: resolve, timer: undefined }
      if (time !== Number.POSITIVE_INFINITY) waiting.timer = this.#clock.after(time, () => this.#settle(waiting, false))
      this.#waiting.push(waiting)
      this.receive()
    })
  }

  async read(limit: number): Promise<Buffer> {
    // One byte more than may come tells a body that is too long from one that just fits.
    if (limit >= this.#limit) this.#limit = limit + 1
    if (this.length !== undefined && this.length > limit) throw new TransactionError(this.tooLarge)
    await this.wait(Number.POSITIVE_INFINITY, limit + 1)
    if (this.#size > limit) throw new TransactionError(this.tooLarge)
    if (!this.complete) throw new TransactionError(this.aborted)
    return this.held
  }

  /** Takes a piece in, as a copy: what it was read into is used again. */
  protected add(data: Buffer): void {
    const size = this.#size + data.length
    if (size > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(LEAST_ROOM, this.#size === 0 ? data.length : size * 2))
      this.#buffer.copy(larger, 0, 0, this.#size)
      this.#buffer = larger
    }
    data.copy(this.#buffer, this.#size)
    this.#size = size
    // Whoever sends has to wait now, and will not say that this was all for the moment.
    if (this.full) this.wakeUp()
  }

  protected end(trailers: Headers | undefined): void {
    this.complete = true
    this.trailers = trailers
    this.wakeUp()
  }

  /** The sender has gone in the middle of it. */
  protected breakOff(): void {
    this.#broken = true
    this.wakeUp()
  }

  /** Whoever waits looks whether it is enough now. */
  protected wakeUp(): void {
    for (const waiting of [...this.#waiting]) if (this.#has(waiting.atLeast)) this.#settle(waiting, true)
  }

  #has(atLeast: number): boolean {
    return this.complete || this.#broken || this.full || this.#size >= atLeast
  }

  #settle(waiting: Waiting, held: boolean): void {
    const index = this.#waiting.indexOf(waiting)
    if (index === -1) return
    this.#waiting.splice(index, 1)
    waiting.timer?.cancel()
    waiting.wake(held)
  }
}

interface Waiting {
  readonly atLeast: number
  readonly wake: (held: boolean) => void
  timer: Timer | undefined
}
