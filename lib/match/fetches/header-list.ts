/** Questions about all header fields of a message at once. */
import type { Headers } from '../../message/headers.js'
import { BytesSample } from '../bytes-sample.js'
import { callText } from '../call-text.js'
import type { Context } from '../context.js'
import { defineFetch, type FetchDefinition } from '../fetch.js'
import type { Phase, RequestPhase, ResponsePhase } from '../phase.js'
import { TextSample } from '../text-sample.js'
import { requestOnly, requestPhases, responseOnly, responsePhases } from './phases.js'

type Side = (context: Context) => Headers
const ofRequest: Side = ({ request }) => request.headers
const ofResponse: Side = ({ response }) => response.headers

function names<P extends Phase>(
  fetch: string,
  phases: readonly Phase[],
  side: Side,
  delimiter?: string,
): TextSample<P> {
  // One character, as HAProxy has it.
  const between = delimiter === undefined ? ',' : (delimiter[0] ?? '\0')
  return new TextSample<P>({
    name: callText(fetch, delimiter === undefined ? [] : [delimiter]),
    type: 'str',
    phases,
    ask: (context) => {
      const { raw } = side(context)
      return raw
        .filter((_, index) => index % 2 === 0)
        .map((name) => name.toLowerCase())
        .join(between)
    },
  })
}

/** As HTTP/1 has them on the wire, with the empty line at the end. */
function lines({ raw }: Headers): Buffer {
  let text = ''
  for (let i = 0; i < raw.length; i += 2) text += `${raw[i]!.toLowerCase()}: ${raw[i + 1]}\r\n`
  return Buffer.from(`${text}\r\n`, 'latin1')
}

/** Each name and value behind its length, and two empty ones at the end; lengths are HAProxy's own variable-length integers. */
function binary({ raw }: Headers): Buffer {
  const parts: Buffer[] = []
  raw.forEach((text, index) => {
    parts.push(lengthOf(text.length), Buffer.from(index % 2 === 0 ? text.toLowerCase() : text, 'latin1'))
  })
  parts.push(Buffer.alloc(2))
  return Buffer.concat(parts)
}

/** Up to 239 in one byte; above, four bits and then seven a byte. */
function lengthOf(length: number): Buffer {
  if (length < 240) return Buffer.of(length)
  const bytes = [(length & 255) | 240]
  let rest = (length - 240) >>> 4
  while (rest >= 128) {
    bytes.push((rest & 255) | 128)
    rest = (rest - 128) >>> 7
  }
  bytes.push(rest)
  return Buffer.from(bytes)
}

function bytes<P extends Phase>(
  name: string,
  phases: readonly Phase[],
  side: Side,
  print: (headers: Headers) => Buffer,
): BytesSample<P> {
  return new BytesSample<P>({ name, type: 'bin', phases, ask: (context) => print(side(context)) })
}

/**
 * The names of all fields of the request, in lower case and with the first character of `delimiter` (a comma, by default) between them. HAProxy:
 * `req.hdr_names([delimiter])`.
 */
export function headerNames(delimiter?: string): TextSample<RequestPhase> {
  return names<RequestPhase>('req.hdr_names', requestPhases, ofRequest, delimiter)
}

/** HAProxy: `res.hdr_names([delimiter])`. */
export function responseHeaderNames(delimiter?: string): TextSample<ResponsePhase> {
  return names<ResponsePhase>('res.hdr_names', responsePhases, ofResponse, delimiter)
}

/** All fields of the request as HTTP/1 writes them, names in lower case, with the empty line behind them. HAProxy: `req.hdrs`. */
export const headerLines: BytesSample<RequestPhase> = bytes('req.hdrs', requestPhases, ofRequest, lines)
/** HAProxy: `res.hdrs`. */
export const responseHeaderLines: BytesSample<ResponsePhase> = bytes('res.hdrs', responsePhases, ofResponse, lines)
/** The same as lengths and texts, as SPOE has them. HAProxy: `req.hdrs_bin`. */
export const headerBytes: BytesSample<RequestPhase> = bytes('req.hdrs_bin', requestPhases, ofRequest, binary)
/** HAProxy: `res.hdrs_bin`. */
export const responseHeaderBytes: BytesSample<ResponsePhase> = bytes('res.hdrs_bin', responsePhases, ofResponse, binary)

const delimiter = [{ name: 'delimiter', type: 'string', optional: true }] as const

/** The words of haproxy.cfg for these. */
export const headerListFetches: readonly FetchDefinition[] = [
  ...[headerLines, headerBytes].map((sample) =>
    defineFetch({ ...sample, strictPhases: requestOnly, make: () => sample }),
  ),
  ...[responseHeaderLines, responseHeaderBytes].map((sample) =>
    defineFetch({ ...sample, strictPhases: responseOnly, make: () => sample }),
  ),
  defineFetch({
    name: 'req.hdr_names',
    type: 'str',
    phases: requestPhases,
    strictPhases: requestOnly,
    arguments: delimiter,
    make: ([between]) => headerNames(between as string | undefined),
  }),
  defineFetch({
    name: 'res.hdr_names',
    type: 'str',
    phases: responsePhases,
    strictPhases: responseOnly,
    arguments: delimiter,
    make: ([between]) => responseHeaderNames(between as string | undefined),
  }),
]
