/** Questions about header fields of either message. */

import { type Headers, splitList } from '../../message/headers.js'
import { callText } from '../call-text.js'
import type { Context } from '../context.js'
import { NumberSample } from '../number-sample.js'
import type { Phase, RequestPhase, ResponsePhase } from '../phase.js'
import { TextSample } from '../text-sample.js'
import { requestPhases, responsePhases } from './phases.js'

/** Which of several values is meant: 1 is the first, -1 the last. */
export interface HeaderOptions {
  /** Counts from the first (1, 2 …) or from the last (-1, -2 …). Default: the last for the value, all of them for conditions. */
  readonly occurrence?: number | undefined
}

type Side = (context: Context) => Headers

const ofRequest: Side = ({ request }) => request.headers
const ofResponse: Side = ({ response }) => response.headers

/**
 * A request's field, split at commas. The value is the last one; conditions look at all of them. Without a name (`''`), any field. For a field
 * whose value may contain commas, as `User-Agent`, see {@link fullHeader}. HAProxy: `req.hdr(name[,occurrence])`.
 */
export function header(name: string, options: HeaderOptions = {}): TextSample<RequestPhase> {
  return split<RequestPhase>('req.hdr', requestPhases, ofRequest, name, options)
}

/** A request's field, whole lines. HAProxy: `req.fhdr(name[,occurrence])`. */
export function fullHeader(name: string, options: HeaderOptions = {}): TextSample<RequestPhase> {
  return whole<RequestPhase>('req.fhdr', requestPhases, ofRequest, name, options)
}

/** A response's field, split at commas. HAProxy: `res.hdr(name[,occurrence])`. */
export function responseHeader(name: string, options: HeaderOptions = {}): TextSample<ResponsePhase> {
  return split<ResponsePhase>('res.hdr', responsePhases, ofResponse, name, options)
}

/** A response's field, whole lines. HAProxy: `res.fhdr(name[,occurrence])`. */
export function fullResponseHeader(name: string, options: HeaderOptions = {}): TextSample<ResponsePhase> {
  return whole<ResponsePhase>('res.fhdr', responsePhases, ofResponse, name, options)
}

/** How many values a request's field has, split at commas; without a name, all fields' values. HAProxy: `req.hdr_cnt([name])`. */
export function headerCount(name?: string): NumberSample<RequestPhase> {
  return count<RequestPhase>('req.hdr_cnt', requestPhases, ofRequest, name, true)
}

/** How many lines a request's field has; without a name, all lines. HAProxy: `req.fhdr_cnt([name])`. */
export function fullHeaderCount(name?: string): NumberSample<RequestPhase> {
  return count<RequestPhase>('req.fhdr_cnt', requestPhases, ofRequest, name, false)
}

/** How many values a response's field has, split at commas. HAProxy: `res.hdr_cnt([name])`. */
export function responseHeaderCount(name?: string): NumberSample<ResponsePhase> {
  return count<ResponsePhase>('res.hdr_cnt', responsePhases, ofResponse, name, true)
}

/** How many lines a response's field has. HAProxy: `res.fhdr_cnt([name])`. */
export function fullResponseHeaderCount(name?: string): NumberSample<ResponsePhase> {
  return count<ResponsePhase>('res.fhdr_cnt', responsePhases, ofResponse, name, false)
}

function split<P extends Phase>(
  fetch: string,
  phases: readonly Phase[],
  side: Side,
  name: string,
  options: HeaderOptions,
): TextSample<P> {
  const occurrence = options.occurrence ?? 0
  const values = name === '' ? everyValue : (headers: Headers): string[] => headers.values(name)
  const simple = (headers: Headers): string | undefined => {
    const last = name === '' ? everyLine(headers).at(-1) : headers.last(name)
    return last === undefined || !last.includes(',') ? last : values(headers).at(-1)
  }
  return new TextSample({
    name: label(fetch, name, occurrence),
    type: 'str',
    phases,
    steady: true,
    ask: (context) => (occurrence === 0 ? simple(side(context)) : nth(values(side(context)), occurrence)),
    all: occurrence === 0 ? (context) => values(side(context)) : undefined,
  })
}

function whole<P extends Phase>(
  fetch: string,
  phases: readonly Phase[],
  side: Side,
  name: string,
  options: HeaderOptions,
): TextSample<P> {
  const occurrence = options.occurrence ?? 0
  const lines = name === '' ? everyLine : (headers: Headers): string[] => headers.getAll(name)
  return new TextSample({
    name: label(fetch, name, occurrence),
    type: 'str',
    phases,
    steady: true,
    ask: (context) => {
      const headers = side(context)
      return occurrence === 0 && name !== ''
        ? headers.last(name)
        : nth(lines(headers), occurrence === 0 ? -1 : occurrence)
    },
    all: occurrence === 0 ? (context) => lines(side(context)) : undefined,
  })
}

const everyLine = (headers: Headers): string[] => [...headers].map(([, value]) => value)

const everyValue = (headers: Headers): string[] => everyLine(headers).flatMap((value) => splitList(value))

function count<P extends Phase>(
  fetch: string,
  phases: readonly Phase[],
  side: Side,
  name: string | undefined,
  commas: boolean,
): NumberSample<P> {
  return new NumberSample({
    name: callText(fetch, name === undefined ? [] : [name]),
    type: 'int',
    phases,
    steady: true,
    ask: (context) => {
      const headers = side(context)
      if (name === undefined) return commas ? countAll(headers) : headers.count
      return commas ? headers.values(name).length : headers.lines(name)
    },
  })
}

function countAll(headers: Headers): number {
  const names = new Set<string>()
  let values = 0
  for (const [name] of headers) {
    const key = name.toLowerCase()
    if (names.has(key)) continue
    names.add(key)
    values += headers.values(key).length
  }
  return values
}

function nth(values: readonly string[], occurrence: number): string | undefined {
  return values.at(occurrence > 0 ? occurrence - 1 : occurrence)
}

function label(fetch: string, name: string, occurrence: number): string {
  return callText(fetch, occurrence === 0 ? [name] : [name, occurrence])
}
