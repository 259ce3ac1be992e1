/** Questions about the bytes that a client or a server has sent so far, for content rules. What they mean to TLS is told elsewhere. */

import { OptionError } from '../../base/errors.js'
import { BytesSample } from '../bytes-sample.js'
import { callText } from '../call-text.js'
import type { Context, Input } from '../context.js'
import { defineFetch, type FetchDefinition } from '../fetch.js'
import { FlagSample } from '../flag-sample.js'
import { NumberSample } from '../number-sample.js'
import type { AnyPhase, Phase, RequestPhase } from '../phase.js'
import { type NotYet, notYet } from '../sample.js'
import { anyPhases, requestPhases } from './phases.js'

/** Where the client's or the server's bytes are looked at. */
export type ContentPhase = 'content' | 'responseContent'

/** The server's bytes are looked at by checks as well. */
type ServerBytesPhase = 'responseContent' | 'check'

/** Whose bytes. */
interface Side<out P extends ContentPhase | 'check'> {
  readonly phase: P
  readonly prefix: 'req' | 'res'
  /** HAProxy takes them in rules of HTTP, too, where there are no such bytes and no value. */
  readonly phases: readonly Phase[]
  readonly input: (context: Context) => Input | undefined
}

const ofClient: Side<'content'> = {
  phase: 'content',
  prefix: 'req',
  phases: ['content', 'request'],
  input: ({ input }) => input,
}
const ofServer: Side<ServerBytesPhase> = {
  phase: 'responseContent',
  prefix: 'res',
  phases: ['responseContent', 'response', 'check'],
  input: ({ responseInput }) => responseInput,
}

const contentAndRequest: readonly Phase[] = ['content', ...requestPhases]

const isUnfinished = (input: Input | undefined): boolean => input !== undefined && !input.complete

/** What stands from `offset` on, when there is as much of it; otherwise it may still come. */
function slice({ bytes, complete }: Input, offset: number, length: number): Buffer | undefined | NotYet {
  if (offset < 0 || length < 0) return undefined
  if (offset + length > bytes.length) return complete ? undefined : notYet
  return Buffer.from(bytes.subarray(offset, offset + length))
}

function lengthSample<P extends ContentPhase | 'check'>({ prefix, phases, input }: Side<P>): NumberSample<P> {
  return new NumberSample<P>({
    name: `${prefix}.len`,
    type: 'int',
    phases,
    ask: (context) => input(context)?.bytes.length,
    mayChange: (context) => isUnfinished(input(context)),
  })
}

function payloadSample<P extends ContentPhase | 'check'>(
  { prefix, phases, input }: Side<P>,
  offset: number,
  length: number,
): BytesSample<P> {
  return new BytesSample<P>({
    name: callText(`${prefix}.payload`, [offset, length]),
    type: 'bin',
    phases,
    ask: (context) => {
      const given = input(context)
      if (given === undefined) return undefined
      // Nothing yet is no payload: with a length of 0 it is all that there is.
      const wanted = length === 0 ? Math.max(given.bytes.length - offset, 0) : length
      return slice(given, offset, wanted)
    },
    mayChange: length === 0 ? (context) => isUnfinished(input(context)) : undefined,
  })
}

/** Where the data begins that a length announces. */
export interface LengthValueOptions {
  /** Where the length stands, from 0. */
  readonly lengthOffset: number
  /** How many bytes it takes, highest first. */
  readonly lengthSize: number
  /** Where the data begins, from 0. Default: behind the length. */
  readonly dataOffset?: number | undefined
}

function lengthValueSample<P extends ContentPhase | 'check'>(
  { prefix, phases, input }: Side<P>,
  { lengthOffset, lengthSize, dataOffset = lengthOffset + lengthSize }: LengthValueOptions,
  name = callText(`${prefix}.payload_lv`, [lengthOffset, lengthSize, dataOffset]),
): BytesSample<P> {
  return new BytesSample<P>({
    name,
    type: 'bin',
    phases,
    ask: (context) => {
      const given = input(context)
      if (given === undefined) return undefined
      const announced = slice(given, lengthOffset, lengthSize)
      if (announced === undefined || announced === notYet) return announced
      let length = 0
      for (const byte of announced) length = length * 256 + byte
      return length === 0 || length > MOST ? undefined : slice(given, dataOffset, length)
    },
  })
}

/** More than any buffer holds: such a length will never be met. */
const MOST = 2 ** 31

/** How many bytes have come. A condition that does not hold waits for more of them. HAProxy: `req.len`. */
export const inputLength: NumberSample<'content'> = lengthSample(ofClient)
/** How many bytes the server has sent. HAProxy: `res.len`. */
export const responseInputLength: NumberSample<ServerBytesPhase> = lengthSample(ofServer)

/**
 * `length` bytes from `offset` on; with a length of 0 everything that has come. Waits until there are as many. HAProxy:
 * `req.payload(offset,length)`.
 */
export function payload(offset: number, length: number): BytesSample<'content'> {
  return payloadSample(ofClient, offset, length)
}

/** The same of what the server has sent. HAProxy: `res.payload(offset,length)`. */
export function responsePayload(offset: number, length: number): BytesSample<ServerBytesPhase> {
  return payloadSample(ofServer, offset, length)
}

/** As many bytes as a length before them says; absent when that is 0. HAProxy: `req.payload_lv(offset1,length[,offset2])`. */
export function payloadByLength(options: LengthValueOptions): BytesSample<'content'> {
  return lengthValueSample(ofClient, options)
}

/** The same of what the server has sent. HAProxy: `res.payload_lv(offset1,length[,offset2])`. */
export function responsePayloadByLength(options: LengthValueOptions): BytesSample<ServerBytesPhase> {
  return lengthValueSample(ofServer, options)
}

/** True once no more will come: the inspect delay is over, or the client has finished. HAProxy: `wait_end`. */
export const waitEnd: FlagSample<AnyPhase> = new FlagSample<AnyPhase>({
  name: 'wait_end',
  type: 'bool',
  phases: anyPhases,
  ask: ({ input, responseInput }) => (isUnfinished(responseInput ?? input) ? notYet : true),
})

/** Whether what the client speaks is HTTP/1: waits for a whole head. HAProxy: `req.proto_http`. */
export const isHttp: FlagSample<'content' | RequestPhase> = new FlagSample<'content' | RequestPhase>({
  name: 'req.proto_http',
  type: 'bool',
  phases: contentAndRequest,
  ask: ({ input, request }) => {
    if ((request as unknown) !== undefined) return true
    const found = input?.request?.()
    return found === notYet ? notYet : found !== undefined
  },
})

const offsets = [
  { name: 'offset', type: 'integer' },
  { name: 'length', type: 'integer' },
] as const

const lengthAndValue = [
  { name: 'offset1', type: 'integer' },
  { name: 'length', type: 'integer' },
  { name: 'offset2', type: 'string', optional: true },
] as const

function wordsOf<P extends ContentPhase | 'check'>(
  side: Side<P>,
  aliases: readonly string[],
): readonly FetchDefinition[] {
  const { prefix, phases } = side
  const alias = (suffix: string): string[] => aliases.map((name) => name + suffix)
  return [
    defineFetch({
      name: `${prefix}.payload`,
      aliases: alias(''),
      type: 'bin',
      phases,
      match: side.prefix === 'req' ? 'bin' : undefined,
      arguments: offsets,
      make: ([offset, length]) => payloadSample(side, offset as number, length as number),
    }),
    defineFetch({
      name: `${prefix}.payload_lv`,
      aliases: alias('_lv'),
      type: 'bin',
      phases,
      match: side.prefix === 'req' ? 'bin' : undefined,
      arguments: lengthAndValue,
      make: ([lengthOffset, lengthSize, place]) => {
        const behind = (lengthOffset as number) + (lengthSize as number)
        const options = {
          lengthOffset: lengthOffset as number,
          lengthSize: lengthSize as number,
          dataOffset: dataOffset(place as string | undefined, behind),
        }
        const words = [lengthOffset as number, lengthSize as number, ...(place === undefined ? [] : [place as string])]
        return lengthValueSample(side, options, callText(`${prefix}.payload_lv`, words))
      },
    }),
  ]
}

/** With a sign it counts from behind the length. */
function dataOffset(written: string | undefined, behind: number): number {
  if (written === undefined) return behind
  if (!/^[+-]?\d+$/.test(written))
    throw new OptionError("fetch 'payload_lv'", 'offset2', `'${written}' is not a number, perhaps with a sign`)
  return /^[+-]/.test(written) ? behind + Number(written) : Number(written)
}

/** The words of haproxy.cfg for these. */
export const contentFetches: readonly FetchDefinition[] = [
  defineFetch({ ...inputLength, aliases: ['req_len'], make: () => inputLength }),
  defineFetch({ ...responseInputLength, make: () => responseInputLength }),
  ...wordsOf(ofClient, ['payload']),
  ...wordsOf(ofServer, []),
  defineFetch({ ...waitEnd, make: () => waitEnd }),
  defineFetch({ ...isHttp, aliases: ['req_proto_http'], make: () => isHttp }),
]
