/** `transformRequestBody`, `transformResponseBody`: let a body go through a stream of the host app on its way. */
import { OptionError } from '../../base/errors.js'
import type { TransformMaker } from '../../match/orders.js'
import { Rule } from '../rule.js'

/**
 * Sends the request's body through a transform of bytes on its way to the server, piece by piece and with backpressure; nothing is held. Its
 * length is not known any more, so that it goes on in chunks. Several are gone through in their order. A transform that fails ends the request
 * with 500, or cuts it off. Beyond HAProxy. Throws {@link OptionError} on what is no function.
 *
 * ```ts
 * transformRequestBody(() => new DecompressionStream('gzip')).if(header('content-encoding').is('gzip'))
 * ```
 * @param make gives a fresh transform for each request
 */
export function transformRequestBody(make: TransformMaker): Rule<'request'> {
  check('transformRequestBody', make)
  return new Rule('transform-request-body', ['request'], (context) => {
    const orders = context.order()
    orders.requestTransforms = [...(orders.requestTransforms ?? []), make]
    return undefined
  })
}

/** The same for the response's body on its way to the client. A transform that fails cuts the answer off. */
export function transformResponseBody(make: TransformMaker): Rule<'response'> {
  check('transformResponseBody', make)
  return new Rule('transform-response-body', ['response'], (context) => {
    const orders = context.order()
    orders.responseTransforms = [...(orders.responseTransforms ?? []), make]
    return undefined
  })
}

function check(subject: string, make: unknown): void {
  if (typeof make !== 'function')
    throw new OptionError(subject, '', 'must be given a function that makes a TransformStream')
}
