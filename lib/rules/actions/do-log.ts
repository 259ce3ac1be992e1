/** `doLog`: a log line from amid the rules. */
import { OptionError } from '../../base/errors.js'
import { checkKnown } from '../../base/options.js'
import type { Context } from '../../match/context.js'
import type { Phase } from '../../match/phase.js'
import { Rule } from '../rule.js'
import { hasResponse } from './answer.js'

/** Where a line can be asked for. */
export const doLogSteps = {
  connection: 'tcp-req-conn',
  session: 'tcp-req-sess',
  content: 'tcp-req-cont',
  request: 'http-req',
  responseContent: 'tcp-res-cont',
  response: 'http-res',
  afterResponse: 'http-after-res',
} as const satisfies Partial<Record<Phase, string>>

type LogPhase = keyof typeof doLogSteps

/** What the line is made by. */
export interface DoLogOptions {
  /** The name of a profile that the loggers know. Default: as the frontend logs. */
  readonly profile?: string | undefined
  /** What %OG shows, and what profiles look at. Default: `http-req` or `http-res`, in TCP mode `tcp-req-cont`. */
  readonly step?: (typeof doLogSteps)[LogPhase] | undefined
}

const phases = Object.keys(doLogSteps) as readonly LogPhase[]
const steps: readonly string[] = Object.values(doLogSteps)

/**
 * Writes a log line now. The lines that come by themselves come all the same. On a connection that has not been admitted yet there is nobody to write
 * one. HAProxy (3.1 and later): `do-log`.
 * @throws {OptionError} on a step that there is not
 */
export function doLog(options: DoLogOptions = {}): Rule<LogPhase> {
  checkKnown('doLog', options, ['profile', 'step'])
  const { profile, step } = options
  if (step !== undefined && !steps.includes(step))
    throw new OptionError('doLog', 'step', `must be one of ${steps.join(', ')}, but is '${step}'`)
  return new Rule(profile === undefined ? 'do-log' : `do-log profile ${profile}`, phases, (context) => {
    context.bodies?.log?.(step ?? stepOf(context), profile)
    return undefined
  })
}

function stepOf(context: Context): string {
  if (hasResponse(context)) return doLogSteps.response
  return (context as Partial<Context>).request === undefined ? doLogSteps.content : doLogSteps.request
}
