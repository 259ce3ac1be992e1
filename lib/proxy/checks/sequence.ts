/** A check's steps in their order: what they need of each other, and how HAProxy speaks of them. */
import type { CheckStep, ConnectStep, ExpectStep, RequestStep, SendStep } from './step.js'

/** What is asked for beside the steps. */
export interface SequenceOptions {
  /** A 404 stops a server softly, whatever is expected. HAProxy: `http-check disable-on-404`. */
  readonly disableOn404?: boolean | undefined
  /** Requests tell the server how it is seen. HAProxy: `http-check send-state`. */
  readonly sendState?: boolean | undefined
  /** Whether it speaks of steps by number where something goes wrong. */
  readonly numbered?: boolean | undefined
}

/** The steps of a check, ready to be run. */
export class CheckSequence {
  readonly steps: readonly CheckStep[]
  readonly protocol: 'tcp' | 'http'
  readonly disableOn404: boolean
  readonly sendState: boolean
  readonly numbered: boolean
  /** It does not say where to connect to: a connection comes first. */
  readonly connectsFirst: boolean
  /** The step that says how the check ends when all is well. */
  readonly last: ConnectStep | SendStep | RequestStep | ExpectStep | undefined

  constructor(steps: readonly CheckStep[], protocol: 'tcp' | 'http', options: SequenceOptions = {}) {
    this.steps = steps
    this.protocol = protocol
    this.disableOn404 = options.disableOn404 === true
    this.sendState = options.sendState === true
    this.numbered = options.numbered === true
    this.connectsFirst = !steps.some(({ kind }) => kind === 'connect')
    this.last = steps.findLast(acts)
  }

  /** What the step at an index is explained with: its own comment, or the `comment` before it. Expectations in a row share one. */
  commentOf(index: number): string | undefined {
    const step = this.steps[index]
    if (step === undefined || step.kind === 'action' || step.kind === 'comment') return undefined
    if (step.comment !== undefined) return step.comment
    let before = index - 1
    if (step.kind === 'expect') while (this.steps[before]?.kind === 'expect') before--
    const explanation = this.steps[before]
    return explanation?.kind === 'comment' ? explanation.comment : undefined
  }

  /** Where something went wrong, as in ` at step 2 of tcp-check (send) comment: 'greeting'`. -1 is the connection that comes first. */
  placeOf(index: number): string {
    const step = this.steps[index]
    if (!this.numbered) return ''
    if (step === undefined) return ' at initial connection step of tcp-check'
    const comment = this.commentOf(index)
    const explained = comment === undefined ? '' : ` comment: '${comment}'`
    return ` at step ${index + 1} of tcp-check (${nameOf(step)})${explained}`
  }
}

const acts = (step: CheckStep): step is ConnectStep | SendStep | RequestStep | ExpectStep =>
  step.kind !== 'action' && step.kind !== 'comment'

/** Why steps cannot stand in this order; nothing when they can. */
export function orderFault(steps: readonly CheckStep[], protocol: 'tcp' | 'http'): string | undefined {
  const acting = steps.filter(acts)
  const connects = acting.some(({ kind }) => kind === 'connect')
  if (connects && acting[0]?.kind !== 'connect') return "the first step must be a 'connect' when there is one"
  if (protocol === 'tcp') return undefined
  let before: CheckStep['kind'] = connects ? 'expect' : 'connect'
  for (const { kind } of acting) {
    if (kind === 'request' && before !== 'connect') return "a request needs a 'connect' of its own before it"
    if (kind === 'expect' && before === 'connect') return 'there is no request yet whose answer could be expected'
    before = kind
  }
  return undefined
}

const named: Readonly<Record<ExpectStep['expected']['what'], string>> = {
  string: 'string',
  binary: 'binary',
  'string-lf': 'log-format string',
  'binary-lf': 'log-format binary',
  rstring: 'regex',
  rbinary: 'binary regex',
  status: 'status',
  rstatus: 'status regex',
  hdr: 'header',
  fhdr: 'full header',
  custom: 'custom function',
}

function nameOf(step: CheckStep): string {
  switch (step.kind) {
    case 'connect':
      return typeof step.port === 'number' ? `connect port ${step.port}` : 'connect'
    case 'expect': {
      const { expected } = step
      const text = 'text' in expected && typeof expected.text === 'string' ? ` '${expected.text}'` : ''
      return `expect ${named[expected.what]}${text}`
    }
    default:
      return 'send'
  }
}

/** What a server answered that was expected, or was not, otherwise. */
export function contentText({ expected }: ExpectStep): string {
  return expected.what === 'string' ? `'${expected.text}'` : `(${named[expected.what]})`
}
