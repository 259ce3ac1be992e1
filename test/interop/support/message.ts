/**
 * HTTP/1 messages as a test reads them: where one ends, and how it is shown so that two can be compared.
 * Lenient on purpose and independent of the product's codec: it must be able to show what the codec got wrong.
 */

import { createHash } from 'node:crypto'

export interface Extent {
  /** Index after the empty line. */
  readonly head: number
  /** Index after the body; undefined while it has not all come. */
  readonly end: number | undefined
  /** Decoded body, and the trailer lines when it was chunked. */
  readonly body: string
  readonly framing: 'none' | 'length' | 'chunked' | 'close'
  readonly trailers: string
}

interface Decoded {
  readonly end: number | undefined
  readonly body: string
  readonly trailers: string
}

function field(head: string, name: string): string | undefined {
  const values: string[] = []
  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':')
    if (colon > 0 && line.slice(0, colon).toLowerCase() === name) values.push(line.slice(colon + 1).trim())
  }
  return values.length === 0 ? undefined : values.join(', ')
}

function decodeChunks(text: string, from: number): Decoded {
  let at = from
  let body = ''
  for (;;) {
    const line = text.indexOf('\r\n', at)
    if (line < 0) return { end: undefined, body, trailers: '' }
    const size = Number.parseInt(text.slice(at, line), 16)
    if (Number.isNaN(size)) return { end: undefined, body: body + text.slice(at), trailers: '' }
    if (size === 0) {
      if (text.startsWith('\r\n', line + 2)) return { end: line + 4, body, trailers: '' }
      const end = text.indexOf('\r\n\r\n', line + 2)
      return { end: end < 0 ? undefined : end + 4, body, trailers: text.slice(line + 2, end < 0 ? undefined : end) }
    }
    body += text.slice(line + 2, line + 2 + size)
    at = line + 2 + size + 2
    if (text.length < at) return { end: undefined, body, trailers: '' }
  }
}

function headEnd(text: string, from: number): number {
  const at = text.indexOf('\r\n\r\n', from)
  return at < 0 ? -1 : at + 4
}

function extent(text: string, from: number, head: number, untilClose: boolean, closed: boolean): Extent {
  const lines = text.slice(from, head)
  const coding = field(lines, 'transfer-encoding')
  if (coding !== undefined && /chunked\s*$/i.test(coding)) {
    return { head, framing: 'chunked', ...decodeChunks(text, head) }
  }
  const length = field(lines, 'content-length')
  if (length !== undefined) {
    const end = head + Number.parseInt(length, 10)
    return {
      head,
      framing: 'length',
      body: text.slice(head, end),
      trailers: '',
      end: text.length >= end || closed ? Math.min(end, text.length) : undefined,
    }
  }
  if (!untilClose) return { head, end: head, body: '', framing: 'none', trailers: '' }
  return { head, end: closed ? text.length : undefined, body: text.slice(head), framing: 'close', trailers: '' }
}

/** The request that begins at `from`, once its head is there. */
export function requestAt(text: string, from: number): Extent | undefined {
  const head = headEnd(text, from)
  return head < 0 ? undefined : extent(text, from, head, false, false)
}

/** The response that begins at `from`, as the answer to `method`. */
export function responseAt(text: string, from: number, method: string, closed: boolean): Extent | undefined {
  const head = headEnd(text, from)
  if (head < 0) return undefined
  const status = Number.parseInt(text.slice(from + 9, from + 12), 10)
  const bodiless = method === 'HEAD' || status < 200 || status === 204 || status === 304
  if (bodiless || (method === 'CONNECT' && status < 300)) {
    return { head, end: head, body: '', framing: 'none', trailers: '' }
  }
  return extent(text, from, head, true, closed)
}

/** Control bytes and high bytes spelt out; CRLF becomes a line end. */
export function visible(text: string): string {
  return text
    .replace(/[^\x20-\x7e\r\n]|\r(?!\n)/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .replace(/(?<!\r)\n/g, '\\x0a\n')
    .replace(/\r\n/g, '\n')
}

/** A long body as its length and digest. */
export function brief(body: string): string {
  if (body.length <= 1500) return visible(body)
  return `<${body.length} bytes, sha1 ${createHash('sha1').update(body, 'latin1').digest('hex').slice(0, 12)}>`
}

function showHead(head: string): string {
  return visible(head.replace(/^(date: ).*$/im, '$1<now>'))
}

function show(text: string, from: number, message: Extent): string {
  const lines = [showHead(text.slice(from, message.head)).trimEnd()]
  if (message.framing !== 'none') {
    const partial = message.end === undefined ? ', incomplete' : ''
    lines.push(`[body, ${message.framing}${partial}] ${brief(message.body)}`)
  }
  if (message.trailers !== '') lines.push(`[trailers] ${visible(message.trailers)}`)
  return lines.join('\n')
}

/** A response for comparison: head as it is (but the date), body decoded, the borders of its chunks forgotten. */
export function showResponse(text: string, from: number, message: Extent): string {
  return show(text, from, message)
}

/** Everything that a server received on one connection: requests in that form as far as they are such, the rest raw. */
export function showRequests(text: string): string[] {
  const shown: string[] = []
  let at = 0
  while (at < text.length) {
    const message = requestAt(text, at)
    if (message === undefined || !/^[^ \r\n]+ [^\r\n]+ HTTP\/\d/.test(text.slice(at, message.head))) {
      shown.push(`[bytes] ${brief(text.slice(at))}`)
      break
    }
    shown.push(show(text, at, message))
    if (message.end === undefined) break
    at = message.end
  }
  return shown
}
