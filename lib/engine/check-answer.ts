/** The answer to a check's HTTP request, as far as it has come and as much of it as is looked at. */

import { ResponseDecoder } from '../codec/response-decoder.js'
import { DATA, defaultLimits, END, ERROR, HEAD } from '../codec/step.js'
import type { Response } from '../message/response.js'

/** One answer; interim ones count as well, as they do for HAProxy. */
export class CheckAnswer {
  head: Response | undefined
  body = ''
  /** All of it has come, or as much as is looked at. */
  last = false
  /** It is no HTTP. */
  bad = false
  readonly #decoder = new ResponseDecoder(defaultLimits)
  readonly #most: number

  constructor(method: string, most: number) {
    this.#most = most
    this.#decoder.expect(method)
  }

  /** @param ended no more will come */
  read(bytes: Buffer, ended: boolean): void {
    if (!this.last && !this.bad) this.#read(bytes)
    if (!ended || this.last || this.bad) return
    if (this.head === undefined) this.bad = true
    else this.last = true
  }

  #read(bytes: Buffer): void {
    if (bytes.length > 0) this.#decoder.push(bytes)
    for (;;) {
      switch (this.#decoder.next()) {
        case HEAD:
          this.head = this.#decoder.head
          if (this.head.status < 200) this.last = true
          break
        case DATA:
          this.body += this.#decoder.data.toString('latin1', 0, this.#most - this.body.length)
          break
        case END:
          this.last = true
          return
        case ERROR:
          this.bad = true
          return
        default:
          return
      }
      if (this.body.length >= this.#most) this.last = true
      if (this.last) return
    }
  }
}
