/** Answers of rules: status, fields and body, compiled once. */
import { OptionError } from '../base/errors.js'
import { checkKnown } from '../base/options.js'
import type { Context } from '../match/context.js'
import { asFormat, Format, type Text } from '../match/format.js'
import { phases as everyPhase, type Phase } from '../match/phase.js'
import { Headers, type HeadersInit, sameName } from '../message/headers.js'
import { Response } from '../message/response.js'
import { reasonPhrase } from '../message/status.js'
import type { Reply } from './default-replies.js'
import type { ReplyBody } from './verdict.js'

/** What an answer holds. */
export interface ReplyOptions<in P extends Phase> {
  /** Fields of the answer, as an object or as pairs; values may hold samples. `content-length` is ours to write. HAProxy: `hdr`. */
  readonly headers?: HeadersInit | Iterable<readonly [name: string, value: Text<P>]> | undefined
  /** A text is sent as UTF-8. Default: an empty body. HAProxy: `string`, `lf-string`, `file`, `lf-file`. */
  readonly body?: string | Uint8Array | Format<P> | undefined
  /** Default `text/plain; charset=utf-8` for a text, nothing for bytes. */
  readonly contentType?: string | undefined
}

/** How an answer is made, and at which checkpoints it can be. */
export interface CompiledReply {
  readonly phases: readonly Phase[]
  readonly make: (context: Context) => Reply
}

/** @internal The names of {@link ReplyOptions}. */
export const replyOptionNames: readonly string[] = ['headers', 'body', 'contentType']

/** Compiles an answer. Throws {@link OptionError} on a status outside 200 to 599 and on a body that the status cannot have. */
export function compileReply<P extends Phase>(
  subject: string,
  status: number,
  options: ReplyOptions<P>,
): CompiledReply {
  checkStatus(subject, status, 200, 599)
  checkKnown(subject, options, replyOptionNames)
  const { body } = options
  const bodiless = status === 204 || status === 304
  if (bodiless && body !== undefined)
    throw new OptionError(subject, 'body', `a response of status ${status} has no body`)
  const fields = readFields(subject, options)
  const after = readContentType(options, fields)
  const formats = [...fields.map(([, value]) => value), ...(body instanceof Format ? [body] : [])]
  const phases = everyPhase.filter((phase) =>
    formats.every((format) => typeof format === 'string' || format.phases.includes(phase)),
  )
  const make = (context: Context, bytes: ReplyBody): Reply => {
    const raw: string[] = []
    for (const [name, value] of fields) {
      const text = typeof value === 'string' ? value : value.render(context)
      // As HAProxy does, a field that a format leaves empty is left away.
      if (text !== '' || typeof value === 'string') raw.push(name, text)
    }
    if (!bodiless) raw.push('content-length', String(bytes.length))
    if (bytes.length > 0) raw.push(...after)
    return { response: new Response(status, reasonPhrase(status), '1.1', checked(raw)), body: bytes }
  }
  // What is said of the answer while it is put together has its status already.
  const begun = (context: Context): Context => {
    context.answerStatus = status
    return context
  }
  if (body instanceof Format) return { phases, make: (context) => make(context, body.render(begun(context))) }
  const bytes = typeof body === 'string' ? encode(body) : (body ?? '')
  return { phases, make: (context) => make(begun(context), bytes) }
}

/** Refuses a status that an answer of ours cannot have. */
export function checkStatus(subject: string, status: number, least: number, most: number): void {
  if (Number.isInteger(status) && status >= least && status <= most) return
  throw new OptionError(subject, 'status', `must be a whole number from ${least} to ${most}, but is ${status}`)
}

type Field<P extends Phase> = readonly [name: string, value: string | Format<P>]

function readFields<P extends Phase>(subject: string, { headers = [] }: ReplyOptions<P>): readonly Field<P>[] {
  const given: Iterable<readonly [string, Text<P>]> =
    headers instanceof Headers || Symbol.iterator in headers ? headers : Headers.from(headers)
  const fields = [...given].map(([name, value]): Field<P> => {
    if (sameName(name, 'content-length') || sameName(name, 'transfer-encoding'))
      throw new OptionError(subject, 'headers', 'the framing of the answer is not for rules to say')
    return [name, typeof value === 'string' ? value : asFormat(value)]
  })
  // Names, and values that are known already, are refused here and not in an answer.
  Headers.from(fields.map(([name, value]) => [name, typeof value === 'string' ? value : ''] as const))
  return fields
}

function readContentType<P extends Phase>(
  { body, contentType }: ReplyOptions<P>,
  fields: readonly Field<P>[],
): readonly string[] {
  const type =
    contentType ?? (body === undefined || body instanceof Uint8Array ? undefined : 'text/plain; charset=utf-8')
  if (type === undefined || fields.some(([name]) => sameName(name, 'content-type'))) return []
  return Headers.from({ 'content-type': type }).raw
}

/** Values that come of samples are looked at each time. */
function checked(raw: string[]): Headers {
  const headers = new Headers(raw)
  for (let index = 1; index < raw.length; index += 2) headers.replaceAt(index - 1, raw[index] as string)
  return headers
}

/** ASCII stays a string, which is written in one piece with the head. */
function encode(text: string): ReplyBody {
  return /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text, 'utf8')
}
