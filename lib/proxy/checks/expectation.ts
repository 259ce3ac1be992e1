/** What an expectation says of what has come: pure questions to bytes and to HTTP answers. Nothing is waited for here. */
import type { Context } from '../../match/context.js'
import type { Headers } from '../../message/headers.js'
import type { Finding } from './bytes-judge.js'
import { hasField } from './field-expectation.js'
import { isWithin } from './status-ranges.js'
import type { ExpectStep } from './step.js'

/** What has come of a server's bytes, latin1. */
export interface CheckBytes {
  readonly text: string
  /** No more will come, or there is no room for it. */
  readonly last: boolean
}

/** What has come of an HTTP answer: its head, and its body as far as it is there. */
export interface CheckAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
  readonly last: boolean
}

/** Met or not; or nothing, and more has to come; or what makes the question senseless. */
export type Judgement = boolean | undefined | Fault | Finding

/** The question itself went wrong. */
export class Fault {
  readonly info: string

  constructor(info: string) {
    this.info = info
  }
}

const EMPTY = new Fault('log-format string evaluated to an empty string')
const NO_HEX = new Fault('Failed to parse hexastring resulting of eval of a log-format string')

/** How many bytes are turned into hexadecimal digits at most: the digits have to fit into a buffer. */
export const mostHex = (bufferSize: number): number => bufferSize >> 1

/** Judges the bytes of a server. */
export function judgeBytes(step: ExpectStep, bytes: CheckBytes, context: Context, bufferSize: number): Judgement {
  const { expected } = step
  if (expected.what === 'custom') return expected.judge(Buffer.from(bytes.text, 'latin1'), bytes.last)
  if (expected.what === 'rbinary') {
    const hex = Buffer.from(bytes.text.slice(0, mostHex(bufferSize)), 'latin1')
      .toString('hex')
      .toUpperCase()
    return decide(step, bytes.text.length, bytes.last, 0, () => expected.regex.test(hex))
  }
  return judgeText(step, bytes.text, bytes.last, context)
}

/** Judges an HTTP answer whose head has come. */
export function judgeAnswer(step: ExpectStep, answer: CheckAnswer, context: Context): Judgement {
  const { expected, not } = step
  switch (expected.what) {
    case 'status':
      return isWithin(answer.status, expected.ranges) !== not
    case 'rstatus':
      return expected.regex.test(String(answer.status)) !== not
    case 'hdr':
    case 'fhdr': {
      const has = hasField(expected.field, answer.headers, context)
      return has === undefined ? EMPTY : has !== not
    }
    case 'custom':
      return expected.judge(Buffer.from(answer.body, 'latin1'), answer.last)
    default:
      return judgeText(step, answer.body, answer.last, context)
  }
}

function judgeText(step: ExpectStep, text: string, last: boolean, context: Context): Judgement {
  const { expected } = step
  switch (expected.what) {
    case 'string':
    case 'binary':
      return decide(step, text.length, last, expected.text.length, () => text.includes(expected.text))
    case 'string-lf':
    case 'binary-lf': {
      const made = expected.text.render(context)
      if (made === '') return EMPTY
      const wanted = expected.what === 'string-lf' ? made : fromHex(made)
      if (wanted === undefined) return NO_HEX
      return decide(step, text.length, last, wanted.length, () => text.includes(wanted))
    }
    case 'rstring':
      return decide(step, text.length, last, 0, () => expected.regex.test(text))
    default:
      return undefined
  }
}

/** @param shortest nothing shorter can hold what is looked for */
function decide(step: ExpectStep, length: number, last: boolean, shortest: number, holds: () => boolean): Judgement {
  const { atLeast, not } = step
  if (!last && length < Math.max(shortest, atLeast ?? 0)) return undefined
  if (holds()) return !not
  return last || atLeast !== undefined ? not : undefined
}

/** `414243` → `ABC`; nothing when these are no pairs of hexadecimal digits. */
export function fromHex(digits: string): string | undefined {
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) return undefined
  return Buffer.from(digits, 'hex').toString('latin1')
}
