/** Bodies on their way through the transforms that rules have ordered, with backpressure on both sides. */
import type { BodyLength } from '../codec/step.js'
import type { TransformMaker } from '../match/orders.js'
import type { Headers } from '../message/headers.js'
import type { BodySink, BodySource } from './exchange.js'

/** Where the transformed bytes go. */
export interface TransformOutput {
  /** @returns `false`: no more before {@link BodyTransform.resume} */
  data(chunk: Buffer): boolean
  end(): void
  /** The transform's input takes more again, after `write` has answered `false`. */
  ready(): void
  fail(error: unknown): void
}

/** One body in one direction. */
export class BodyTransform {
  readonly #output: TransformOutput
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  #resume: (() => void) | undefined = undefined
  #over = false

  /** @throws what a maker throws */
  constructor(makers: readonly TransformMaker[], output: TransformOutput) {
    this.#output = output
    const [first, ...others] = makers.map((make) => make())
    if (first === undefined) throw new TypeError('a transform is missing')
    this.#writer = first.writable.getWriter()
    this.#reader = others.reduce((readable, next) => readable.pipeThrough(next), first.readable).getReader()
    this.#writer.closed.catch((error: unknown) => this.#fail(error))
    void this.#run()
  }

  /** Hands a piece in, as a copy. @returns `false`: no more before `ready()` */
  write(data: Buffer): boolean {
    const written = this.#writer.write(Uint8Array.from(data))
    written.catch((error: unknown) => this.#fail(error))
    if ((this.#writer.desiredSize ?? 0) > 0) return true
    this.#writer.ready.then(
      () => this.#output.ready(),
      (error: unknown) => this.#fail(error),
    )
    return false
  }

  /** That was all. */
  end(): void {
    this.#writer.close().catch((error: unknown) => this.#fail(error))
  }

  /** The output takes more. */
  resume(): void {
    const resume = this.#resume
    this.#resume = undefined
    resume?.()
  }

  /** Nobody wants it any more. */
  stop(reason: unknown): void {
    if (this.#over) return
    this.#over = true
    this.#writer.abort(reason).catch(ignore)
    this.#reader.cancel(reason).catch(ignore)
    this.resume()
  }

  async #run(): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.#reader.read()
        if (this.#over) return
        if (done) break
        if (!(value instanceof Uint8Array)) throw new TypeError('a transform of a body must give bytes')
        if (value.length > 0 && !this.#output.data(Buffer.from(value.buffer, value.byteOffset, value.byteLength)))
          await new Promise<void>((resolve) => {
            this.#resume = resolve
          })
        if (this.#over) return
      }
      this.#over = true
      this.#output.end()
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    if (this.#over) return
    this.stop(error)
    this.#output.fail(error)
  }
}

const ignore = (): void => {}

/** Whether a body is as long behind these as before. */
export const keepsLength = (makers: readonly TransformMaker[]): boolean =>
  makers.every(({ sameLength }) => sameLength === true)

/** A request's body, transformed; how long it will be nobody knows, but for transforms that only hold it up. */
export class TransformedRequest implements BodySource, BodySink, TransformOutput {
  readonly bodyLength: BodyLength
  readonly #source: BodySource
  readonly #makers: readonly TransformMaker[]
  readonly #failed: (error: unknown) => void
  #sink: BodySink | undefined = undefined
  #trailers: Headers | undefined = undefined
  #transform: BodyTransform | undefined = undefined

  constructor(source: BodySource, makers: readonly TransformMaker[], failed: (error: unknown) => void) {
    this.bodyLength = keepsLength(makers) ? source.bodyLength : 'chunked'
    this.#source = source
    this.#makers = makers
    this.#failed = failed
  }

  attend(sink: BodySink): void {
    this.#source.attend(sink)
  }

  readBody(sink: BodySink): void {
    this.#sink = sink
    this.#transform = new BodyTransform(this.#makers, this)
    this.#source.readBody(this)
  }

  resumeBody(): void {
    this.#transform?.resume()
  }

  /** Nobody wants it any more. */
  stop(reason: unknown): void {
    this.#transform?.stop(reason)
  }

  // ── from the source ──────────────────────────────────────────────────────

  onBodyData(data: Buffer): boolean {
    return this.#transform?.write(data) ?? true
  }

  onBodyEnd(trailers: Headers | undefined): void {
    if (keepsLength(this.#makers)) this.#trailers = trailers
    this.#transform?.end()
  }

  onBodyPause(): void {}

  onClientDrain(): void {
    this.#sink?.onClientDrain()
  }

  // ── from the transform ───────────────────────────────────────────────────

  data(chunk: Buffer): boolean {
    const flowing = this.#sink?.onBodyData(chunk) ?? true
    this.#sink?.onBodyPause()
    return flowing
  }

  end(): void {
    // Only now does the one who forwards it hear from the client directly.
    if (this.#sink !== undefined) this.#source.attend(this.#sink)
    this.#sink?.onBodyEnd(this.#trailers)
  }

  ready(): void {
    this.#source.resumeBody()
  }

  fail(error: unknown): void {
    this.#failed(error)
  }
}
