/** Questions about the parameters in a request's query. Nothing is decoded. */

import type { ArgumentValue } from '../argument.js'
import { callText } from '../call-text.js'
import { castInteger, textInteger } from '../cast.js'
import { defineFetch, type FetchDefinition } from '../fetch.js'
import { NumberSample } from '../number-sample.js'
import type { RequestPhase } from '../phase.js'
import { TextSample } from '../text-sample.js'
import { requestOnly, requestPhases } from './phases.js'

/** Which parameter, and where they begin. */
export interface UrlParamOptions {
  /** The character before the first parameter. Default `?`; with another one they may stand in the path, as in `/x;id=7`. */
  readonly delimiter?: string | undefined
}

/**
 * The value of the first parameter of this name, as it stands in the request; conditions look at all of them. Without a name, of any.
 * HAProxy: `url_param(name[,delimiter])`.
 */
export function urlParam(name?: string, options: UrlParamOptions = {}): TextSample<RequestPhase> {
  const delimiter = options.delimiter ?? '?'
  return new TextSample({
    name: paramLabel('url_param', name, options),
    type: 'str',
    phases: requestPhases,
    ask: ({ request }) => findParam(request.target, name, delimiter),
    all: ({ request }) => allParams(request.target, name, delimiter),
  })
}

function urlParamValue(name: string | undefined, options: UrlParamOptions): NumberSample<RequestPhase> {
  const text = urlParam(name, options)
  return new NumberSample({
    name: paramLabel('urlp_val', name, options),
    type: 'int',
    phases: requestPhases,
    ask: (context) => castInteger(text.ask(context)),
    all: (context) => (text.all!(context) as readonly string[]).map(textInteger),
  })
}

function findParam(target: string, name: string | undefined, delimiter: string): string | undefined {
  return target.includes(delimiter) ? allParams(target, name, delimiter)[0] : undefined
}

/** Values of the parameters, which stand after the delimiter and between `&`, `;` or further delimiters. */
export function allParams(target: string, name: string | undefined, delimiter: string): string[] {
  const values: string[] = []
  let at = target.indexOf(delimiter)
  while (at !== -1 && at < target.length) {
    const end = paramEnd(target, at + 1, delimiter)
    const equals = target.indexOf('=', at + 1)
    if (equals !== -1 && equals < end && (name === undefined || isNamed(target, at + 1, equals, name))) {
      values.push(target.slice(equals + 1, end))
    }
    at = end
  }
  return values
}

function isNamed(target: string, start: number, equals: number, name: string): boolean {
  return equals - start === name.length && target.startsWith(name, start)
}

function paramEnd(target: string, from: number, delimiter: string): number {
  for (let at = from; at < target.length; at++) {
    const char = target[at]
    if (char === '&' || char === ';' || char === delimiter) return at
  }
  return target.length
}

function paramLabel(fetch: string, name: string | undefined, options: UrlParamOptions): string {
  if (name === undefined) return fetch
  return callText(fetch, options.delimiter === undefined ? [name] : [name, options.delimiter])
}

const words = [
  { name: 'name', type: 'string', optional: true },
  { name: 'delimiter', type: 'string', optional: true },
] as const

const read = ([name, delimiter]: readonly ArgumentValue[]): [string | undefined, UrlParamOptions] => [
  name as string | undefined,
  { delimiter: delimiter as string | undefined },
]

/** The words of haproxy.cfg for these. */
export const urlParamFetches: readonly FetchDefinition[] = [
  defineFetch({
    name: 'url_param',
    aliases: ['urlp'],
    type: 'str',
    phases: requestPhases,
    strictPhases: requestOnly,
    arguments: words,
    derive: ['url_param', 'urlp'],
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
