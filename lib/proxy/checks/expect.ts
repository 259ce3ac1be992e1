/** `expect.string('+OK')`, `expect.status('200-299')` …: what a check looks for in what has come. */
import { z } from 'zod'
import { OptionError } from '../../base/errors.js'
import { checkOptions, integerOption } from '../../base/options.js'
import { Format } from '../../match/format.js'
import { compileRegex, Regex } from '../../match/regex.js'
import { Sample } from '../../match/sample.js'
import type { BytesJudge } from './bytes-judge.js'
import { fromHex } from './expectation.js'
import type { FieldExpectation } from './field-expectation.js'
import {
  type ErrorStatus,
  errorStatuses,
  type OkStatus,
  okStatuses,
  type TimeoutStatus,
  timeoutStatuses,
} from './status.js'
import { parseStatusRanges } from './status-ranges.js'
import type { CheckText, Expected, ExpectStep } from './step.js'
import { checkText, commentOption, isAskable, textOption } from './step-options.js'

/** What more an expectation can be told. Texts are one character a byte, or formats. */
export interface ExpectOptions {
  /** It must not be so. HAProxy's `!`. */
  readonly not?: boolean
  /**
   * Bytes before which nothing is decided, and at which all is. Default: as few as it takes, and what does not hold yet is waited for until
   * the check's time is over. HAProxy: `min-recv`.
   */
  readonly atLeast?: number
  /** Shown when the check ends well with this step. HAProxy: `on-success`. */
  readonly onSuccess?: CheckText
  /** Shown when the answer is another one. HAProxy: `on-error`. */
  readonly onError?: CheckText
  /** What the check ends with, when it ends well with this step. Default `L7OK`. HAProxy: `ok-status`. */
  readonly okStatus?: OkStatus
  /** What it ends with when the answer is another one. Default `L7RSP`; for statuses and fields `L7STS`. HAProxy: `error-status`. */
  readonly errorStatus?: ErrorStatus
  /** What it ends with when no answer comes in time. Default `L7TOUT`. HAProxy: `tout-status`. */
  readonly timeoutStatus?: TimeoutStatus
  /** The code that is shown. Default: an HTTP answer's status. HAProxy: `status-code`. */
  readonly code?: Sample<unknown, 'check'>
  /** Explains the step to whoever reads what went wrong. */
  readonly comment?: string
}

const oneOf = <T extends string>(words: readonly T[]): z.ZodType<T> =>
  z.enum(words as readonly [T, ...T[]], { error: `must be one of ${words.map((word) => `'${word}'`).join(', ')}` })

const expectOptions = z.strictObject({
  not: z.boolean({ error: 'must be true or false' }).optional(),
  atLeast: integerOption(0, 2 ** 31 - 1).optional(),
  onSuccess: textOption.optional(),
  onError: textOption.optional(),
  okStatus: oneOf(okStatuses).optional(),
  errorStatus: oneOf(errorStatuses).optional(),
  timeoutStatus: oneOf(timeoutStatuses).optional(),
  code: z
    .instanceof(Sample)
    .refine(isAskable, { error: 'must be a sample that a check can answer, such as status' })
    .optional(),
  comment: commentOption.optional(),
})

function make(name: string, expected: Expected, options: ExpectOptions): ExpectStep {
  const checked = checkOptions(name, expectOptions, options) as ExpectOptions
  const { not, atLeast, onSuccess, onError, okStatus, errorStatus, timeoutStatus, code, comment } = checked
  const texts = { onSuccess, onError, code, comment }
  return { kind: 'expect', expected, not: not === true, atLeast, okStatus, errorStatus, timeoutStatus, ...texts }
}

function wanted(name: string, text: CheckText): CheckText {
  if (text === '') throw new OptionError(name, '', 'must not be empty')
  return checkText(name, text)
}

function pattern(name: string, given: RegExp | Regex): Pick<Regex, 'test'> {
  if (given instanceof Regex) return given
  if (given instanceof RegExp) return compileRegex(given)
  throw new OptionError(name, '', 'must be a regular expression')
}

function bytesOf(name: string, given: string | Uint8Array): string {
  const bytes = typeof given === 'string' ? fromHex(given) : Buffer.from(given).toString('latin1')
  if (bytes === undefined || bytes === '')
    throw new OptionError(name, '', 'must be bytes, or pairs of hexadecimal digits')
  return bytes
}

/**
 * What a check looks for. In a TCP check these look at the bytes that have come since the last `send`; in an HTTP check at the answer and, but
 * for `status`, `rstatus` and `header`, at its body. Of either, as much as `tune.bufsize` says is looked at (16 KiB). Manual, `tcp-check expect`, `http-check expect`.
 */
export const expect = {
  /** The text is somewhere in it. With a format, HAProxy's `string-lf`. */
  string: (text: CheckText, options: ExpectOptions = {}): ExpectStep => {
    const made = wanted('expect.string', text)
    const expected: Expected =
      typeof made === 'string' ? { what: 'string', text: made } : { what: 'string-lf', text: made }
    return make('expect.string', expected, options)
  },
  /** The regular expression matches it. It sees one character a byte. */
  rstring: (regex: RegExp | Regex, options: ExpectOptions = {}): ExpectStep =>
    make('expect.rstring', { what: 'rstring', regex: pattern('expect.rstring', regex) }, options),
  /** The bytes, given as such or as hexadecimal digits, are somewhere in it. With a format, which gives digits, HAProxy's `binary-lf`. */
  binary: (bytes: string | Uint8Array | Format<'check'>, options: ExpectOptions = {}): ExpectStep => {
    const expected: Expected =
      bytes instanceof Format
        ? { what: 'binary-lf', text: checkText('expect.binary', bytes) }
        : { what: 'binary', text: bytesOf('expect.binary', bytes) }
    return make('expect.binary', expected, options)
  },
  /** The regular expression matches its hexadecimal digits, which are in upper case; half as many bytes are looked at. */
  rbinary: (regex: RegExp | Regex, options: ExpectOptions = {}): ExpectStep =>
    make('expect.rbinary', { what: 'rbinary', regex: pattern('expect.rbinary', regex) }, options),
  /** The HTTP status is one of these: `200`, `'200-399'`, `'200,204,300-399'`. */
  status: (status: number | string, options: ExpectOptions = {}): ExpectStep =>
    make('expect.status', { what: 'status', ranges: statusOption('expect.status', '', status) }, options),
  /** The regular expression matches the HTTP status. */
  rstatus: (regex: RegExp | Regex, options: ExpectOptions = {}): ExpectStep =>
    make('expect.rstatus', { what: 'rstatus', regex: pattern('expect.rstatus', regex) }, options),
  /** The HTTP answer has such a field. HAProxy: `hdr`, and `fhdr` with `full: true`. */
  header: (field: FieldExpectation, options: ExpectOptions = {}): ExpectStep =>
    make('expect.header', { what: field.full === true ? 'fhdr' : 'hdr', field: fieldOption(field) }, options),
  /** A function of yours finds it in the bytes, or in the body of an HTTP answer. It is called again whenever more has come. */
  custom: (judge: BytesJudge, options: ExpectOptions = {}): ExpectStep => {
    if (typeof judge !== 'function') throw new OptionError('expect.custom', '', 'must be a function')
    return make('expect.custom', { what: 'custom', judge }, options)
  },
} as const

/** @throws {OptionError} on what is no list of statuses */
export function statusOption(
  subject: string,
  path: string,
  status: number | string,
): ReturnType<typeof parseStatusRanges> {
  try {
    return parseStatusRanges(status)
  } catch (error) {
    throw new OptionError(subject, path, (error as Error).message)
  }
}

const checkMatch = z.enum(['str', 'beg', 'end', 'sub'], { error: "must be 'str', 'beg', 'end' or 'sub'" }).optional()
const fieldText = z.union([textOption, z.instanceof(RegExp)], { error: 'must be a text, a format or a RegExp' })

const fieldSchema = z.strictObject({
  name: fieldText.refine((name) => name !== '', { error: 'must not be empty' }),
  nameMatch: checkMatch,
  value: fieldText.optional(),
  valueMatch: checkMatch,
  full: z.boolean().optional(),
})

/** @throws {OptionError} that says what is wrong with it */
export function fieldOption(field: unknown, subject = 'expect.header'): FieldExpectation {
  return checkOptions(subject, fieldSchema, field) as FieldExpectation
}
