/** Questions about the cookies of a request and those that a response sets. */

import type { Headers } from '../../message/headers.js'
import type { ArgumentValue } from '../argument.js'
import { callText } from '../call-text.js'
import { castInteger, textInteger } from '../cast.js'
import type { Context } from '../context.js'
import { defineFetch, type FetchDefinition } from '../fetch.js'
import { NumberSample } from '../number-sample.js'
import type { Phase, RequestPhase, ResponsePhase } from '../phase.js'
import { TextSample } from '../text-sample.js'
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
    ask: (context) => cookies(context, name).at(name === undefined ? 0 : -1),
    all: (context) => cookies(context, name),
  })
}

function cookieCount<P extends Phase>(
  fetch: string,
  phases: readonly Phase[],
  cookies: Cookies,
  name: string | undefined,
): NumberSample<P> {
  return new NumberSample({
    name: label(fetch, name),
    type: 'int',
    phases,
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
    ask: (context) => castInteger(cookies(context, name).at(name === undefined ? 0 : -1)),
    all: (context) => cookies(context, name).map(textInteger),
  })
}

/** The values of `Cookie` fields, in order. */
export function sentCookies(headers: Headers, name: string | undefined): string[] {
  const values: string[] = []
  const raw = headers.raw
  for (let i = 0; i < raw.length; i += 2) {
    if (raw[i]!.length !== 6 || raw[i]!.toLowerCase() !== 'cookie') continue
    for (const pair of cookiePairs(raw[i + 1]!)) pushValue(pair, name, values)
  }
  return values
}

/** Cuts a `Cookie` field at semicolons and, as HAProxy does, commas; those in quotes do not count. */
function cookiePairs(line: string): string[] {
  if (!line.includes('"')) return line.split(/[;,]/)
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

/** The values of the cookies that `Set-Cookie` fields set, in order. */
export function setCookies(headers: Headers, name: string | undefined): string[] {
  const values: string[] = []
  for (const line of headers.getAll('set-cookie')) pushValue(line.split(';', 1)[0]!, name, values)
  return values
}

function pushValue(pair: string, name: string | undefined, values: string[]): void {
  const equals = pair.indexOf('=')
  if (equals === -1) return
  if (name === undefined || pair.slice(0, equals).trim() === name) values.push(pair.slice(equals + 1).trim())
}

function label(fetch: string, name: string | undefined): string {
  return callText(fetch, name === undefined ? [] : [name])
}

const argument = [{ name: 'name', type: 'string', optional: true }] as const
const text = ([name]: readonly ArgumentValue[]): string | undefined => name as string | undefined
const ofRequest = { phases: requestPhases, strictPhases: requestOnly, arguments: argument } as const
const ofResponse = { phases: responsePhases, strictPhases: responseOnly, arguments: argument } as const

/** The words of haproxy.cfg for these. */
export const cookieFetches: readonly FetchDefinition[] = [
  defineFetch({
    ...ofRequest,
    name: 'req.cook',
    aliases: ['cook'],
    type: 'str',
    derive: ['req.cook', 'cook'],
    make: (values) => cookie(text(values)),
  }),
  defineFetch({
    ...ofRequest,
    name: 'req.cook_cnt',
    aliases: ['cook_cnt'],
    type: 'int',
    make: (values) => cookieCount<RequestPhase>('req.cook_cnt', requestPhases, sent, text(values)),
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
    aliases: ['scook'],
    type: 'str',
    derive: ['res.cook', 'scook'],
    make: (values) => responseCookie(text(values)),
  }),
  defineFetch({
    ...ofResponse,
    name: 'res.cook_cnt',
    aliases: ['scook_cnt'],
    type: 'int',
    make: (values) => cookieCount<ResponsePhase>('res.cook_cnt', responsePhases, set, text(values)),
  }),
  defineFetch({
    ...ofResponse,
    name: 'res.cook_val',
    aliases: ['scook_val'],
    type: 'int',
    make: (values) => cookieValue<ResponsePhase>('res.cook_val', responsePhases, set, text(values)),
  }),
]
