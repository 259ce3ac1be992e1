/** `balance url_param`: the same value of a parameter in the query, the same server. */
import { z } from 'zod'
import { checkOptions } from '../base/options.js'
import type { Algorithm } from './algorithm.js'
import { type HashOptions, HashType, hashOptionShape } from './hash-type.js'
import { keyed, NO_KEY } from './keyed.js'

/** How a parameter is looked for. */
export interface UrlParamOptions extends HashOptions {
  /**
   * Waits for the body of a POST request, where the parameter is looked for when the query has none. Default: no, what has come of it will do.
   */
  readonly checkPost?: boolean
}

const urlParamOptions = z.strictObject({
  ...hashOptionShape,
  checkPost: z.boolean({ error: 'must be true or false' }).optional(),
})
const parameterName = z.string({ error: 'must be a string' }).min(1, { error: 'must not be empty' })

/**
 * By a parameter of the query, undecoded; of a POST request also by one of its body: of as much as is there already, or, with `checkPost`, of
 * as much as is held at a time. Requests without it take turns. Manual, `balance url_param`.
 */
export function urlParam(name: string, options: UrlParamOptions = {}): Algorithm {
  const subject = 'balance url_param'
  checkOptions(subject, parameterName, name)
  const { checkPost = false } = checkOptions(subject, urlParamOptions, options)
  const type = new HashType(subject, options)
  const inBody = Buffer.from(name, 'latin1')
  return keyed(`url_param ${name}`, checkPost ? 'body' : 'request', type, (context) => {
    const { request } = context
    if (request === undefined) return NO_KEY
    const { target } = request
    const question = target.indexOf('?')
    const at = question < 0 ? -1 : valueInText(target, question + 1, name)
    if (at >= 0) {
      const end = target.indexOf('&', at)
      return type.function(target, at, end < 0 ? target.length : end)
    }
    const body = request.method === 'POST' ? (context.requestBody ?? context.input)?.bytes : undefined
    const start = body === undefined ? -1 : valueInBytes(body, inBody)
    if (body === undefined || start < 0) return NO_KEY
    const end = body.indexOf(0x26, start)
    return type.function(body, start, end < 0 ? body.length : end)
  })
}

/** Where the value of `name` begins in `a=1&name=value`, from a position on; -1 without one. */
function valueInText(text: string, from: number, name: string): number {
  for (let at = from; ; ) {
    if (text.startsWith(name, at) && text.charCodeAt(at + name.length) === 0x3d) return at + name.length + 1
    const next = text.indexOf('&', at)
    if (next < 0) return -1
    at = next + 1
  }
}

function valueInBytes(bytes: Uint8Array, name: Uint8Array): number {
  for (let at = 0; ; ) {
    let same = 0
    while (same < name.length && bytes[at + same] === name[same]) same++
    if (same === name.length && bytes[at + same] === 0x3d) return at + same + 1
    const next = bytes.indexOf(0x26, at)
    if (next < 0) return -1
    at = next + 1
  }
}
