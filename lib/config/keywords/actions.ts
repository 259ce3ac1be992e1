/** Actions that answer or refuse, and those that end a rule set: `deny`, `return`, `tarpit`, `auth`, `allow`, `accept`, `reject`. */
import { accept, allow, auth, close, deny, type Phase, reject, respond, tarpit } from '../../index.js'
import type { AnswerOptions } from '../../rules/actions/answer.js'
import type { ActionKeyword, ActionLine, RuleMaker } from '../action.js'
import type { RuleSetName } from '../proxy-draft.js'
import { redirectAction } from './redirect.js'
import { makeReply, readReply } from './reply.js'

type Make = (status: number | undefined, options: AnswerOptions<Phase>) => ReturnType<RuleMaker>

/** `deny` and `tarpit`: with nothing but `deny_status` they send the proxy's error page. */
function readRefusal(words: ActionLine, fallback: number, make: Make): RuleMaker | undefined {
  const read = readReply(words, ['deny_status', 'status'], 'default-errorfiles')
  if (read === undefined) return undefined
  return (linker, checkpoint) => {
    const options = makeReply(words, { ...read, status: read.status ?? fallback }, linker, checkpoint)
    return options && make(read.status, options)
  }
}

function readReturn(words: ActionLine): RuleMaker | undefined {
  const read = readReply(words, ['status'])
  if (read === undefined) return undefined
  return (linker, checkpoint) => {
    const options = makeReply(words, read, linker, checkpoint)
    return options && respond(read.status ?? 200, options)
  }
}

function readAuth(words: ActionLine): RuleMaker | undefined {
  if (words.words[0] !== 'realm') return () => auth()
  words.words.shift()
  const realm = words.words.shift()
  if (realm !== undefined && realm !== '') return () => auth(realm)
  words.alert('missing realm value.', 'as in \'auth realm "Our Site"\'')
  return undefined
}

const plain = (name: string, sets: readonly RuleSetName[], make: RuleMaker): ActionKeyword => ({
  name,
  sets,
  read: () => make,
})

const tcpSets: readonly RuleSetName[] = [
  'tcp-request connection',
  'tcp-request session',
  'tcp-request content',
  'tcp-response content',
]

export const answeringActions: readonly ActionKeyword[] = [
  redirectAction,
  plain('allow', ['http-request', 'http-response', 'http-after-response'], () => allow()),
  plain('accept', tcpSets, () => accept()),
  plain('reject', [...tcpSets, 'http-request'], () => reject()),
  plain('close', ['tcp-response content'], () => close()),
  {
    name: 'deny',
    sets: ['http-request', 'http-response'],
    read: (words) => readRefusal(words, words.set === 'http-response' ? 502 : 403, deny),
  },
  { name: 'tarpit', sets: ['http-request'], read: (words) => readRefusal(words, 500, tarpit) },
  { name: 'return', sets: ['http-request', 'http-response'], read: readReturn },
  { name: 'auth', sets: ['http-request'], read: readAuth },
]
