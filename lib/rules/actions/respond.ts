/** `respond`: answers the client with a response of the rule's own. */
import { OptionError } from '../../base/errors.js'
import { checkKnown } from '../../base/options.js'
import type { Context } from '../../match/context.js'
import { Format } from '../../match/format.js'
import type { Phase } from '../../match/phase.js'
import { Headers, type HeadersInit } from '../../message/headers.js'
import { Rule } from '../rule.js'
import type { ReplyBody, Verdict } from '../verdict.js'
import { answered, fieldsAnswer, pageAnswer } from './answer.js'
import { checkStatus } from './deny.js'

/** What the answer holds. */
export interface RespondOptions<in P extends Phase> {
  /** Fields of the answer. `content-length` is ours to write. */
  readonly headers?: HeadersInit | undefined
  /** A text is sent as UTF-8. Default: an empty body. */
  readonly body?: string | Uint8Array | Format<P> | undefined
  /** Default `text/plain; charset=utf-8` for a text, nothing for bytes. */
  readonly contentType?: string | undefined
  /** Sends the error page of the status, as {@link deny} does, in place of a body: HAProxy's `default-errorfiles`. */
  readonly errorPage?: boolean | undefined
}

/**
 * Answers without asking a server. HAProxy: `http-request return`, `http-response return`. Throws {@link OptionError} on a status
 * outside 200 to 599, on a body that the status cannot have, and FieldError on fields that cannot be sent.
 */
export function respond<P extends Phase = Phase>(
  status: number,
  options: RespondOptions<P> = {},
): Rule<P & ('request' | 'response')> {
  checkStatus('respond', status, 200, 599)
  checkKnown('respond', options, ['headers', 'body', 'contentType', 'errorPage'])
  const name = `return status ${status}`
  const { body, errorPage } = options
  const phases = (['request', 'response'] as const).filter((phase) =>
    body instanceof Format ? body.phases.includes(phase) : true,
  )
  if (errorPage === true) return new Rule(name, phases, (context) => pageAnswer(context, status, answered(context)))
  const bodiless = status === 204 || status === 304
  if (bodiless && body !== undefined)
    throw new OptionError('respond', 'body', `a response of status ${status} has no body`)
  const [before, after] = fieldsAround(options)
  const make = (context: Context, bytes: ReplyBody): Verdict => {
    const length = bodiless ? [] : ['content-length', String(bytes.length)]
    return fieldsAnswer(status, [...before, ...length, ...after], bytes, answered(context))
  }
  if (body instanceof Format) return new Rule(name, phases, (context) => make(context, body.render(context)))
  const bytes = typeof body === 'string' ? encode(body) : (body ?? '')
  return new Rule(name, phases, (context) => make(context, bytes))
}

/** ASCII stays a string, which is written in one piece with the head. */
function encode(text: string): ReplyBody {
  return /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text, 'utf8')
}

function fieldsAround<P extends Phase>(
  options: RespondOptions<P>,
): [before: readonly string[], after: readonly string[]] {
  const headers = Headers.from(options.headers ?? [])
  if (headers.has('content-length') || headers.has('transfer-encoding')) {
    throw new OptionError('respond', 'headers', 'the framing of the answer is not for rules to say')
  }
  const { body } = options
  const type =
    options.contentType ?? (body === undefined || body instanceof Uint8Array ? undefined : 'text/plain; charset=utf-8')
  if (type === undefined || headers.has('content-type')) return [headers.raw, []]
  return [headers.raw, Headers.from({ 'content-type': type }).raw]
}
