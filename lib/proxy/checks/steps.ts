/** `connect`, `send`, `sendBinary`, `sendRequest`, `comment`: the steps of a check beside its expectations. */
import { z } from 'zod'
import { parseServerAddress } from '../../base/address.js'
import { OptionError } from '../../base/errors.js'
import { checkOptions, integerOption } from '../../base/options.js'
import { Format } from '../../match/format.js'
import { Sample } from '../../match/sample.js'
import { fromHex } from './expectation.js'
import type { CheckText, CommentStep, ConnectStep, RequestStep, SendStep } from './step.js'
import { checkText, commentOption, isAskable, textOption } from './step-options.js'

/** Where a step connects to, and how. */
export interface ConnectOptions {
  /** Default: where the server's checks go. A sample that has no value changes nothing. */
  readonly port?: number | Sample<unknown, 'check'>
  /** Default: where the server's checks go. */
  readonly address?: string
  /** The connection is closed in the usual way. Default: it is reset, which leaves nothing behind on either side. */
  readonly linger?: boolean
  readonly comment?: string
}

const connectOptions = z.strictObject({
  port: z
    .union([integerOption(1, 65535, 'a port'), z.instanceof(Sample).refine(isAskable)], {
      error: 'must be a port, or a sample that a check can answer',
    })
    .optional(),
  address: z.string().optional(),
  linger: z.boolean({ error: 'must be true or false' }).optional(),
  comment: commentOption.optional(),
})

/** Opens a connection; the one before, if there is one, is closed. Manual, `tcp-check connect`. @throws {OptionError} that says what is wrong */
export function connect(options: ConnectOptions = {}): ConnectStep {
  const { port, address, linger, comment } = checkOptions('connect', connectOptions, options) as ConnectOptions
  if (address !== undefined) checkAddress(address)
  return { kind: 'connect', port, address, linger: linger === true, comment }
}

function checkAddress(address: string): void {
  try {
    parseServerAddress(address)
  } catch (error) {
    throw new OptionError('connect', 'address', (error as Error).message)
  }
}

/** What more a step that sends can be told. */
export interface SendOptions {
  readonly comment?: string
}

const sendOptions = z.strictObject({ comment: commentOption.optional() })

/** Sends a text, one character a byte; a format (HAProxy's `send-lf`) is made anew for each check. Manual, `tcp-check send`. */
export function send(data: CheckText, options: SendOptions = {}): SendStep {
  const { comment } = checkOptions('send', sendOptions, options) as SendOptions
  return { kind: 'send', data: checkText('send', data), hex: false, comment }
}

/** Sends bytes, given as such or as hexadecimal digits; of a format (HAProxy's `send-binary-lf`), the digits. Manual, `tcp-check send-binary`. */
export function sendBinary(data: string | Uint8Array | Format<'check'>, options: SendOptions = {}): SendStep {
  const { comment } = checkOptions('sendBinary', sendOptions, options) as SendOptions
  if (data instanceof Format) return { kind: 'send', data: checkText('sendBinary', data), hex: true, comment }
  const bytes = typeof data === 'string' ? fromHex(data) : Buffer.from(data).toString('latin1')
  if (bytes === undefined) throw new OptionError('sendBinary', '', 'must be bytes, or pairs of hexadecimal digits')
  return { kind: 'send', data: bytes, hex: false, comment }
}

/** An HTTP request of a check. */
export interface CheckRequestOptions {
  /** Default `GET`. */
  readonly method?: string
  /** Default `/`. */
  readonly path?: CheckText
  /** Default `1.0`, as HAProxy's; with `1.1` give a `host` header. */
  readonly version?: '1.0' | '1.1'
  readonly headers?: Readonly<Record<string, CheckText>> | readonly (readonly [string, CheckText])[]
  readonly body?: CheckText
  readonly comment?: string
}

const printable = /^[\x21-\x7e]+$/
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const fieldValue = textOption.refine((value) => value instanceof Format || /^[^\r\n\0]*$/.test(value), {
  error: 'must not hold the end of a line',
})
const headerPair = z.tuple([z.string().regex(token, { error: 'must be the name of a field' }), fieldValue])

/** The options of {@link CheckRequestOptions}, for whoever else takes them. */
export const requestShape = {
  path: z
    .union([z.instanceof(Format), z.string().regex(printable)], {
      error: 'must not be empty nor hold blanks or controls',
    })
    .optional(),
  method: z.string().regex(token, { error: 'must be an HTTP method' }).optional(),
  version: z.enum(['1.0', '1.1'], { error: "must be '1.0' or '1.1'" }).optional(),
  headers: z
    .union([
      z.record(z.string(), z.unknown()).transform((record): unknown[] => Object.entries(record)),
      z.array(z.unknown()),
    ])
    .pipe(z.array(headerPair))
    .optional(),
  body: textOption.optional(),
  comment: commentOption.optional(),
}

const requestOptions = z.strictObject(requestShape)

/** Sends an HTTP request, whose answer the next expectations look at. One request a connection. Manual, `http-check send`. */
export function sendRequest(options: CheckRequestOptions = {}): RequestStep {
  return requestOf(checkOptions('sendRequest', requestOptions, options) as CheckedRequest)
}

/** Options that have been checked. */
export type CheckedRequest = Omit<CheckRequestOptions, 'headers'> & {
  readonly headers?: readonly (readonly [string, CheckText])[]
}

/** The step of options that have been checked. */
export function requestOf({ method, path, version, headers, body, comment }: CheckedRequest): RequestStep {
  return {
    kind: 'request',
    method: method ?? 'GET',
    path: path ?? '/',
    version: version ?? '1.0',
    headers: headers ?? [],
    body: body ?? '',
    comment,
  }
}

/** Explains the steps that follow, up to the next comment, to whoever reads what went wrong. Manual, `tcp-check comment`. */
export function comment(text: string): CommentStep {
  return { kind: 'comment', comment: checkOptions('comment', commentOption, text) }
}
