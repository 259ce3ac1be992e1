/** What a check is made of: its steps, as plain data. What makes them stands beside this file, what runs them in `engine/`. */
import type { Format } from '../../match/format.js'
import type { Regex } from '../../match/regex.js'
import type { Sample } from '../../match/sample.js'
import type { Rule } from '../../rules/rule.js'
import type { BytesJudge } from './bytes-judge.js'
import type { FieldExpectation } from './field-expectation.js'
import type { ErrorStatus, OkStatus, TimeoutStatus } from './status.js'
import type { StatusRange } from './status-ranges.js'

/** A text that is known, or made anew for each check. Texts are latin1: one character a byte. */
export type CheckText = string | Format<'check'>

/** Opens a connection, and closes the one before. */
export interface ConnectStep {
  readonly kind: 'connect'
  /** Where to, when not where the server's checks go. A sample without a value changes nothing. */
  readonly address: string | undefined
  readonly port: number | Sample<unknown, 'check'> | undefined
  /** The connection is closed in the usual way in place of a reset. */
  readonly linger: boolean
  readonly comment: string | undefined
}

/** Sends bytes. */
export interface SendStep {
  readonly kind: 'send'
  readonly data: CheckText
  /** The text is hexadecimal digits. */
  readonly hex: boolean
  readonly comment: string | undefined
}

/** Sends an HTTP request; the next expectations look at its answer. */
export interface RequestStep {
  readonly kind: 'request'
  readonly method: string
  readonly path: CheckText
  readonly version: '1.0' | '1.1'
  readonly headers: readonly (readonly [name: string, value: CheckText])[]
  readonly body: CheckText
  readonly comment: string | undefined
}

/** What an expectation looks for. */
export type Expected =
  | { readonly what: 'string' | 'binary'; readonly text: string }
  | { readonly what: 'string-lf' | 'binary-lf'; readonly text: Format<'check'> }
  | { readonly what: 'rstring' | 'rbinary' | 'rstatus'; readonly regex: Pick<Regex, 'test'> }
  | { readonly what: 'status'; readonly ranges: readonly StatusRange[] }
  | { readonly what: 'hdr' | 'fhdr'; readonly field: FieldExpectation }
  | { readonly what: 'custom'; readonly judge: BytesJudge }

/** Looks at what has come. */
export interface ExpectStep {
  readonly kind: 'expect'
  readonly expected: Expected
  readonly not: boolean
  /** Bytes before which nothing is decided; `undefined`: as few as it takes, and what does not hold yet may still come. */
  readonly atLeast: number | undefined
  readonly onSuccess: CheckText | undefined
  readonly onError: CheckText | undefined
  readonly okStatus: OkStatus | undefined
  readonly errorStatus: ErrorStatus | undefined
  readonly timeoutStatus: TimeoutStatus | undefined
  readonly code: Sample<unknown, 'check'> | undefined
  readonly comment: string | undefined
}

/** Explains the steps that follow to whoever reads what went wrong. */
export interface CommentStep {
  readonly kind: 'comment'
  readonly comment: string
}

/** Sets or forgets variables. */
export interface ActionStep {
  readonly kind: 'action'
  readonly rule: Rule<'check'>
}

/** One step of a check. */
export type CheckStep = ConnectStep | SendStep | RequestStep | ExpectStep | CommentStep | ActionStep
