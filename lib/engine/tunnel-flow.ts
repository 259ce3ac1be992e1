/** What one side of a tunnel says, on its way through what rules have ordered: limits of bandwidth. */
import type { TransformMaker } from '../match/orders.js'
import { BodyTransform, type TransformOutput } from './body-transform.js'

/** Where the bytes go, and who is told. */
export interface FlowOwner {
  /** @returns `false`: no more before {@link TunnelFlow.resume} */
  passed(chunk: Buffer): boolean
  /** All has been passed on. */
  drained(): void
  /** It takes more again, after `take` has answered `false`. */
  thirsty(): void
  broken(error: unknown): void
}

/** Bytes in one direction. Rules may order otherwise while it runs: what has been taken by then goes on as it began. */
export class TunnelFlow implements TransformOutput {
  readonly #owner: FlowOwner
  #transform: BodyTransform | undefined
  /** What to go on with, once the present transforms have given back all that they have. */
  #next: readonly TransformMaker[] | undefined = undefined
  #waiting: Buffer[] = []
  #ended = false

  /** @throws what a maker throws */
  constructor(makers: readonly TransformMaker[], owner: FlowOwner) {
    this.#owner = owner
    this.#transform = new BodyTransform(makers, this)
  }

  /** From now on through these. */
  change(makers: readonly TransformMaker[]): void {
    if (this.#ended) return
    if (this.#next === undefined) this.#transform?.end()
    this.#next = makers
  }

  /** Hands a piece in. @returns `false`: no more before the owner hears that it is thirsty */
  take(chunk: Buffer): boolean {
    if (this.#next === undefined) return this.#transform?.write(chunk) ?? true
    this.#waiting.push(Buffer.from(chunk))
    return false
  }

  /** That was all. */
  finish(): void {
    this.#ended = true
    if (this.#next === undefined) this.#transform?.end()
  }

  /** The owner takes more. */
  resume(): void {
    this.#transform?.resume()
  }

  /** Nobody wants it any more. */
  stop(): void {
    const transform = this.#transform
    this.#transform = undefined
    transform?.stop(undefined)
  }

  // ── from the transforms ──────────────────────────────────────────────────

  data(chunk: Buffer): boolean {
    return this.#owner.passed(chunk)
  }

  ready(): void {
    if (this.#next === undefined) this.#owner.thirsty()
  }

  end(): void {
    const makers = this.#next
    if (makers === undefined) {
      this.#owner.drained()
      return
    }
    this.#next = undefined
    try {
      this.#transform = new BodyTransform(makers, this)
    } catch (error) {
      this.#owner.broken(error)
      return
    }
    const flowing = this.#waiting.splice(0).map((chunk) => this.take(chunk))
    if (this.#ended) this.#transform.end()
    else if (!flowing.includes(false)) this.#owner.thirsty()
  }

  fail(error: unknown): void {
    this.#owner.broken(error)
  }
}
