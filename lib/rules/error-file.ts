/** Whole HTTP answers as they stand in files: HAProxy's `errorfile`. They are read once, and refused when a client could not make sense of them. */
import { OptionError } from '../base/errors.js'
import { type Headers, isFieldValue, isToken } from '../message/headers.js'
import { Response } from '../message/response.js'

/** An answer that has been read. */
export interface ErrorFile {
  readonly response: Response
  readonly body: string
  /** The connection ends with it: it says so, or its body has no other end. */
  readonly close: boolean
}

/** What a buffer of HAProxy's holds besides an answer. */
const OVERHEAD = 104
const FIELD_OVERHEAD = 8

/**
 * Reads an answer: status line, fields, an empty line, the body; lines end with CRLF or LF. An empty text is no answer at all: `undefined`.
 * @param largest bytes that HAProxy's buffer would have
 * @throws {OptionError} that says what is wrong with it
 */
export function readErrorFile(subject: string, text: string, largest = 16_384): ErrorFile | undefined {
  const fail = (message: string): never => {
    throw new OptionError(subject, '', message)
  }
  if (text === '') return undefined
  const [head, body] = cut(text) ?? fail('unable to parse headers: there is no empty line behind them')
  const [line = '', ...rest] = head.split('\n')
  const [, version, status, reason = ''] =
    /^HTTP\/\d\.(\d) ([2-9]\d{2})(?: (.*))?$/.exec(line) ??
    fail(`unable to parse headers: '${line}' is no status line, as in 'HTTP/1.1 503 Service Unavailable'`)
  if (!isFieldValue(reason)) fail('unable to parse headers: the status line has a character that it may not have')
  const response = new Response(Number(status), reason, version === '0' && line[5] === '1' ? '1.0' : '1.1')
  for (const field of rest) readField(field, response.headers, fail)
  checkFraming(response, body.length, fail)
  const size = [...response.headers].reduce(
    (sum, [name, value]) => sum + name.length + value.length + FIELD_OVERHEAD,
    0,
  )
  if (size + OVERHEAD + reason.length + body.length > largest) fail(`is larger than the buffer (${largest} bytes)`)
  return { response, body, close: takeConnection(response) }
}

/** Head and body; a field that goes on in the next line is one line. */
function cut(text: string): [head: string, body: string] | undefined {
  const start = /^(?:\r?\n)*/.exec(text)?.[0].length ?? 0
  const end = /\r?\n\r?\n/.exec(text.slice(start))
  if (end === null) return undefined
  const head = text.slice(start, start + end.index)
  const folded = head.replace(/\r?\n(?=[ \t])/g, (newline) => ' '.repeat(newline.length)).replace(/\r\n/g, '\n')
  return [folded, text.slice(start + end.index + end[0].length)]
}

function readField(line: string, headers: Headers, fail: (message: string) => never): void {
  const colon = line.indexOf(':')
  const name = line.slice(0, Math.max(colon, 0))
  const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')
  if (!isToken(name) || !isFieldValue(value)) fail(`unable to parse headers: '${line}' is no header field`)
  headers.append(name, value)
}

function checkFraming({ status, headers }: Response, length: number, fail: (message: string) => never): void {
  if (headers.has('transfer-encoding')) fail('chunk-encoded payload not supported')
  const lengths = headers.values('content-length')
  for (const announced of lengths) {
    if (!/^\d+$/.test(announced) || Number(announced) !== Number(lengths[0]))
      fail(`unable to parse headers: bad content-length '${announced}'`)
  }
  const bodiless = status === 204 || status === 304
  if (bodiless && length > 0) fail('message payload not expected')
  const announced = lengths[0]
  if (!bodiless && announced !== undefined && Number(announced) !== length)
    fail(`payload size does not match the announced content-length (${length} != ${announced})`)
  if (lengths.length > 1) headers.set('content-length', String(length))
}

/** What is said of the connection is ours to say. */
function takeConnection({ status, headers }: Response): boolean {
  const close = headers.values('connection').some((word) => word.toLowerCase() === 'close')
  headers.delete('connection')
  return close || (!headers.has('content-length') && status !== 204 && status !== 304)
}
