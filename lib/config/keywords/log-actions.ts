/** `do-log`: a log line from amid the rules. */
import { doLog } from '../../index.js'
import { doLogSteps } from '../../rules/actions/do-log.js'
import type { ActionKeyword } from '../action.js'

const step = {
  'tcp-request connection': doLogSteps.connection,
  'tcp-request session': doLogSteps.session,
  'tcp-request content': doLogSteps.content,
  'tcp-response content': doLogSteps.responseContent,
  'http-request': doLogSteps.request,
  'http-response': doLogSteps.response,
  'http-after-response': doLogSteps.afterResponse,
} as const

export const logActions: readonly ActionKeyword[] = [
  {
    name: 'do-log',
    sets: Object.keys(step) as readonly (keyof typeof step)[],
    read: (words) => {
      let profile: string | undefined
      if (words.words[0] === 'profile') {
        words.words.shift()
        profile = words.value('profile')
        if (profile === undefined) return undefined
      }
      if (words.set === 'tcp-request connection' || words.set === 'tcp-request session')
        words.line.warning(
          `'${words.line.keyword}' does nothing: a connection is not logged before it has been admitted.`,
          "write it into 'tcp-request content'",
        )
      return () => doLog({ profile, step: step[words.set] })
    },
  },
]
