/** The plain settings of a proxy: its mode, names, limits, and where it sends. */

import { readCondition } from '../expression.js'
import { clientSide, everywhere, notInDefaults, type ProxyKeyword, serverSide } from '../keyword.js'
import { noteRule } from '../rule-order.js'
import { readInteger, readWord } from '../values.js'
import { shownByNobody } from './unshown.js'

type NumberKey = 'maxConnections' | 'backlog' | 'fullConnections' | 'maxKeepAliveQueue' | 'maxOwnConnections'

const number = (name: string, key: NumberKey, sections: ProxyKeyword['sections'], min = 0): ProxyKeyword => ({
  name,
  sections,
  elsewhere: 'ignored',
  parse: (line, draft) => {
    const value = readInteger(line, line.args[0], `'${name}'`, { min })
    if (value !== undefined && line.atMost(1)) draft.settings[key] = value
  },
})

const rateLimit: ProxyKeyword = {
  name: 'rate-limit sessions',
  sections: clientSide,
  elsewhere: 'ignored',
  parse: (line, { settings }) => {
    const value = readInteger(line, line.args[0], "'rate-limit sessions'", { min: 0 })
    if (value !== undefined && line.atMost(1)) settings.maxSessionRate = value
  },
}

const mode: ProxyKeyword = {
  name: 'mode',
  sections: everywhere,
  parse: (line, draft) => {
    const [word] = line.args
    if (word === 'http' || word === 'tcp') {
      if (line.atMost(1)) draft.settings.mode = word
    } else if (word === 'health') {
      line.alert("'mode health' doesn't exist anymore.", "use 'http-request return status 200'")
    } else if (word === 'log' || word === 'spop' || word === 'haterm') line.alert(`'mode ${word}' is not supported yet`)
    else line.alert(`unknown proxy mode '${word ?? ''}'.`, "write 'mode http' or 'mode tcp'")
  },
}

const httpReuse: ProxyKeyword = {
  name: 'http-reuse',
  sections: serverSide,
  elsewhere: 'ignored',
  parse: (line, draft) => {
    const word = line.first
    if (word === 'never' || word === 'safe' || word === 'aggressive' || word === 'always') {
      if (line.atMost(1)) draft.settings.httpReuse = word
    } else line.alert("'http-reuse' only supports 'never', 'safe', 'aggressive', 'always'.")
  },
}

const defaultBackend: ProxyKeyword = {
  name: 'default_backend',
  sections: clientSide,
  elsewhere: 'ignored',
  parse: (line, draft) => {
    if (line.args.length === 0) line.alert("'default_backend' expects a backend name.")
    else if (line.atMost(1)) draft.settings.defaultBackend = { name: line.first, ...line.place }
  },
}

const useBackend: ProxyKeyword = {
  name: 'use_backend',
  sections: ['frontend', 'listen'],
  elsewhere: 'ignored',
  parse: (line, draft) => {
    const [name, ...words] = line.args
    if (name === undefined) {
      line.alert("'use_backend' expects a backend name.")
      return
    }
    noteRule(line, draft, 'use_backend')
    const condition = readCondition(words, line, draft.acls, 'switching rule')
    if (condition !== false) draft.routes.push({ name, condition, ...line.place })
  },
}

const description: ProxyKeyword = {
  name: 'description',
  sections: notInDefaults,
  parse: (line, draft) => {
    if (readWord(line, line.args[0], "'description'") === undefined) return
    draft.description = line.args.join(' ')
    shownByNobody(line)
  },
}

const id: ProxyKeyword = {
  name: 'id',
  sections: notInDefaults,
  parse: (line, draft) => {
    const value = readInteger(line, line.args[0], "'id'", { min: 1 })
    if (value === undefined || !line.atMost(1)) return
    draft.id = value
  },
}

const guid: ProxyKeyword = {
  name: 'guid',
  sections: notInDefaults,
  parse: (line) => {
    if (readWord(line, line.args[0], "'guid'") !== undefined && line.atMost(1)) shownByNobody(line)
  },
}

const state = (name: string, disabled: boolean): ProxyKeyword => ({
  name,
  sections: everywhere,
  parse: (line, draft) => {
    if (line.atMost(0)) draft.settings.disabled = disabled
  },
})

const unpublished: ProxyKeyword = {
  name: 'be-unpublished',
  sections: ['listen', 'backend'],
  elsewhere: 'ignored',
  parse: (line, draft) => {
    if (line.atMost(0)) draft.unpublished = true
  },
}

export const proxySettingKeywords: readonly ProxyKeyword[] = [
  mode,
  number('maxconn', 'maxConnections', clientSide),
  number('backlog', 'backlog', clientSide),
  number('fullconn', 'fullConnections', serverSide),
  number('max-keep-alive-queue', 'maxKeepAliveQueue', serverSide, -1),
  number('max-session-srv-conns', 'maxOwnConnections', clientSide),
  rateLimit,
  httpReuse,
  defaultBackend,
  useBackend,
  description,
  guid,
  id,
  state('disabled', true),
  state('enabled', false),
  unpublished,
]
