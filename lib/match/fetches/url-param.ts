/** Questions about the parameters in a request's query. Nothing is decoded. */

import type { ArgumentValue } from '../argument.js'
import { callText } from '../call-text.js'
import { defineFetch, type FetchDefinition } from '../fetch.js'
import { NumberSample } from '../number-sample.js'
import type { RequestPhase } from '../phase.js'
import { TextSample } from '../text-sample.js'
import { looseInteger } from './loose-integer.js'
import { requestOnly, requestPhases } from './phases.js'

/** Which parameter, and where they begin. */
export interface UrlParamOptions {
  /** The character before the first parameter. Default `?`; with another one they may stand in the path, as in `/x;id=7`. */
  readonly delimiter?: string | undefined
  /** Names are compared without regard to ASCII case. Default: no. */
  readonly ignoreCase?: boolean | undefined
}

/**
 * The value of the first parameter of this name, as it stands in the request; conditions look at all of them. Without a name, of any.
 * HAProxy: `url_param(name[,delimiter[,i]])`.
 */
export function urlParam(name?: string, options: UrlParamOptions = {}): TextSample<RequestPhase> {
  const { delimiter = '?', ignoreCase = false } = options
  return new TextSample({
    name: paramLabel('url_param', name, options),
    type: 'str',
    phases: requestPhases,
    steady: true,
    ask: ({ request }) =>
      request.target.includes(delimiter) ? allParams(request.target, name, delimiter, ignoreCase)[0] : undefined,
    all: ({ request }) => allParams(request.target, name, delimiter, ignoreCase),
  })
}

function urlParamValue(name: string | undefined, options: UrlParamOptions): NumberSample<RequestPhase> {
  const text = urlParam(name, options)
  return new NumberSample({
    name: paramLabel('urlp_val', name, options),
    type: 'int',
    phases: requestPhases,
    steady: true,
    ask: (context) => {
      const value = text.ask(context) as string | undefined
      return value === undefined ? undefined : looseInteger(value)
    },
    all: (context) => (text.all!(context) as readonly string[]).map(looseInteger),
  })
}

/** Values of the parameters, which stand after the delimiter and between `&`, `;` or further delimiters. */
export function allParams(target: string, name: string | undefined, delimiter: string, ignoreCase = false): string[] {
  const values: string[] = []
  const wanted = ignoreCase ? name?.toLowerCase() : name
  let at = target.indexOf(delimiter)
  while (at !== -1 && at < target.length) {
    const start = at + 1
    let equals = -1
    for (at = start; at < target.length; at++) {
      const char = target[at]
      if (char === '&' || char === ';' || char === delimiter) break
      if (char === '=' && equals === -1) equals = at
    }
    if (equals === -1) continue
    if (wanted === undefined || isNamed(target, start, equals, wanted, ignoreCase))
      values.push(target.slice(equals + 1, at))
  }
  return values
}

function isNamed(target: string, start: number, equals: number, name: string, ignoreCase: boolean): boolean {
  if (equals - start !== name.length) return false
  return ignoreCase ? target.slice(start, equals).toLowerCase() === name : target.startsWith(name, start)
}

function paramLabel(fetch: string, name: string | undefined, options: UrlParamOptions): string {
  const { delimiter, ignoreCase = false } = options
  if (ignoreCase) return callText(fetch, [name ?? '', delimiter ?? '?', 'i'])
  if (delimiter !== undefined) return callText(fetch, [name ?? '', delimiter])
  return callText(fetch, name === undefined ? [] : [name])
}

const words = [
  { name: 'name', type: 'string', optional: true },
  { name: 'delimiter', type: 'string', optional: true },
  { name: 'i', type: 'enum', optional: true, oneOf: ['i'] },
] as const

const read = ([name, delimiter, i]: readonly ArgumentValue[]): [string | undefined, UrlParamOptions] => [
  (name as string | undefined) || undefined,
  { delimiter: (delimiter as string | undefined)?.[0], ignoreCase: i !== undefined },
]

/** The words of haproxy.cfg for these. */
export const urlParamFetches: readonly FetchDefinition[] = [
  defineFetch({
    name: 'url_param',
    aliases: ['urlp'],
    match: 'str',
    type: 'str',
    phases: requestPhases,
    strictPhases: requestOnly,
    arguments: words,
    derive: ['urlp'],
    make: (values) => urlParam(...read(values)),
  }),
  defineFetch({
    name: 'urlp_val',
    type: 'int',
    phases: requestPhases,
    strictPhases: requestOnly,
    arguments: words,
    make: (values) => urlParamValue(...read(values)),
  }),
]
