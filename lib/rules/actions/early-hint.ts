/** `earlyHint`: tells the client something before its answer is there. */
import { OptionError } from '../../base/errors.js'
import { asFormat, type Text } from '../../match/format.js'
import type { Phase } from '../../match/phase.js'
import { isFieldValue, isToken } from '../../message/headers.js'
import { Rule } from '../rule.js'

/**
 * Sends a field in an answer of status 103 ahead of the real one, so that a browser can begin to load what it names. Hints that follow each other
 * without a condition go out together. A client of HTTP/1.0 gets none. RFC 8297; HAProxy: `http-request early-hint`. Throws {@link OptionError}
 * on a name or text that cannot be sent.
 *
 * ```ts
 * earlyHint('link', '</style.css>; rel=preload; as=style').if(path.is('/'))
 * ```
 */
export function earlyHint<P extends Phase = Phase>(name: string, value: Text<P>): Rule<P & 'request'> {
  if (!isToken(name)) throw new OptionError('earlyHint', 'name', `${JSON.stringify(name)} is not the name of a field`)
  if (typeof value === 'string' && !isFieldValue(value))
    throw new OptionError('earlyHint', 'value', `${JSON.stringify(value)} cannot stand in a field`)
  const format = asFormat(value)
  const { render } = format
  const phases = (['request'] as const).filter((phase) => format.phases.includes(phase))
  return new Rule<P & 'request'>(
    `early-hint ${name} ${format.text}`,
    phases,
    (context) => {
      context.hint(name, render(context), true)
      return undefined
    },
    undefined,
    undefined,
    (context) => {
      context.hint(name, render(context), false)
      return undefined
    },
  )
}
