/** A target that tells whoever watches us whether we are alive: `monitor-uri`, `monitor fail`. */
import { z } from 'zod'
import { outcomes } from '../base/errors.js'
import { Condition } from '../match/condition.js'
import type { Context } from '../match/context.js'
import { pageAnswer } from '../rules/actions/answer.js'
import type { Respond } from '../rules/verdict.js'

/** Manual, `monitor-uri` and `monitor fail`. */
export interface MonitorOptions {
  /** The path, with its query if it has one, that is answered with 200 before any rule for requests is asked, and that no log tells of. */
  readonly uri: string
  /** When one of these holds, the answer is 503. */
  readonly fail?: readonly Condition<'request'>[]
}

export const monitorOptions = z.strictObject({
  uri: z.string().min(1, { error: 'must not be empty' }),
  fail: z
    .array(z.custom<Condition<'request'>>((given) => given instanceof Condition, { error: 'must be a condition' }))
    .optional(),
})

/** The answer, when that is what the request asks for. */
export function monitored(context: Context, { uri, fail = [] }: MonitorOptions): Respond | undefined {
  if (context.request.pathq !== uri) return undefined
  context.order().logLevel = 'silent'
  const dead = fail.some((condition) => condition.test(context) === true)
  return pageAnswer(context, dead ? 503 : 200, outcomes.answeredRequest)
}
