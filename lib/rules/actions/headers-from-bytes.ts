/** `addHeaders`, `setHeaders`, `delHeaders`: change many fields at once, out of the binary form that `req.hdrs_bin` gives. */
import { OptionError } from '../../base/errors.js'
import { castBytes } from '../../match/cast.js'
import type { Context } from '../../match/context.js'
import type { Phase } from '../../match/phase.js'
import { notYet, Sample } from '../../match/sample.js'
import { readFields, readNames } from '../../message/header-bytes.js'
import { FieldError, type Headers } from '../../message/headers.js'
import { rewriting } from '../rewrite.js'
import { Rule } from '../rule.js'
import { fields, type HeaderPhase, type NameMatch, nameMatcher } from './set-header.js'

const PHASES: readonly HeaderPhase[] = ['request', 'response', 'afterResponse']
/** As many as a message may have by itself. Manual, `tune.http.maxhdr`. */
const MOST = 101

/**
 * Appends the fields that a binary holds (see `req.hdrs_bin`), or only those whose names begin with `prefix`. Bytes that are no such list, and fields
 * that cannot be sent, make the answer 500; see `strictMode`. HAProxy 3.5: `add-headers-bin`.
 */
export function addHeaders<P extends Phase = Phase>(from: Sample<unknown, P>, prefix = ''): Rule<P & HeaderPhase> {
  return fieldsRule('add-headers-bin', from, prefix, (headers, given) => {
    for (const [name, value] of given) headers.append(name, value)
  })
}

/** The same in place of the lines that those fields have now. HAProxy 3.5: `set-headers-bin`. */
export function setHeaders<P extends Phase = Phase>(from: Sample<unknown, P>, prefix = ''): Rule<P & HeaderPhase> {
  return fieldsRule('set-headers-bin', from, prefix, (headers, given) => {
    for (const [name] of given) headers.delete(name)
    for (const [name, value] of given) headers.append(name, value)
  })
}

/**
 * Removes the fields whose names a binary holds: each with its length before it, and an empty one at the end. They are compared as `delHeader` does.
 * HAProxy 3.5: `del-headers-bin`.
 */
export function delHeaders<P extends Phase = Phase>(
  from: Sample<unknown, P>,
  match: NameMatch = 'str',
): Rule<P & HeaderPhase> {
  const matches = nameMatcher('delHeaders', match)
  return bytesRule(`del-headers-bin ${nameOf('delHeaders', from)}`, from, (headers, bytes) => {
    const names = readNames(bytes, MOST)?.map((name) => name.toLowerCase())
    if (names === undefined) throw new FieldError('these bytes are no list of names')
    headers.deleteWhere((field) => names.some((name) => matches(field, name)))
  })
}

type Fields = readonly (readonly [name: string, value: string])[]

function fieldsRule<P extends Phase>(
  action: string,
  from: Sample<unknown, P>,
  prefix: string,
  change: (headers: Headers, given: Fields) => void,
): Rule<P & HeaderPhase> {
  const start = prefix.toLowerCase()
  const name = `${action} ${nameOf(action, from)}${prefix === '' ? '' : ` prefix ${prefix}`}`
  return bytesRule(name, from, (headers, bytes) => {
    const given = readFields(bytes, MOST)
    if (given === undefined) throw new FieldError('these bytes are no header fields')
    change(
      headers,
      given.filter(([field]) => field.toLowerCase().startsWith(start)),
    )
  })
}

function bytesRule<P extends Phase>(
  name: string,
  from: Sample<unknown, P>,
  change: (headers: Headers, bytes: Uint8Array) => void,
): Rule<P & HeaderPhase> {
  const phases = PHASES.filter((phase) => from.phases.includes(phase))
  const act = rewriting((context: Context) => {
    const value = from.ask(context)
    const bytes = value === undefined || value === notYet ? undefined : castBytes(value)
    if (bytes !== undefined) change(fields(context), bytes)
    return undefined
  })
  return new Rule(name, phases, act)
}

function nameOf(subject: string, from: unknown): string {
  if (from instanceof Sample) return from.name
  throw new OptionError(subject, '', 'must be a sample, as requestHeaderBytes')
}
