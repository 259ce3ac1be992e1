/** A named condition: `acl NAME …` of a haproxy.cfg. Several lines of one name are an `or`. */

import { checkOptions, nameOption } from '../base/options.js'
import { any, Condition, checkCondition, type Trace } from './condition.js'
import type { Context } from './context.js'
import type { Phase } from './phase.js'
import { notYet } from './sample.js'

/**
 * A condition with a name, which explanations show instead of its parts. Manual, chapter 7.1.
 *
 * ```ts
 * const internal = new Acl('internal', src.in('10.0.0.0/8', 'fd00::/8'))
 * ```
 *
 * @throws {OptionError} that names what is wrong
 */
export class Acl<in P extends Phase> extends Condition<P> {
  readonly name: string

  constructor(name: string, ...conditions: readonly [Condition<P>, ...Condition<P>[]]) {
    const subject = `Acl '${name}'`
    checkOptions(subject, nameOption, name)
    if (conditions.length === 0) checkCondition(subject, undefined)
    conditions.forEach((condition, index) => {
      checkCondition(subject, condition, `conditions[${index}]`)
    })
    const inner = conditions.length === 1 ? conditions[0] : any(...conditions)
    const test = (context: Context, trace?: Trace) => {
      const answer = inner.test(context, trace)
      trace?.saw({ condition: name, answer: answer === notYet ? 'not yet' : answer })
      return answer
    }
    super(name, inner.phases, test, inner.holds, inner.parts)
    this.name = name
  }
}
