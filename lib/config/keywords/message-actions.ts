/** Actions that change the message in hand, or have a table count: `set-header`, `set-path`, `set-status`, `track-sc0` … */
import {
  addHeader,
  delHeader,
  type Phase,
  type Rule,
  setHeader,
  setMethod,
  setPath,
  setPathq,
  setQuery,
  setStatus,
  setUri,
  track,
} from '../../index.js'
import type { Text } from '../../match/format.js'
import type { ActionKeyword } from '../action.js'
import type { RuleSetName } from '../proxy-draft.js'

const messages: readonly RuleSetName[] = ['http-request', 'http-response', 'http-after-response']

/** `<name> <format>`. */
const field = (name: string, make: (name: string, value: Text<Phase>) => Rule<never>): ActionKeyword => ({
  name,
  sets: messages,
  read: (words) => {
    const header = words.next()
    const value = words.next()
    if (header === undefined || value === undefined) {
      words.alert(
        'expects exactly 2 arguments.',
        'write the name of the field and its value; quote a value with blanks',
      )
      return undefined
    }
    return (linker, checkpoint) => {
      const text = linker.format(value, words.line.place, checkpoint)
      return text === undefined ? undefined : make(header, text)
    }
  },
})

/** `<format>`. */
const target = (name: string, make: (value: Text<Phase>) => Rule<never>): ActionKeyword => ({
  name,
  sets: ['http-request'],
  read: (words) => {
    const value = words.next()
    if (value === undefined) {
      words.alert('expects exactly 1 argument <format>.')
      return undefined
    }
    return (linker, checkpoint) => {
      const text = linker.format(value, words.line.place, checkpoint)
      return text === undefined ? undefined : make(text)
    }
  },
})

const removal: ActionKeyword = {
  name: 'del-header',
  sets: messages,
  read: (words) => {
    const header = words.next()
    if (header === undefined) words.alert('expects at least 1 argument.', 'write the name of the field')
    else if (words.words[0] === '-m') words.alert("'-m' is not supported yet")
    else return () => delHeader(header)
    return undefined
  },
}

const statusAction: ActionKeyword = {
  name: 'set-status',
  sets: ['http-response', 'http-after-response'],
  read: (words) => {
    const code = words.next()
    if (code === undefined || !/^\d{3}$/.test(code)) {
      words.alert('expects an HTTP status code.', 'as in \'set-status 503 reason "Slow Down"\'')
      return undefined
    }
    if (words.words[0] !== 'reason') return () => setStatus(Number(code))
    words.words.shift()
    const reason = words.value('reason')
    return reason === undefined ? undefined : () => setStatus(Number(code), reason)
  },
}

const tracking = (slot: number): ActionKeyword => ({
  name: `track-sc${slot}`,
  sets: ['tcp-request connection', 'tcp-request content', 'http-request', 'http-response'],
  read: (words) => {
    const key = words.next()
    if (key === undefined) {
      words.alert('missing fetch method.', `as in 'track-sc${slot} src'`)
      return undefined
    }
    let name: string | undefined
    if (words.words[0] === 'table') {
      words.words.shift()
      name = words.value('table')
      if (name === undefined) return undefined
    }
    const { place } = words.line
    return (linker, checkpoint) => {
      const sample = linker.sample(key, place, checkpoint)
      const table = linker.table(name, place, `track-sc${slot}`)
      return sample === undefined || table === undefined ? undefined : track(table, sample, slot)
    }
  },
})

export const messageActions: readonly ActionKeyword[] = [
  field('set-header', setHeader),
  field('add-header', addHeader),
  removal,
  target('set-method', setMethod),
  target('set-path', setPath),
  target('set-pathq', setPathq),
  target('set-query', setQuery),
  target('set-uri', setUri),
  statusAction,
  ...[0, 1, 2].map(tracking),
]
