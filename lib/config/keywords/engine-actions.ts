/** Actions that tell the engine how to carry a transaction out: bodies, hints, times, addresses, queues, and how to end a connection. */
import {
  disableL7Retry,
  earlyHint,
  type Phase,
  pause,
  type Rule,
  type Sample,
  setDst,
  setDstPort,
  setLogLevel,
  setPriorityClass,
  setPriorityOffset,
  setRetries,
  setSrc,
  setSrcPort,
  setTimeouts,
  silentDrop,
  waitForBody,
} from '../../index.js'
import { type LogLevel, logLevels } from '../../rules/actions/orders.js'
import type { ActionKeyword, ActionLine, RuleMaker } from '../action.js'
import { isBackend, isFrontend, type RuleSetName } from '../proxy-draft.js'
import { readInteger, readSize, readTime } from '../values.js'

const anyTcp: readonly RuleSetName[] = [
  'tcp-request connection',
  'tcp-request session',
  'tcp-request content',
  'tcp-response content',
]
const early: readonly RuleSetName[] = ['tcp-request connection', 'tcp-request session', 'tcp-request content']
const queueing: readonly RuleSetName[] = ['tcp-request content', 'http-request']

/** `<expr>`: an action with one question. */
const asking = (
  name: string,
  sets: readonly RuleSetName[],
  make: (sample: Sample<unknown, Phase>) => Rule<never>,
): ActionKeyword => ({
  name,
  sets,
  read: (words) => {
    const text = words.next()
    if (text === undefined) words.alert('expects a sample expression.', `as in '${name} src'`)
    return text === undefined ? undefined : sampled(words, text, make)
  },
})

function sampled(words: ActionLine, text: string, make: (sample: Sample<unknown, Phase>) => Rule<never>): RuleMaker {
  return (linker, checkpoint) => {
    const sample = linker.sample(text, words.line.place, checkpoint)
    return sample === undefined ? undefined : make(sample)
  }
}

/** A time as HAProxy writes it, as opposed to a question. */
const isTime = (text: string): boolean => /^\d+(?:us|ms|s|m|h|d)?$/.test(text)

const timeouts = ['client', 'connect', 'queue', 'server', 'tarpit', 'tunnel'] as const
type TimeoutWord = (typeof timeouts)[number]
const ofClients: readonly TimeoutWord[] = ['client', 'tarpit']
const ofServers: readonly TimeoutWord[] = ['connect', 'queue', 'server', 'tunnel', 'tarpit']

function readTimeout(words: ActionLine): RuleMaker | undefined {
  const name = words.next() as TimeoutWord | undefined
  if (name === undefined || !timeouts.includes(name)) {
    words.alert(`'set-timeout' rule supports ${timeouts.map((one) => `'${one}'`).join(', ')} (got '${name ?? ''}').`)
    return undefined
  }
  const { draft } = words
  const able = (isFrontend(draft) && ofClients.includes(name)) || (isBackend(draft) && ofServers.includes(name))
  if (!able) {
    const side = ofServers.includes(name) ? 'backend' : 'frontend'
    words.alert(`proxy '${draft.name}' has no ${side} capability.`, `write it in the ${side} that it is about`)
    return undefined
  }
  const text = words.next()
  if (text === undefined) {
    words.alert('expects a time, or an expression that gives milliseconds.')
    return undefined
  }
  if (!isTime(text)) return sampled(words, text, (sample) => setTimeouts({ [name]: sample }))
  const time = readTime(words.line, text, `'set-timeout ${name}'`)
  return time === undefined ? undefined : () => setTimeouts({ [name]: time })
}

function readWait(words: ActionLine): RuleMaker | undefined {
  let time: number | undefined
  let atLeast: number | undefined
  let large = false
  while (!words.atCondition) {
    const option = words.next()
    if (option === 'time') {
      time = readTime(words.line, words.next(), "'wait-for-body time'")
      if (time === undefined) return undefined
    } else if (option === 'at-least') {
      atLeast = readSize(words.line, words.next(), "'wait-for-body at-least'")
      if (atLeast === undefined) return undefined
    } else if (option === 'use-large-buffer') large = true
    else {
      words.alert(`expects 'time <time> [ at-least <bytes> ] [ use-large-buffer ]' (got '${option}').`)
      return undefined
    }
  }
  const limit = time
  const { line } = words
  if (limit !== undefined)
    return () => {
      const { largeBufferSize } = line.loading.process.settings
      if (large && largeBufferSize === undefined)
        line.warning(
          `'${line.keyword}' : 'use-large-buffer' has no effect: there are no large buffers.`,
          "write 'tune.bufsize.large <size>' into 'global'",
        )
      const bufferSize = large ? largeBufferSize : undefined
      return waitForBody(limit, { atLeast: atLeast === 0 ? undefined : atLeast, bufferSize })
    }
  words.alert("missing 'time'.", "as in 'wait-for-body time 1s'")
  return undefined
}

function readPause(words: ActionLine): RuleMaker | undefined {
  const text = words.next()
  if (text === undefined) words.alert('expects a time, or an expression that gives milliseconds.')
  if (text === undefined) return undefined
  if (!isTime(text)) return sampled(words, text, pause)
  const time = readTime(words.line, text, "'pause'")
  return time === undefined ? undefined : () => pause(time)
}

function readHint(words: ActionLine): RuleMaker | undefined {
  const name = words.next()
  const value = words.next()
  if (name === undefined || value === undefined) {
    words.alert('expects exactly 2 arguments.', 'as in \'early-hint link "</a.css>; rel=preload"\'')
    return undefined
  }
  return (linker, checkpoint) => {
    const text = linker.format(value, words.line.place, checkpoint)
    return text === undefined ? undefined : earlyHint(name, text)
  }
}

function readRetries(words: ActionLine): RuleMaker | undefined {
  if (!isBackend(words.draft)) {
    words.alert(`proxy '${words.draft.name}' has no backend capability.`, 'write it in the backend that it is about')
    return undefined
  }
  const text = words.next()
  if (text === undefined) words.alert('expects a number from 0 to 100, or an expression that gives one.')
  if (text === undefined) return undefined
  if (!/^[+-]?\d+$/.test(text)) return sampled(words, text, setRetries)
  const retries = readInteger(words.line, text, "'set-retries'", { min: 0, max: 100 })
  return retries === undefined ? undefined : () => setRetries(retries)
}

function readLogLevel(words: ActionLine): RuleMaker | undefined {
  const level = words.next() as LogLevel | undefined
  if (level !== undefined && (level === 'silent' || logLevels.includes(level))) return () => setLogLevel(level)
  words.alert(`expects exactly 1 argument (log level name or 'silent').`, `levels are ${logLevels.join(', ')}`)
  return undefined
}

const dropping: ActionKeyword = {
  name: 'silent-drop',
  sets: [...anyTcp, 'http-request', 'http-response'],
  read: (words) => {
    if (words.words[0] === 'rst-ttl') {
      words.words.shift()
      if (readInteger(words.line, words.next(), "'silent-drop rst-ttl'", { min: 1, max: 255 }) === undefined)
        return undefined
    }
    words.line.warning(
      "'silent-drop' ends the connection at once, but cannot hide that from the client: Node does not say what the kernel sends.",
    )
    return () => silentDrop()
  },
}

/** Services are HAProxy's own or written in Lua; those of the host app are code. */
const useService: ActionKeyword = {
  name: 'use-service',
  sets: ['tcp-request content', 'http-request'],
  read: (words) => {
    const name = words.next()
    if (name === undefined) words.alert('missing service name.')
    else if (name === 'prometheus-exporter')
      words.alert(`'use-service ${name}' is not supported yet`, 'read balancer.stats() in code')
    else
      words.alert(
        `there is no service '${name}', and no Lua to write it in`,
        "write it in code: useService(service('name', (request) => new Response(…)))",
      )
    return undefined
  },
}

/** What only the kernel could do: it is said so once a line, and nothing is done. */
const without = (name: string, sets: readonly RuleSetName[], reason: string): ActionKeyword => ({
  name,
  sets,
  read: (words) => {
    if (words.next() === undefined) {
      words.alert(`'${name}' expects an argument.`)
      return undefined
    }
    words.line.warning(`'${words.line.keyword}' has no effect here: ${reason}.`, 'remove it')
    return () => undefined
  },
})

const marks: readonly RuleSetName[] = [...anyTcp, 'http-request', 'http-response']

export const engineActions: readonly ActionKeyword[] = [
  { name: 'wait-for-body', sets: ['http-request', 'http-response'], read: readWait },
  { name: 'pause', sets: ['http-request', 'http-response'], read: readPause },
  { name: 'early-hint', sets: ['http-request'], read: readHint },
  { name: 'set-timeout', sets: ['http-request', 'http-response'], read: readTimeout },
  { name: 'set-retries', sets: queueing, read: readRetries },
  { name: 'disable-l7-retry', sets: ['http-request'], read: () => () => disableL7Retry() },
  {
    name: 'set-log-level',
    sets: ['tcp-request content', 'tcp-response content', 'http-request', 'http-response', 'http-after-response'],
    read: readLogLevel,
  },
  asking('set-src', [...early, 'http-request'], setSrc),
  asking('set-src-port', [...early, 'http-request'], setSrcPort),
  asking('set-dst', [...early, 'http-request'], setDst),
  asking('set-dst-port', [...early, 'http-request'], setDstPort),
  asking('set-priority-class', queueing, setPriorityClass),
  asking('set-priority-offset', queueing, setPriorityOffset),
  dropping,
  useService,
  without(
    'set-nice',
    ['tcp-request content', 'tcp-response content', 'http-request', 'http-response'],
    'there is one event loop, and nobody goes before another in it',
  ),
  ...['set-mark', 'set-fc-mark'].map((name) => without(name, marks, 'Node cannot mark packets')),
  ...['set-tos', 'set-fc-tos'].map((name) => without(name, marks, 'Node cannot set the TOS field of packets')),
  without('set-bc-mark', queueing, 'Node cannot mark packets'),
  without('set-bc-tos', queueing, 'Node cannot set the TOS field of packets'),
]
