/** `balance uri`: the same request target, the same server. */
import { z } from 'zod'
import { checkOptions, integerOption } from '../base/options.js'
import type { Algorithm } from './algorithm.js'
import { type HashOptions, HashType, hashOptionShape } from './hash-type.js'
import { keyed, NO_KEY } from './keyed.js'

/** What of the target counts. */
export interface UriOptions extends HashOptions {
  /** Only so many characters from the start. Default: all. */
  readonly len?: number
  /** Only so many directories: it ends before the slash that would begin one more. Default: all. */
  readonly depth?: number
  /** The query counts as well. Default: no. */
  readonly whole?: boolean
  /** What is before the path of an absolute target does not count. Default: no. */
  readonly pathOnly?: boolean
}

const uriOptions = z.strictObject({
  ...hashOptionShape,
  len: integerOption(1, 2 ** 31 - 1, 'a whole number').optional(),
  depth: integerOption(1, 2 ** 31 - 1, 'a whole number').optional(),
  whole: z.boolean({ error: 'must be true or false' }).optional(),
  pathOnly: z.boolean({ error: 'must be true or false' }).optional(),
})

/** By the request target as it came, up to the query. Manual, `balance uri`. */
export function uri(options: UriOptions = {}): Algorithm {
  const checked = checkOptions('balance uri', uriOptions, options)
  const { whole = false, pathOnly = false } = checked
  const longest = checked.len ?? Number.POSITIVE_INFINITY
  const deepest = checked.depth ?? Number.POSITIVE_INFINITY
  const type = new HashType('balance uri', options)
  return keyed('uri', 'request', type, ({ request }) => {
    if (request === undefined) return NO_KEY
    const key = pathOnly ? pathWithQuery(request.pathq) : request.target
    return type.function(key, 0, keyEnd(key, longest, deepest, whole))
  })
}

/** A target without a path (`*`, an authority, `http://host`) has an empty key. */
function pathWithQuery(pathq: string | undefined): string {
  return pathq?.startsWith('/') === true ? pathq : ''
}

function keyEnd(key: string, longest: number, deepest: number, whole: boolean): number {
  const length = Math.min(key.length, longest)
  let slashes = 0
  for (let at = 0; at < length; at++) {
    const code = key.charCodeAt(at)
    if (code === 0x2f && ++slashes > deepest) return at
    if (code === 0x3f && !whole) return at
  }
  return length
}
