/** What is tried again, how often, and where: `retries`, `retry-on`, `option redispatch`. Manual, chapter 4. */
import { type RetryCause, type RetryOptions, type RetryStatus, retryStatuses } from '../../index.js'
import { type Line, type ProxyKeyword, serverSide } from '../keyword.js'
import { readInteger } from '../values.js'

const causes: ReadonlyMap<string, RetryCause | 'allRetryableErrors'> = new Map([
  ['conn-failure', 'connFailure'],
  ['empty-response', 'emptyResponse'],
  ['junk-response', 'junkResponse'],
  ['response-timeout', 'responseTimeout'],
  ['all-retryable-errors', 'allRetryableErrors'],
])

const retryOn: ProxyKeyword = {
  name: 'retry-on',
  sections: serverSide,
  parse: (line, { settings }) => {
    if (line.args.length === 0) line.alert("'retry-on' needs at least one keyword to specify when to retry")
    else if (line.args.includes('none')) {
      if (line.args.length === 1) settings.retryOn = []
      else line.alert("'retry-on' : 'none' is only usable alone.", 'remove it, or the others')
    } else settings.retryOn = readCauses(line) ?? []
  },
}

function readCauses(line: Line): RetryOptions['retryOn'] {
  const found: (RetryCause | RetryStatus | 'allRetryableErrors')[] = []
  for (const word of line.args) {
    const cause = causes.get(word) ?? retryStatuses.find((status) => String(status) === word)
    if (cause !== undefined) found.push(cause)
    else if (word === '0rtt-rejected')
      line.warning("'0rtt-rejected' has no effect here: nothing is ever sent to servers as early data.", 'remove it')
    else {
      const words = ['none', ...causes.keys(), ...retryStatuses].join("', '")
      line.alert(`'retry-on': unknown keyword '${word}'`, `write one of '${words}'`)
      return undefined
    }
  }
  return found
}

const retries: ProxyKeyword = {
  name: 'retries',
  sections: serverSide,
  elsewhere: 'ignored',
  parse: (line, { settings }) => {
    const value = readInteger(line, line.args[0], "'retries'", { min: 0 })
    if (value !== undefined && line.atMost(1)) settings.retries = value
  },
}

const redispatch: ProxyKeyword = {
  name: 'option redispatch',
  sections: serverSide,
  elsewhere: 'ignored',
  negatable: true,
  parse: (line, { settings }) => {
    if (line.prefix !== undefined) settings.redispatch = 0
    else if (line.args.length === 0) settings.redispatch = -1
    else {
      const value = readInteger(line, line.args[0], "'option redispatch'")
      if (value !== undefined && line.atMost(1)) settings.redispatch = value
    }
  },
}

export const retryKeywords: readonly ProxyKeyword[] = [retries, retryOn, redispatch]
