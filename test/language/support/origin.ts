/** The server of a case, on whichever network: it answers each request with the next of the case's texts, and keeps what it got. */
import { requestAt } from '../../interop/support/message.js'
import type { LanguageCase } from '../case.js'

/** What both a real socket and one in memory have. */
export interface Line {
  on(event: 'data', heard: (chunk: Buffer) => void): unknown
  on(event: 'end', heard: () => void): unknown
  on(event: 'error', heard: (error: Error) => void): unknown
  write(bytes: Buffer): unknown
  end(): unknown
}

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

/** All connections of one case to its server. */
export class CaseOrigin {
  readonly #case: LanguageCase
  readonly #received: string[] = []
  #answered = 0

  constructor(one: LanguageCase) {
    this.#case = one
  }

  /** What each connection that was used has brought. */
  get received(): readonly string[] {
    return this.#received.filter((bytes) => bytes !== '')
  }

  serve(line: Line): void {
    const number = this.#received.push('') - 1
    let read = 0
    line.on('error', () => {})
    line.on('end', () => line.end())
    line.on('data', (chunk) => {
      const bytes = (this.#received[number] += chunk.toString('latin1'))
      if (this.#case.mode === 'tcp') {
        if (read === 0) this.#answer(line, 'hello')
        read = bytes.length
        return
      }
      for (let request = requestAt(bytes, read); request?.end !== undefined; request = requestAt(bytes, read)) {
        read = request.end
        this.#answer(line, OK)
      }
    })
  }

  #answer(line: Line, fallback: string): void {
    const { origin = fallback, mode } = this.#case
    const text = typeof origin === 'string' ? origin : (origin[Math.min(this.#answered, origin.length - 1)] ?? '')
    this.#answered++
    line.write(Buffer.from(text, 'latin1'))
    const bounded = /^(?:content-length|transfer-encoding):/im.test(text) || /^HTTP\/1\.1 (?:1|204|304)/.test(text)
    if (mode === 'tcp' || !bounded) line.end()
  }
}
