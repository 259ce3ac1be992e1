/** `setMethod`, `setPath`, `setPathq`, `setQuery`, `setUri`: change the first line of the request that the server gets. */
import { OptionError } from '../../base/errors.js'
import { asFormat, type Text } from '../../match/format.js'
import type { Phase } from '../../match/phase.js'
import { FieldError, isToken } from '../../message/headers.js'
import type { Request } from '../../message/request.js'
import { rewriting } from '../rewrite.js'
import { Rule } from '../rule.js'

/** Replaces the path and keeps the query. What cannot be one makes the answer 500; see `strictMode`. HAProxy: `http-request set-path`. */
export function setPath<P extends Phase = Phase>(path: Text<P>): Rule<P & 'request'> {
  return targetRule('set-path', path, (request, text) => {
    request.path = text
  })
}

/** Replaces path and query. HAProxy: `http-request set-pathq`. */
export function setPathq<P extends Phase = Phase>(pathq: Text<P>): Rule<P & 'request'> {
  return targetRule('set-pathq', pathq, (request, text) => {
    request.pathq = text
  })
}

/** Replaces the query, given without its question mark; `''` leaves the mark where there was one. HAProxy: `http-request set-query`. */
export function setQuery<P extends Phase = Phase>(query: Text<P>): Rule<P & 'request'> {
  return targetRule('set-query', query, (request, text) => {
    request.query = text
  })
}

/** Replaces the whole target. HAProxy: `http-request set-uri`. */
export function setUri<P extends Phase = Phase>(uri: Text<P>): Rule<P & 'request'> {
  return targetRule('set-uri', uri, (request, text) => {
    request.target = text
  })
}

/** Replaces the method. HAProxy: `http-request set-method`. Throws {@link OptionError} on a text that is no token. */
export function setMethod<P extends Phase = Phase>(method: Text<P>): Rule<P & 'request'> {
  if (typeof method === 'string' && !isToken(method)) {
    throw new OptionError('setMethod', '', `${JSON.stringify(method)} is not a method`)
  }
  return targetRule('set-method', method, (request, text) => {
    if (!isToken(text)) throw new FieldError(`${JSON.stringify(text)} is not a method`)
    request.method = text
  })
}

function targetRule<P extends Phase>(
  name: string,
  value: Text<P>,
  set: (request: Request, text: string) => void,
): Rule<P & 'request'> {
  const format = asFormat(value)
  const render = format.render
  const phases = (['request'] as const).filter((phase) => format.phases.includes(phase))
  const act = rewriting((context) => {
    set(context.request, render(context))
    return undefined
  })
  return new Rule(`${name} ${format.text}`, phases, act)
}
