/** `strictMode`: what becomes of a transaction when a rule cannot change its message. */
import { Rule } from '../rule.js'

/**
 * Whether rules below that cannot change the message (a header value with a line feed, a path with a blank, a head that grows too large) make the
 * answer a 500, which is so by default, or are passed over. Each rule set begins with `true`. HAProxy: `strict-mode on`, `strict-mode off`.
 */
export function strictMode(on: boolean): Rule<'request' | 'response' | 'afterResponse'> {
  return new Rule(`strict-mode ${on ? 'on' : 'off'}`, ['request', 'response', 'afterResponse'], (context) => {
    context.lenient = !on
    return undefined
  })
}
