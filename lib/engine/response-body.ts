/** A response's body on its way back: held while rules look at it, then passed on. */
import type { Clock } from '../base/clock.js'
import { outcomes } from '../base/errors.js'
import type { BodyLength } from '../codec/step.js'
import type { Headers } from '../message/headers.js'
import { HeldBody } from './held-body.js'
import type { ServerConnection } from './server-connection.js'

/** One response's body, as its transaction sees it once somebody has asked for it. */
export class ResponseBody extends HeldBody {
  protected readonly tooLarge = outcomes.serverBodyTooLarge
  protected readonly aborted = outcomes.serverHeadersAbort
  readonly #connection: ServerConnection
  /** What the server sends comes here, and not to the client. */
  receiving = false
  /** The server is gone before its answer was whole. */
  lost: { readonly error: Error | undefined } | undefined = undefined

  constructor(clock: Clock, connection: ServerConnection, framing: BodyLength, limit: number) {
    super(clock, typeof framing === 'number' ? framing : undefined, limit)
    this.#connection = connection
  }

  protected look(): void {
    if (!this.receiving && this.lost === undefined) this.#connection.pull(this)
  }

  protected receive(): void {
    this.receiving = true
    this.#connection.resume()
  }

  /** @returns `false` when no more is held */
  take(data: Buffer): boolean {
    this.add(data)
    return !this.full
  }

  /** All that has come so far was taken. */
  paused(): void {
    this.wakeUp()
  }

  finished(trailers: Headers | undefined): void {
    this.end(trailers)
  }

  gone(error: Error | undefined): void {
    this.lost = { error }
    this.breakOff()
  }
}
