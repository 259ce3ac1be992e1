/** A health check as golden cases show it: one line a step. */
import type { Format } from '../../lib/match/format.js'
import { ExternalCheck } from '../../lib/proxy/checks/external-check.js'
import { CheckSequence } from '../../lib/proxy/checks/sequence.js'
import type { CheckStep, ExpectStep } from '../../lib/proxy/checks/step.js'
import type { HealthCheck } from '../../lib/proxy/health-check.js'

/** Its steps; nothing for one that only connects. */
export function checkLines(check: HealthCheck | undefined): readonly string[] | undefined {
  const plan = check?.plan
  if (plan instanceof ExternalCheck)
    return [`run ${plan.command} in '${plan.path}'${plan.preserveEnvironment ? ' with all variables' : ''}`]
  if (!(plan instanceof CheckSequence)) return undefined
  const options = (['disableOn404', 'sendState'] as const).filter((option) => plan[option])
  return [...options, ...plan.steps.map(stepText)]
}

function stepText(step: CheckStep): string {
  switch (step.kind) {
    case 'connect':
      return words('connect', {
        address: step.address,
        port: typeof step.port === 'object' ? step.port.name : step.port,
        linger: step.linger || undefined,
        comment: step.comment,
      })
    case 'send':
      return words(`${step.hex ? 'send-binary' : 'send'} ${text(step.data)}`, { comment: step.comment })
    case 'request': {
      const fields = step.headers.map(([name, value]) => ` ${name}: ${text(value)}`).join('')
      const body = step.body === '' ? undefined : text(step.body)
      return words(`${step.method} ${text(step.path)} HTTP/${step.version}${fields}`, { body, comment: step.comment })
    }
    case 'expect':
      return words(`expect ${step.not ? '! ' : ''}${expectedText(step)}`, {
        atLeast: step.atLeast,
        onSuccess: step.onSuccess === undefined ? undefined : text(step.onSuccess),
        onError: step.onError === undefined ? undefined : text(step.onError),
        okStatus: step.okStatus,
        errorStatus: step.errorStatus,
        timeoutStatus: step.timeoutStatus,
        code: step.code?.name,
        comment: step.comment,
      })
    case 'action':
      return step.rule.name
    default:
      return `comment ${step.comment}`
  }
}

function expectedText({ expected }: ExpectStep): string {
  if ('text' in expected) return `${expected.what} ${text(expected.text)}`
  if ('ranges' in expected)
    return `status ${expected.ranges.map(([a, b]) => (a === b ? String(a) : `${a}-${b}`)).join(',')}`
  if ('regex' in expected) return `${expected.what} /${(expected.regex as { source?: string }).source}/`
  if (expected.what === 'custom') return 'custom'
  const { name, nameMatch, value, valueMatch } = expected.field
  const part = (given: typeof value): string =>
    given instanceof RegExp ? String(given) : given === undefined ? '' : text(given)
  const second = value === undefined ? '' : ` value ${valueMatch ?? 'str'} ${part(value)}`
  return `${expected.what} name ${nameMatch ?? 'str'} ${part(name)}${second}`
}

const text = (given: string | Format<'check'>): string =>
  JSON.stringify(typeof given === 'string' ? given : `lf ${given.text}`)

const words = (first: string, more: Readonly<Record<string, string | number | boolean | undefined>>): string =>
  [first, ...Object.entries(more).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]))].join(' ')
