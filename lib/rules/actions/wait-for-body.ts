/** `waitForBody`: holds a message until its body, or the beginning of it, has come, so that rules can ask about it. */
import { z } from 'zod'
import { outcomes } from '../../base/errors.js'
import { checkOptions, durationOption, integerOption } from '../../base/options.js'
import type { Context } from '../../match/context.js'
import { Rule } from '../rule.js'
import type { Verdict } from '../verdict.js'
import { hasResponse, pageAnswer } from './answer.js'

/** How much of a body is waited for. */
export interface WaitForBodyOptions {
  /** So many bytes will do. Default: all of it, or as much as is held at a time (`tune.bufsize`, less the head). */
  readonly atLeast?: number | undefined
  /**
   * Bytes of a buffer that is larger than the balancer's `bufferSize`, for the message in hand: so much of it is held, head and all. Each such message may take that
   * much memory. Default: `bufferSize`. HAProxy 3.x: `use-large-buffer`, `tune.bufsize.large`.
   */
  readonly bufferSize?: number | undefined
}

const waitOptions = z.strictObject({
  atLeast: integerOption(1, 2 ** 31 - 1).optional(),
  bufferSize: integerOption(1, 2 ** 31 - 1).optional(),
})

/**
 * Waits for the message's body, so that the rules behind it can ask about it. A client that takes longer than `time` gets 408, and in place of a
 * response that takes longer it gets 504. A client that wants to be asked for its body (`Expect: 100-continue`) is asked. HAProxy:
 * `http-request wait-for-body`, `http-response wait-for-body`.
 * @param time milliseconds, or text as in `'2s'`
 */
export function waitForBody(time: number | string, options: WaitForBodyOptions = {}): Rule<'request' | 'response'> {
  const limit = checkOptions('waitForBody', durationOption, time)
  const { atLeast, bufferSize = 0 } = checkOptions('waitForBody', waitOptions, options)
  const least = atLeast === undefined ? '' : ` at-least ${atLeast}`
  const name = `wait-for-body time ${limit}${least}${bufferSize === 0 ? '' : ' use-large-buffer'}`
  return new Rule(name, ['request', 'response'], (context) => {
    const more = bufferSize - context.bufferSize
    if (more > 0) (hasResponse(context) ? context.responseBody : context.requestBody)?.extend?.(more)
    return awaitBody(context, limit, atLeast)
  })
}

/** Waits for the body of the message in hand. */
export function awaitBody(context: Context, time: number, atLeast?: number): Verdict | Promise<Verdict> {
  const body = hasResponse(context) ? context.responseBody : context.requestBody
  const held = body?.wait(time, atLeast)
  return held instanceof Promise ? held.then((is) => late(context, is)) : late(context, held)
}

function late(context: Context, held: boolean | undefined): Verdict {
  if (held !== false) return undefined
  return hasResponse(context)
    ? pageAnswer(context, 504, outcomes.serverBodyTimeout)
    : pageAnswer(context, 408, outcomes.clientRequestTimeout)
}
