/** What one side of a connection has sent so far, as content rules see it; a request among the first bytes is read when they ask for it. */
import { RequestDecoder } from '../codec/request-decoder.js'
import { HEAD, type Limits, MORE } from '../codec/step.js'
import type { Input } from '../match/context.js'
import { type NotYet, notYet } from '../match/sample.js'
import type { Request } from '../message/request.js'

/** The bytes of one look at them. */
export class FirstBytes implements Input {
  readonly bytes: Buffer
  readonly complete: boolean
  readonly #limits: Limits
  #request: Request | undefined | NotYet | null = null

  constructor(bytes: Buffer, complete: boolean, limits: Limits) {
    this.bytes = bytes
    this.complete = complete
    this.#limits = limits
  }

  readonly request = (): Request | undefined | NotYet => {
    if (this.#request === null) this.#request = this.#read()
    return this.#request
  }

  #read(): Request | undefined | NotYet {
    const decoder = new RequestDecoder(this.#limits)
    decoder.push(this.bytes)
    const step = this.bytes.length === 0 ? MORE : decoder.next()
    if (step === HEAD) return decoder.head
    return step === MORE && !this.complete ? notYet : undefined
  }
}
