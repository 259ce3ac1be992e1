/** `setHeader`, `addHeader`, `delHeader`: change the fields of the message in hand. */
import { OptionError } from '../../base/errors.js'
import type { Context } from '../../match/context.js'
import { asFormat, type Format, type Text } from '../../match/format.js'
import type { Phase } from '../../match/phase.js'
import { compileRegex } from '../../match/regex.js'
import { type Headers, isFieldValue, isToken } from '../../message/headers.js'
import { checkRoom, rewriting } from '../rewrite.js'
import { Rule } from '../rule.js'
import { hasResponse } from './answer.js'

/** Where fields can be changed: of the request before it is sent on, of the response before it is sent back. */
export type HeaderPhase = 'request' | 'response' | 'afterResponse'

const HEADER_PHASES: readonly HeaderPhase[] = ['request', 'response', 'afterResponse']

/**
 * Removes all lines of a field and appends one. HAProxy: `http-request set-header`, `http-response set-header`, `http-after-response set-header`.
 * Throws {@link OptionError} on a name or text that cannot be sent. A value that turns out to be one makes the answer 500; see `strictMode`.
 */
export function setHeader<P extends Phase = Phase>(name: string, value: Text<P>): Rule<P & HeaderPhase> {
  const format = checkField('setHeader', name, value)
  const render = format.render
  return fieldRule(`set-header ${name} ${format.text}`, format, (context) => {
    const text = render(context)
    const headers = fields(context)
    checkRoom(context, headers, text)
    headers.set(name, text)
  })
}

/** Appends a line of a field after all others. HAProxy: `add-header`. Fails as {@link setHeader} does. */
export function addHeader<P extends Phase = Phase>(name: string, value: Text<P>): Rule<P & HeaderPhase> {
  const format = checkField('addHeader', name, value)
  const render = format.render
  return fieldRule(`add-header ${name} ${format.text}`, format, (context) => {
    const text = render(context)
    const headers = fields(context)
    checkRoom(context, headers, text)
    headers.append(name, text)
  })
}

/** How {@link delHeader} compares names; case never counts. */
export type NameMatch = 'str' | 'beg' | 'end' | 'sub'

const matches: Readonly<Record<NameMatch, (name: string, part: string) => boolean>> = {
  str: (name, part) => name === part,
  beg: (name, part) => name.startsWith(part),
  end: (name, part) => name.endsWith(part),
  sub: (name, part) => name.includes(part),
}

/** @internal How names are compared; both are in lower case. */
export function nameMatcher(subject: string, match: NameMatch): (name: string, part: string) => boolean {
  const holds = matches[match]
  if (holds === undefined) throw new OptionError(subject, 'match', "must be 'str', 'beg', 'end' or 'sub'")
  return holds
}

/**
 * Removes all lines of a field, or of all fields whose names begin with (`'beg'`), end with (`'end'`) or hold (`'sub'`) a text, or match an
 * expression, which sees them in lower case. HAProxy: `del-header`, with `-m`.
 */
export function delHeader(name: string | RegExp, match: NameMatch = 'str'): Rule<HeaderPhase> {
  if (typeof name !== 'string') {
    const expression = compileRegex(name)
    return removal(`${expression.source} -m reg`, (field) => expression.test(field))
  }
  const holds = nameMatcher('delHeader', match)
  if (match !== 'str') {
    const part = name.toLowerCase()
    return removal(`${name} -m ${match}`, (field) => holds(field, part))
  }
  checkName('delHeader', name)
  return new Rule(`del-header ${name}`, HEADER_PHASES, (context) => {
    fields(context).delete(name)
    return undefined
  })
}

/** @internal The same by an expression of a haproxy.cfg. */
export function removal(text: string, gone: (name: string) => boolean): Rule<HeaderPhase> {
  return new Rule(`del-header ${text}`, HEADER_PHASES, (context) => {
    fields(context).deleteWhere(gone)
    return undefined
  })
}

function fieldRule<P extends Phase>(
  name: string,
  format: Format<P>,
  act: (context: Context) => void,
): Rule<P & HeaderPhase> {
  const phases = HEADER_PHASES.filter((phase) => format.phases.includes(phase))
  const action = rewriting((context) => {
    act(context)
    return undefined
  })
  return new Rule(name, phases, action)
}

/** The fields of the message in hand: the response's, once there is one. */
export function fields(context: Context): Headers {
  return hasResponse(context) ? context.response.headers : context.request.headers
}

function checkField<P extends Phase>(subject: string, name: string, value: Text<P>): Format<P> {
  checkName(subject, name)
  if (typeof value === 'string' && !isFieldValue(value)) {
    throw new OptionError(subject, '', `value ${JSON.stringify(value)} has a character that no field may have`)
  }
  return asFormat(value)
}

function checkName(subject: string, name: string): void {
  if (!isToken(name)) throw new OptionError(subject, '', `${JSON.stringify(name)} is not a name of a field`)
}
