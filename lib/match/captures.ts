/** What is captured of a transaction's messages, for its log line and for rules: slots with lengths, fields that fill them, one cookie. */
import type { Headers } from '../message/headers.js'
import type { Captures } from './context.js'

/** A place for one text. */
export interface CaptureSlot {
  /** The field whose last line fills it; without one, rules do. */
  readonly header?: string | undefined
  /** How many bytes are kept. */
  readonly length: number
}

/** What a frontend captures. */
export interface CaptureLayout {
  /** Slots of the request, numbered from 0. */
  readonly request: readonly CaptureSlot[]
  readonly response: readonly CaptureSlot[]
  /** The first cookie whose text begins with `name` (with case; ask for `name=` to mean a whole name), kept with its name. */
  readonly cookie?: { readonly name: string; readonly length: number } | undefined
}

/** What was captured of one transaction so far. */
export class MessageCaptures implements Captures {
  readonly request: (string | undefined)[]
  readonly response: (string | undefined)[]
  requestCookie: string | undefined = undefined
  responseCookie: string | undefined = undefined
  readonly #layout: CaptureLayout

  constructor(layout: CaptureLayout) {
    this.#layout = layout
    this.request = layout.request.map(() => undefined)
    this.response = layout.response.map(() => undefined)
  }

  /** Looks at the fields of a request that has come. */
  takeRequest(headers: Headers): void {
    fill(this.#layout.request, headers, this.request)
    if (this.#layout.cookie !== undefined) this.requestCookie = this.#cookie(headers.getAll('cookie'), /[;,]/)
  }

  /** Looks at the fields of a response that has come. */
  takeResponse(headers: Headers): void {
    fill(this.#layout.response, headers, this.response)
    if (this.#layout.cookie !== undefined) this.responseCookie = this.#cookie(headers.getAll('set-cookie'), /;.*$/s)
  }

  /** Keeps a text in a slot; `false` when there is none of that number. */
  keep(side: 'request' | 'response', slot: number, text: string): boolean {
    const length = this.#layout[side][slot]?.length
    if (length === undefined) return false
    this[side][slot] = text.slice(0, length)
    return true
  }

  #cookie(lines: readonly string[], between: RegExp): string | undefined {
    const { name, length } = this.#layout.cookie as NonNullable<CaptureLayout['cookie']>
    for (const line of lines) {
      for (const text of line.split(between)) {
        const cookie = text.trim()
        if (cookie.startsWith(name)) return cookie.slice(0, length)
      }
    }
    return undefined
  }
}

function fill(slots: readonly CaptureSlot[], headers: Headers, into: (string | undefined)[]): void {
  slots.forEach(({ header, length }, index) => {
    if (header !== undefined) into[index] = headers.last(header)?.slice(0, length)
  })
}
