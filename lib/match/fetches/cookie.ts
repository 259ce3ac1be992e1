/** Questions about the cookies of a request and those that a response sets. */

import { type Headers, sameName } from '../../message/headers.js'
import type { ArgumentValue } from '../argument.js'
import { callText } from '../call-text.js'
import type { Context } from '../context.js'
import { defineFetch, type FetchDefinition } from '../fetch.js'
import { NumberSample } from '../number-sample.js'
import type { Phase, RequestPhase, ResponsePhase } from '../phase.js'
import { TextSample } from '../text-sample.js'
import { looseInteger } from './loose-integer.js'
import { requestOnly, requestPhases, responseOnly, responsePhases } from './phases.js'

/**
 * The value of the last cookie of this name that the client sent; conditions look at all of them. Without a name, the first cookie. Names are
 * compared with their case. HAProxy: `req.cook(name)`.
 */
export function cookie(name?: string): TextSample<RequestPhase> {
  return cookieSample<RequestPhase>('req.cook', requestPhases, sent, name)
}

/** The value of the last cookie of this name that the response sets. HAProxy: `res.cook(name)`. */
export function responseCookie(name?: string): TextSample<ResponsePhase> {
  return cookieSample<ResponsePhase>('res.cook', responsePhases, set, name)
}

/** How many cookies of this name the client sent; without one, how many in all. HAProxy: `req.cook_cnt([name])`. */
export function cookieCount(name?: string): NumberSample<RequestPhase> {
  return countSample<RequestPhase>('req.cook_cnt', requestPhases, sent, name)
}

/** How many cookies of this name the response sets. HAProxy: `res.cook_cnt([name])`. */
export function responseCookieCount(name?: string): NumberSample<ResponsePhase> {
  return countSample<ResponsePhase>('res.cook_cnt', responsePhases, set, name)
}

/**
 * The names of all cookies that the client sent, with the first character of `delimiter` (a comma, by default) between them. HAProxy:
 * `req.cook_names([delimiter])`.
 */
export function cookieNames(delimiter?: string): TextSample<RequestPhase> {
  return namesSample<RequestPhase>(
    'req.cook_names',
    requestPhases,
    ({ request }) => sentPairs(request.headers),
    delimiter,
  )
}

/** The names of all cookies that the response sets. HAProxy: `res.cook_names([delimiter])`. */
export function responseCookieNames(delimiter?: string): TextSample<ResponsePhase> {
  return namesSample<ResponsePhase>(
    'res.cook_names',
    responsePhases,
    ({ response }) => setPairs(response.headers),
    delimiter,
  )
}

function namesSample<P extends Phase>(
  fetch: string,
  phases: readonly Phase[],
  pairs: (context: Context) => Iterable<Pair>,
  delimiter: string | undefined,
): TextSample<P> {
  const between = delimiter?.[0] ?? ','
  return new TextSample<P>({
    name: label(fetch, delimiter),
    type: 'str',
    phases,
    steady: true,
    ask: (context) => Array.from(pairs(context), ([name]) => name).join(between),
  })
}

type Pair = readonly [name: string, value: string]

type Cookies = (context: Context, name: string | undefined) => string[]

const sent: Cookies = ({ request }, name) => sentCookies(request.headers, name)
const set: Cookies = ({ response }, name) => setCookies(response.headers, name)

function cookieSample<P extends Phase>(
  fetch: string,
  phases: readonly Phase[],
  cookies: Cookies,
  name: string | undefined,
): TextSample<P> {
  return new TextSample({
    name: label(fetch, name),
    type: 'str',
    phases,
    steady: true,
    ask: (context) => cookies(context, name).at(name === undefined ? 0 : -1),
    all: (context) => cookies(context, name),
  })
}

function countSample<P extends Phase>(
  fetch: string,
  phases: readonly Phase[],
  cookies: Cookies,
  name: string | undefined,
): NumberSample<P> {
  return new NumberSample({
    name: label(fetch, name),
    type: 'int',
    phases,
    steady: true,
    ask: (context) => cookies(context, name).length,
  })
}

function cookieValue<P extends Phase>(
  fetch: string,
  phases: readonly Phase[],
  cookies: Cookies,
  name: string | undefined,
): NumberSample<P> {
  return new NumberSample({
    name: label(fetch, name),
    type: 'int',
    phases,
    steady: true,
    ask: (context) => {
      const value = cookies(context, name).at(name === undefined ? 0 : -1)
      return value === undefined ? undefined : looseInteger(value)
    },
    all: (context) => cookies(context, name).map(looseInteger),
  })
}

/** The values of `Cookie` fields, in order. */
export function sentCookies(headers: Headers, name: string | undefined): string[] {
  if (name === undefined) return valuesOf(sentPairs(headers), name)
  const { raw } = headers
  const values: string[] = []
  for (let i = 0; i < raw.length; i += 2) {
    // A line without the name is passed over unread: conditions ask every request for the same few cookies.
    if (!sameName(raw[i]!, 'cookie') || !raw[i + 1]!.includes(name)) continue
    for (const text of cookiePairs(raw[i + 1]!)) {
      const equals = text.indexOf('=')
      if (equals !== -1 && text.slice(0, equals).trim() === name) values.push(text.slice(equals + 1).trim())
    }
  }
  return values
}

function* sentPairs(headers: Headers): Generator<Pair> {
  const raw = headers.raw
  for (let i = 0; i < raw.length; i += 2) {
    if (raw[i]!.length !== 6 || raw[i]!.toLowerCase() !== 'cookie') continue
    for (const text of cookiePairs(raw[i + 1]!)) {
      const pair = cutPair(text)
      if (pair !== undefined) yield pair
    }
  }
}

/** Cuts a `Cookie` field at semicolons and, as HAProxy does, commas; those in quotes do not count. */
function cookiePairs(line: string): string[] {
  if (!line.includes('"')) return line.includes(',') ? line.split(/[;,]/) : line.split(';')
  const pairs: string[] = []
  let start = 0
  let quoted = false
  for (let at = 0; at < line.length; at++) {
    const char = line[at]
    if (char === '"') quoted = !quoted
    else if (char === '\\' && quoted) at++
    else if ((char === ';' || char === ',') && !quoted) {
      pairs.push(line.slice(start, at))
      start = at + 1
    }
  }
  pairs.push(line.slice(start))
  return pairs
}

/** The values of the cookies that `Set-Cookie` fields set, in order. Without a name, HAProxy takes their attributes for cookies, too. */
export function setCookies(headers: Headers, name: string | undefined): string[] {
  if (name !== undefined) return valuesOf(setPairs(headers), name)
  const lines = headers.getAll('set-cookie')
  return valuesOf(lines.flatMap(cookiePairs).flatMap(pairOf), undefined)
}

/** What stands before the first semicolon, of each part between commas. */
function* setPairs(headers: Headers): Generator<Pair> {
  for (const part of headers.values('set-cookie')) {
    const pair = cutPair(cookiePairs(part)[0] as string)
    if (pair !== undefined) yield pair
  }
}

function pairOf(text: string): readonly Pair[] {
  const pair = cutPair(text)
  return pair === undefined ? [] : [pair]
}

function cutPair(text: string): Pair | undefined {
  const equals = text.indexOf('=')
  return equals === -1 ? undefined : [text.slice(0, equals).trim(), text.slice(equals + 1).trim()]
}

function valuesOf(pairs: Iterable<Pair>, wanted: string | undefined): string[] {
  const values: string[] = []
  for (const [name, value] of pairs) if (wanted === undefined || name === wanted) values.push(value)
  return values
}

function label(fetch: string, name: string | undefined): string {
  return callText(fetch, name === undefined ? [] : [name])
}

const argument = [{ name: 'name', type: 'string', optional: true }] as const
const text = ([name]: readonly ArgumentValue[]): string | undefined => (name as string | undefined) || undefined
const ofRequest = { phases: requestPhases, strictPhases: requestOnly, arguments: argument } as const
const ofResponse = { phases: responsePhases, strictPhases: responseOnly, arguments: argument } as const

const between = [{ name: 'delimiter', type: 'string', optional: true }] as const

/** The words of haproxy.cfg for these. `cookie` is a request's here; the loader makes `res.cook` of it in response rules, as HAProxy does. */
export const cookieFetches: readonly FetchDefinition[] = [
  defineFetch({
    ...ofRequest,
    name: 'req.cook_names',
    type: 'str',
    arguments: between,
    make: ([delimiter]) => cookieNames(delimiter as string | undefined),
  }),
  defineFetch({
    ...ofResponse,
    name: 'res.cook_names',
    type: 'str',
    arguments: between,
    make: ([delimiter]) => responseCookieNames(delimiter as string | undefined),
  }),
  defineFetch({
    ...ofRequest,
    name: 'req.cook',
    aliases: ['cook', 'cookie'],
    type: 'str',
    match: 'str',
    derive: ['cook'],
    make: (values) => cookie(text(values)),
  }),
  defineFetch({
    ...ofRequest,
    name: 'req.cook_cnt',
    aliases: ['cook_cnt'],
    type: 'int',
    make: (values) => cookieCount(text(values)),
  }),
  defineFetch({
    ...ofRequest,
    name: 'req.cook_val',
    aliases: ['cook_val'],
    type: 'int',
    make: (values) => cookieValue<RequestPhase>('req.cook_val', requestPhases, sent, text(values)),
  }),
  defineFetch({
    ...ofResponse,
    name: 'res.cook',
    aliases: ['scook', 'set-cookie'],
    type: 'str',
    match: 'str',
    derive: ['scook'],
    make: (values) => responseCookie(text(values)),
  }),
  defineFetch({
    ...ofResponse,
    name: 'res.cook_cnt',
    aliases: ['scook_cnt'],
    type: 'int',
    make: (values) => responseCookieCount(text(values)),
  }),
  defineFetch({
    ...ofResponse,
    name: 'res.cook_val',
    aliases: ['scook_val'],
    type: 'int',
    make: (values) => cookieValue<ResponsePhase>('res.cook_val', responsePhases, set, text(values)),
  }),
]
