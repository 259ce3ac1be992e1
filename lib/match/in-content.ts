/** Questions about HTTP messages, asked where a connection's bytes are looked at: the request or response must be among them first. */
import type { Context } from './context.js'
import type { Phase } from './phase.js'
import { type NotYet, notYet, Sample } from './sample.js'

/**
 * The same question for content rules. In HTTP mode the message is there; in TCP mode the request is read from the first bytes, and there is no
 * answer before its head is whole, or when it is none. Of a response in TCP mode nothing is known.
 */
export function inContent<T>(sample: Sample<T, never>): Sample<T, Phase> {
  const ofRequest = sample.phases.includes('request')
  const ready = ofRequest ? hasRequest : hasResponse
  const { ask, all, mayChange } = sample
  return new Sample<T, Phase>({
    name: sample.name,
    type: sample.type,
    phases: [...sample.phases, ofRequest ? 'content' : 'responseContent'],
    ask: (context) => {
      const is = ready(context)
      return is === true ? ask(context) : is
    },
    all:
      all &&
      ((context) => {
        const is = ready(context)
        return is === true ? all(context) : (is ?? [])
      }),
    mayChange: mayChange && ((context) => ready(context) === true && mayChange(context)),
  })
}

function hasRequest(context: Context): true | undefined | NotYet {
  if ((context.request as unknown) !== undefined) return true
  const request = context.input?.request?.()
  if (request === undefined || request === notYet) return request
  context.request = request
  return true
}

const hasResponse = ({ response }: Context): true | undefined =>
  (response as unknown) === undefined ? undefined : true
