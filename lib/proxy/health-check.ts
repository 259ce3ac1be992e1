/** What to ask a server to learn whether it works, and how often. Who asks is the engine's monitor; what the answers add up to is `Health`. */
import { z } from 'zod'
import { OptionError } from '../base/errors.js'
import { checkOptions, durationOption, integerOption } from '../base/options.js'
import { Rule } from '../rules/rule.js'
import { type CheckFunction, CustomCheck } from './checks/custom-check.js'
import { expect, fieldOption, statusOption } from './checks/expect.js'
import { ExternalCheck, type ExternalOptions, externalOptions } from './checks/external-check.js'
import type { FieldExpectation } from './checks/field-expectation.js'
import { CheckSequence, orderFault } from './checks/sequence.js'
import type { ActionStep, CheckStep, ExpectStep } from './checks/step.js'
import { type CheckedRequest, type CheckRequestOptions, requestOf, requestShape } from './checks/steps.js'

/** How often a server is checked, and how many results turn it. Times are milliseconds or text with a unit. */
export interface CheckTiming {
  /** Between two checks of a server in a settled state. Default 2s. HAProxy's `inter`. */
  readonly interval?: number | string
  /** While a server is going up or down. Default: `interval`. HAProxy's `fastinter`. */
  readonly fastInterval?: number | string
  /** While a server is down. Default: `interval`. HAProxy's `downinter`. */
  readonly downInterval?: number | string
  /** How long a check may take. Default: the shorter of the backend's connect timeout and `interval` (manual, `timeout check`). */
  readonly timeout?: number | string
  /** Passed checks in a row that take a server up. Default 2. */
  readonly rise?: number
  /** Failed checks in a row that take a server down. Default 3. */
  readonly fall?: number
}

/** One expectation of an HTTP check's answer, in short; {@link expect} makes those with more to them. Manual, `http-check expect`. */
export type Expectation =
  | { readonly status: number | string; readonly not?: boolean }
  | { readonly string: string; readonly not?: boolean }
  | { readonly rstatus: RegExp; readonly not?: boolean }
  | { readonly rstring: RegExp; readonly not?: boolean }
  | { readonly header: FieldExpectation; readonly not?: boolean }
  | ExpectStep

/** What an HTTP check sends and expects. */
export interface HttpCheckOptions extends CheckTiming, Omit<CheckRequestOptions, 'comment'> {
  /** All of them must hold. Default: a status of 200 to 399. */
  readonly expect?: Expectation | readonly Expectation[]
  /** A server that answers 404 finishes what it has and gets nothing new, whatever is expected. Default: no. HAProxy: `http-check disable-on-404`. */
  readonly disableOn404?: boolean
  /** Each request tells the server how it is seen, in `x-haproxy-server-state`. Default: no. HAProxy: `http-check send-state`. */
  readonly sendState?: boolean
}

/** What a check of several steps can be told beside them. */
export interface SequenceCheckOptions extends CheckTiming {
  /** As in {@link HttpCheckOptions}. */
  readonly disableOn404?: boolean
  readonly sendState?: boolean
  /** Tells the number of the step at which a TCP check failed. Default: yes. */
  readonly numbered?: boolean
}

/** One step of a check: `connect()`, `send()`, `expect.string()` …, or `setVar('check.x', …)` and `unsetVar()`. */
export type Step = Exclude<CheckStep, ActionStep> | Rule<'check'>

/** How a server is asked: step by step, by a function, or by a program. */
export type CheckPlan = CheckSequence | CustomCheck | ExternalCheck

const timing = {
  interval: durationOption.optional(),
  fastInterval: durationOption.optional(),
  downInterval: durationOption.optional(),
  timeout: durationOption.optional(),
  rise: integerOption(1, 1_000_000).optional(),
  fall: integerOption(1, 1_000_000).optional(),
}

/** The options of {@link CheckTiming}, for whoever else takes them (a server may have its own). */
export const timingOptions = timing

const tcpOptions = z.strictObject(timing)
const customOptions = z.strictObject(timing)
const programOptions = z.strictObject({ ...timing, ...externalOptions })
const flag = z.boolean({ error: 'must be true or false' }).optional()
const expectations = z.union([z.array(z.looseObject({})), z.looseObject({})], {
  error: 'must be { status }, { string }, { rstatus }, { rstring } or { header }, or made by expect',
})
const httpOptions = z.strictObject({
  ...timing,
  ...requestShape,
  expect: expectations.optional(),
  disableOn404: flag,
  sendState: flag,
})
const sequenceOptions = z.strictObject({ ...timing, disableOn404: flag, sendState: flag, numbered: flag })

/** Milliseconds and counts, as far as they were given; the rest comes from the server or from HAProxy's defaults. */
export interface DecidedTiming {
  readonly interval?: number | undefined
  readonly fastInterval?: number | undefined
  readonly downInterval?: number | undefined
  readonly timeout?: number | undefined
  readonly rise?: number | undefined
  readonly fall?: number | undefined
}

/**
 * How servers are checked: `HealthCheck.tcp()` asks for a connection only, `HealthCheck.http()` for an answer, `HealthCheck.sequence()` goes step
 * by step through a conversation, `HealthCheck.custom()` calls a function, `HealthCheck.external()` runs a program.
 *
 * ```ts
 * new Backend('api', { check: HealthCheck.http({ path: '/healthz', interval: '2s', rise: 2, fall: 3 }), servers })
 * ```
 */
export class HealthCheck {
  readonly plan: CheckPlan
  readonly timing: DecidedTiming

  private constructor(plan: CheckPlan, decided: DecidedTiming) {
    this.plan = plan
    this.timing = decided
  }

  /** A server that accepts a connection passes. */
  static tcp(options: CheckTiming = {}): HealthCheck {
    const decided = checkOptions('HealthCheck.tcp', tcpOptions, options)
    return new HealthCheck(new CheckSequence([], 'tcp'), decided)
  }

  /** A server whose answer meets all expectations passes. */
  static http(options: HttpCheckOptions = {}): HealthCheck {
    const checked = checkOptions('HealthCheck.http', httpOptions, options) as unknown as DecidedTiming &
      CheckedRequest &
      HttpCheckOptions
    const { path, method, version, headers, body, expect: expected, disableOn404, sendState, ...rest } = checked
    const request = requestOf({ path, method, version, headers, body } as CheckedRequest)
    const sequence = new CheckSequence([request, ...expectationsOf(expected)], 'http', { disableOn404, sendState })
    return new HealthCheck(sequence, rest as DecidedTiming)
  }

  /**
   * Goes through steps in their order: connects, sends, expects. Without a `connect()`, a connection comes first. Steps with `sendRequest()` among them
   * make an HTTP check, whose expectations look at answers; others look at bytes. HAProxy: `tcp-check`, `http-check`.
   *
   * ```ts
   * HealthCheck.sequence([send('PING\r\n'), expect.string('+PONG'), comment('role'), send('ROLE\r\n'), expect.string('master')])
   * ```
   *
   * @throws {OptionError} on steps that cannot stand in this order
   */
  static sequence(steps: readonly Step[], options: SequenceCheckOptions = {}): HealthCheck {
    const subject = 'HealthCheck.sequence'
    const { disableOn404, sendState, numbered, ...rest } = checkOptions(subject, sequenceOptions, options)
    const made = steps.map((step, index) => stepOf(step, index))
    const protocol = made.some(({ kind }) => kind === 'request') ? 'http' : 'tcp'
    const fault = orderFault(made, protocol)
    if (fault !== undefined) throw new OptionError(subject, '', fault)
    const misplaced = made.find((step) => isMisplaced(step, protocol))
    if (misplaced !== undefined) throw new OptionError(subject, '', misplacement[protocol])
    const settings = { disableOn404, sendState, numbered: numbered ?? protocol === 'tcp' }
    return new HealthCheck(new CheckSequence(made, protocol, settings), rest)
  }

  /**
   * A function of yours asks, in whatever way it likes. It passes when it gives `true` or nothing, and fails when it gives `false` or throws; the
   * error's message is shown. Beyond HAProxy.
   *
   * ```ts
   * HealthCheck.custom(async ({ dial, signal }) => isReady(await dial(), signal), { interval: '5s', timeout: '1s' })
   * ```
   */
  static custom(ask: CheckFunction, options: CheckTiming = {}): HealthCheck {
    if (typeof ask !== 'function') throw new OptionError('HealthCheck.custom', '', 'must be a function')
    return new HealthCheck(new CustomCheck(ask), checkOptions('HealthCheck.custom', customOptions, options))
  }

  /**
   * A program asks: it is started with the addresses as arguments and HAProxy's variables as environment, without a shell. Exit status 0 passes. When the
   * check's time is over, it is killed. It may do whatever this process may. HAProxy: `option external-check`.
   */
  static external(options: ExternalOptions & CheckTiming): HealthCheck {
    const { command, path, preserveEnvironment, proxy, ...rest } = checkOptions(
      'HealthCheck.external',
      programOptions,
      options,
    )
    return new HealthCheck(new ExternalCheck({ command, path, preserveEnvironment, proxy } as ExternalOptions), rest)
  }
}

/** A rule sets or forgets variables; other steps are as they are. */
function stepOf(step: Step, index: number): CheckStep {
  if (!(step instanceof Rule)) {
    if (typeof (step as CheckStep | undefined)?.kind === 'string') return step
    throw new OptionError('HealthCheck.sequence', `[${index}]`, 'must be a step, as send() and expect.string() give it')
  }
  if (step.phases.includes('check')) return { kind: 'action', rule: step }
  throw new OptionError('HealthCheck.sequence', `[${index}]`, `the rule '${step.name}' cannot stand in a check`)
}

const ofHttp: ReadonlySet<string> = new Set(['status', 'rstatus', 'hdr', 'fhdr'])
const ofTcp: ReadonlySet<string> = new Set(['binary', 'binary-lf', 'rbinary'])

function isMisplaced(step: CheckStep, protocol: 'tcp' | 'http'): boolean {
  if (step.kind === 'send') return protocol === 'http'
  return step.kind === 'expect' && (protocol === 'http' ? ofTcp : ofHttp).has(step.expected.what)
}

const misplacement = {
  http: 'send(), sendBinary(), expect.binary() and expect.rbinary() are for TCP checks, and sendRequest() makes this an HTTP check',
  tcp: 'expect.status(), expect.rstatus() and expect.header() are for HTTP checks, which have a sendRequest()',
}

/** @returns one step for each, and HAProxy's own where nothing is expected */
function expectationsOf(given: Expectation | readonly Expectation[] | undefined): readonly ExpectStep[] {
  if (given === undefined) return [expect.status('200-399')]
  const list = Array.isArray(given) ? (given as readonly Expectation[]) : [given as Expectation]
  return list.map((each, index) => expectationOf(each, Array.isArray(given) ? `expect[${index}]` : 'expect'))
}

function expectationOf(given: Expectation, path: string): ExpectStep {
  if ('kind' in given) return given
  const { not, ...rest } = given
  const [[what = '', value] = []] = Object.entries(rest) as [string, unknown][]
  const options = not === undefined ? {} : { not }
  try {
    if (Object.keys(rest).length === 1) {
      if (what === 'status') {
        statusOption('HealthCheck.http', `${path}.status`, value as string)
        return expect.status(value as string, options)
      }
      if (what === 'header') return expect.header(fieldOption(value, 'HealthCheck.http'), options)
      if (what === 'string' || what === 'rstring' || what === 'rstatus')
        return expect[what](value as string & RegExp, options)
    }
  } catch (error) {
    if (error instanceof OptionError && error.path !== '') throw error
    throw new OptionError('HealthCheck.http', path, (error as Error).message)
  }
  throw new OptionError(
    'HealthCheck.http',
    path,
    'must be { status }, { string }, { rstatus }, { rstring } or { header }, each with an optional { not: true }, or made by expect',
  )
}
