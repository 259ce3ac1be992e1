/** Questions about the bytes that a client has sent so far, for content rules. What the bytes mean to TLS is told elsewhere. */

import { BytesSample } from '../bytes-sample.js'
import type { Context } from '../context.js'
import { defineFetch, type FetchDefinition } from '../fetch.js'
import { FlagSample } from '../flag-sample.js'
import { NumberSample } from '../number-sample.js'
import type { AnyPhase, Phase, RequestPhase } from '../phase.js'
import { notYet } from '../sample.js'
import { anyPhases, requestPhases } from './phases.js'

const contentPhases: readonly Phase[] = ['content']
const contentAndRequest: readonly Phase[] = ['content', ...requestPhases]

const unfinished = ({ input }: Context): boolean => input !== undefined && !input.complete

/** How many bytes have come. A condition that does not hold waits for more of them. HAProxy: `req.len`. */
export const inputLength: NumberSample<'content'> = new NumberSample({
  name: 'req.len',
  type: 'int',
  phases: contentPhases,
  ask: ({ input }) => input?.bytes.length,
  mayChange: unfinished,
})

/**
 * `length` bytes from `offset` on; with a length of 0 everything that has come. Waits until there are as many. HAProxy:
 * `req.payload(offset,length)`.
 */
export function payload(offset: number, length: number): BytesSample<'content'> {
  return new BytesSample({
    name: `req.payload(${offset},${length})`,
    type: 'bin',
    phases: contentPhases,
    ask: ({ input }) => {
      if (input === undefined) return undefined
      const end = length === 0 ? input.bytes.length : offset + length
      if (end > input.bytes.length || offset > input.bytes.length) return input.complete ? undefined : notYet
      return Buffer.from(input.bytes.subarray(offset, end))
    },
    mayChange: length === 0 ? unfinished : undefined,
  })
}

/** True once no more will come: the inspect delay is over, or the client has finished. HAProxy: `wait_end`. */
export const waitEnd: FlagSample<AnyPhase> = new FlagSample({
  name: 'wait_end',
  type: 'bool',
  phases: anyPhases,
  ask: (context) => (unfinished(context) ? notYet : true),
})

/** Whether what the client speaks is HTTP/1, by its first line. HAProxy: `req.proto_http`. */
export const isHttp: FlagSample<'content' | RequestPhase> = new FlagSample({
  name: 'req.proto_http',
  type: 'bool',
  phases: contentAndRequest,
  ask: ({ input, request }) => {
    if ((request as unknown) !== undefined) return true
    if (input === undefined) return false
    const { bytes } = input
    const end = bytes.indexOf(0x0a)
    if (end === -1) return input.complete ? false : notYet
    const line = Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('latin1')
    return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+ \S+ HTTP\/\d\.\d\r?$/.test(line)
  },
})

/** The words of haproxy.cfg for these. */
export const contentFetches: readonly FetchDefinition[] = [
  defineFetch({ ...inputLength, aliases: ['req_len'], make: () => inputLength }),
  defineFetch({
    name: 'req.payload',
    aliases: ['payload'],
    type: 'bin',
    phases: contentPhases,
    arguments: [
      { name: 'offset', type: 'integer' },
      { name: 'length', type: 'integer' },
    ],
    make: ([offset, length]) => payload(offset as number, length as number),
  }),
  defineFetch({ ...waitEnd, make: () => waitEnd }),
  defineFetch({ ...isHttp, aliases: ['req_proto_http'], make: () => isHttp }),
]
