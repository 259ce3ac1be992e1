/** Answers made beforehand, or out of a request: what stands in place of a built-in error page, or of any answer of a rule. */
import { OptionError } from '../base/errors.js'
import type { Context } from '../match/context.js'
import type { Phase } from '../match/phase.js'
import { phases as everyPhase } from '../match/phase.js'
import { Headers } from '../message/headers.js'
import { Response } from '../message/response.js'
import type { Reply } from './default-replies.js'
import { readErrorFile } from './error-file.js'
import { compileReply, type ReplyOptions } from './reply.js'

/** An answer that can be given again and again; see {@link errorFile}, {@link errorLocation} and {@link errorReply}. */
export class Page {
  /** As a haproxy.cfg has it. */
  readonly text: string
  readonly phases: readonly Phase[]
  /** A fresh answer. */
  readonly make: (context: Context) => Reply
  /** Nothing is sent at all, and the connection is closed. */
  readonly silent: boolean

  constructor(text: string, phases: readonly Phase[], make: (context: Context) => Reply, silent = false) {
    this.text = text
    this.phases = phases
    this.make = make
    this.silent = silent
  }
}

/**
 * A whole HTTP answer, head and body, as it stands in a file; a text holds one character a byte. An empty one closes the connection without a word.
 * HAProxy: `errorfile`. Throws {@link OptionError} on what no client could make sense of.
 */
export function errorFile(content: string | Uint8Array): Page {
  return filePage('errorfile', typeof content === 'string' ? content : Buffer.from(content).toString('latin1'))
}

/** @internal The same, known by its name. */
export function filePage(text: string, content: string, largest?: number): Page {
  const file = readErrorFile(text, content, largest)
  if (file === undefined) return new Page(text, everyPhase, silence, true)
  const { response, body, close } = file
  return new Page(text, everyPhase, () => ({ response: response.clone(), body, close }))
}

const silence = (): Reply => ({ response: new Response(200, ''), body: '', close: true, silent: true })

/** Sends the client elsewhere in place of an error page. HAProxy: `errorloc302`, `errorloc303`. Throws {@link OptionError} on a URL that cannot be sent. */
export function errorLocation(url: string, code: 302 | 303 = 302): Page {
  if (code !== 302 && code !== 303) throw new OptionError('errorLocation', 'code', `must be 302 or 303, but is ${code}`)
  const reason = code === 302 ? 'Found' : 'See Other'
  const headers = Headers.from([
    ['cache-control', 'no-cache'],
    ['content-length', '0'],
    ['location', url],
  ])
  const response = new Response(code, reason, '1.1', headers)
  return new Page(`errorloc${code} ${url}`, everyPhase, () => ({ response: response.clone(), body: '' }))
}

/**
 * An answer of this status with fields and a body, both of which may ask the request. HAProxy: `http-error`. Throws {@link OptionError} on what cannot
 * be sent, and on questions that only a response can answer.
 */
export function errorReply(status: number, options: ReplyOptions<'request'> = {}): Page {
  const { phases, make } = compileReply('errorReply', status, options)
  if (!phases.includes('request'))
    throw new OptionError('errorReply', '', 'may ask nothing that only a response can answer')
  return new Page(`http-error status ${status}`, phases, make)
}
