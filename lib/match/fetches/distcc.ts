/** Questions about the requests of the distributed compiler distcc: tokens of four letters, each with a number and perhaps data of that length. */

import { BytesSample } from '../bytes-sample.js'
import { callText } from '../call-text.js'
import type { Context } from '../context.js'
import { defineFetch, type FetchDefinition } from '../fetch.js'
import { NumberSample } from '../number-sample.js'
import { type NotYet, notYet } from '../sample.js'

/** Four letters and eight hexadecimal digits. */
const TOKEN_LENGTH = 12
/** The tokens whose number is no length. */
const COUNTS: ReadonlySet<string> = new Set(['DIST', 'ARGC', 'NFIL', 'STAT'])

interface Token {
  readonly value: number
  /** Where its data begins and how long it is; -1 when its number is no length. */
  readonly at: number
  readonly length: number
}

/** The token of that name and place among its like, counted from 1. */
function find({ input }: Context, name: string, occurrence: number): Token | undefined | NotYet {
  if (input === undefined) return undefined
  const { bytes, complete } = input
  const more = complete ? undefined : notYet
  let seen = 0
  for (let at = 0; ; ) {
    if (at + TOKEN_LENGTH > bytes.length) return more
    const text = Buffer.from(bytes.subarray(at, at + TOKEN_LENGTH)).toString('latin1')
    if (!/^[0-9a-f]{8}$/i.test(text.slice(4))) return undefined
    const token = text.slice(0, 4)
    const value = Number.parseInt(text.slice(4), 16)
    at += TOKEN_LENGTH
    const length = COUNTS.has(token) ? -1 : value
    if (token === name && ++seen === occurrence) return { value, at, length }
    at += Math.max(length, 0)
  }
}

/** The number behind a token. HAProxy: `distcc_param(token[,occurrence])`. */
export function distccParam(token: string, occurrence = 1): NumberSample<'content'> {
  return new NumberSample<'content'>({
    name: callText('distcc_param', occurrence === 1 ? [token] : [token, occurrence]),
    type: 'int',
    phases: ['content'],
    ask: (context) => {
      const found = find(context, token, occurrence)
      return found === notYet ? notYet : found?.value
    },
  })
}

/** The data behind a token. HAProxy: `distcc_body(token[,occurrence])`. */
export function distccBody(token: string, occurrence = 1): BytesSample<'content'> {
  return new BytesSample<'content'>({
    name: callText('distcc_body', occurrence === 1 ? [token] : [token, occurrence]),
    type: 'bin',
    phases: ['content'],
    ask: (context) => {
      const found = find(context, token, occurrence)
      if (found === undefined || found === notYet) return found
      const { bytes, complete } = context.input as NonNullable<Context['input']>
      if (found.length < 0) return undefined
      const end = found.at + found.length
      if (end > bytes.length) return complete ? undefined : notYet
      return Buffer.from(bytes.subarray(found.at, end))
    },
  })
}

const words = [
  { name: 'token', type: 'string' },
  { name: 'occurrence', type: 'integer', optional: true },
] as const

/** The words of haproxy.cfg for these. */
export const distccFetches: readonly FetchDefinition[] = [
  defineFetch({
    name: 'distcc_param',
    type: 'int',
    phases: ['content'],
    arguments: words,
    make: ([token, occurrence]) => distccParam(token as string, (occurrence as number | undefined) ?? 1),
  }),
  defineFetch({
    name: 'distcc_body',
    type: 'bin',
    phases: ['content'],
    arguments: words,
    make: ([token, occurrence]) => distccBody(token as string, (occurrence as number | undefined) ?? 1),
  }),
]
