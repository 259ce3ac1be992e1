/** What proxies do to heads of messages beside their rules: fields for servers, names of fields, targets of their own, `use-server`. */
import { isToken } from '../../message/headers.js'
import { conditionKeyword, neededCondition } from '../condition-line.js'
import type { ForwardedDraft, HttpSwitch } from '../http-draft.js'
import { clientSide, everywhere, type Line, type ProcessKeyword, type ProxyKeyword, serverSide } from '../keyword.js'
import { isNetwork } from '../values.js'

const option = (name: string, rest: Omit<ProxyKeyword, 'name'>): ProxyKeyword => ({
  name: `option ${name}`,
  elsewhere: 'ignored',
  ...rest,
})

const onOff = (name: HttpSwitch, sections: ProxyKeyword['sections']): ProxyKeyword =>
  option(name, {
    sections,
    negatable: true,
    parse: (line, { settings }) => {
      if (!line.atMost(0)) return
      const switches = { ...settings.http.switches }
      if (line.prefix === 'default') delete switches[name]
      else switches[name] = line.prefix !== 'no'
      settings.http = { ...settings.http, switches }
    },
  })

const originalTo = option('originalto', {
  sections: everywhere,
  parse: (line, { settings }) => {
    const words = [...line.args]
    const except: string[] = []
    let header: string | undefined
    while (words.length > 0) {
      const word = words.shift()
      const value = words.shift()
      if (word === 'except' && value !== undefined && isNetwork(value)) except.push(value)
      else if (word === 'except') {
        line.alert("'option originalto except' expects <address>[/mask] as argument.")
        return
      } else if (word === 'header' && value !== undefined) header = value
      else if (word === 'header') {
        line.alert("'option originalto header' expects <header_name> as argument.")
        return
      } else {
        line.alert("'option originalto' only supports optional values: 'except' and 'header'.")
        return
      }
    }
    settings.http = { ...settings.http, originalTo: { except, ...(header === undefined ? {} : { header }) } }
  },
})

const parameters = ['host', 'by', 'by_port', 'for', 'for_port'] as const

function readForwarded(line: Line): ForwardedDraft | undefined {
  const words = [...line.args]
  const draft: { -readonly [K in keyof ForwardedDraft]: ForwardedDraft[K] } = { ...line.place, proto: false, asked: {} }
  const asked: Record<string, true | string> = {}
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const name = parameters.find((one) => word === one || word === `${one}-expr`)
    if (word === 'proto') draft.proto = true
    else if (name === undefined) {
      const known = parameters.flatMap((one) => [one, `${one}-expr`]).map((one) => `'${one}'`)
      line.alert(`'${line.keyword}' only supports 'proto', ${known.join(', ')} (got '${word}').`)
      return undefined
    } else if (word === name) asked[name] = true
    else {
      const expression = words.shift()
      if (expression === undefined) {
        line.alert(`'${line.keyword}' : '${word}' expects an expression.`)
        return undefined
      }
      asked[name] = expression
    }
  }
  for (const side of ['by', 'for'])
    if (asked[`${side}_port`] !== undefined && asked[side] === undefined) {
      line.warning(`'${line.keyword}' : '${side}_port' means nothing without '${side}'.`, `write '${side}', too`)
      delete asked[`${side}_port`]
    }
  draft.asked = asked
  return draft
}

const forwarded = option('forwarded', {
  sections: serverSide,
  negatable: true,
  parse: (line, { settings }) => {
    if (line.prefix !== undefined) {
      const { forwarded: _, ...rest } = settings.http
      settings.http = rest
      return
    }
    const draft = readForwarded(line)
    if (draft !== undefined) settings.http = { ...settings.http, forwarded: draft }
  },
})

const headerNames = option('http-restrict-req-hdr-names', {
  sections: everywhere,
  parse: (line, { settings }) => {
    const word = line.first
    if (word === 'preserve' || word === 'delete' || word === 'reject') {
      if (line.atMost(1)) settings.http = { ...settings.http, headerNames: word }
    } else line.alert(`'${line.keyword}' supports 'preserve', 'delete', 'reject' (got '${word}').`)
  },
})

const sendNameHeader: ProxyKeyword = {
  name: 'http-send-name-header',
  sections: serverSide,
  parse: (line, { settings }) => {
    const name = line.first
    if (name === '') line.alert("'http-send-name-header' requires a header string.")
    else if (
      !isToken(name) ||
      ['host', 'content-length', 'transfer-encoding', 'connection'].includes(name.toLowerCase())
    )
      line.alert(`'http-send-name-header' : '${name}' cannot carry a server's name.`, 'choose another field')
    else if (line.atMost(1)) settings.http = { ...settings.http, sendNameHeader: name }
  },
}

const monitorUri: ProxyKeyword = {
  name: 'monitor-uri',
  sections: clientSide,
  elsewhere: 'ignored',
  parse: (line, { settings }) => {
    if (line.first === '') line.alert("'monitor-uri' expects an URI.")
    else if (line.atMost(1)) settings.http = { ...settings.http, monitorUri: line.first }
  },
}

const monitorFail = conditionKeyword('monitor fail', ['frontend', 'listen'], "'monitor fail'", 'monitorFail')

const forceSwitch = conditionKeyword('force-be-switch', ['frontend', 'listen'], "'force-be-switch' rule", 'forceSwitch')

const useServer: ProxyKeyword = {
  name: 'use-server',
  sections: ['listen', 'backend'],
  elsewhere: 'ignored',
  parse: (line, draft) => {
    const [name, ...words] = line.args
    if (name === undefined) {
      line.alert("'use-server' expects a server name.")
      return
    }
    const condition = neededCondition(line, words, draft, "'use-server' rule")
    if (condition !== undefined) draft.useServers.push({ name, condition, ...line.place })
  },
}

/** Options that are so, or cannot be, whatever is written. */
const without = (name: string, sections: ProxyKeyword['sections'], reason: string): ProxyKeyword =>
  option(name, {
    sections,
    negatable: true,
    parse: (line) => {
      if (line.atMost(0) && line.prefix === undefined)
        line.warning(`'${line.keyword}' has no effect here: ${reason}.`, 'remove it')
    },
  })

export const httpOptionKeywords: readonly ProxyKeyword[] = [
  onOff('http-buffer-request', everywhere),
  onOff('http-ignore-probes', clientSide),
  onOff('http-use-proxy-header', clientSide),
  onOff('h1-case-adjust-bogus-client', clientSide),
  onOff('h1-case-adjust-bogus-server', serverSide),
  onOff('http-pretend-keepalive', serverSide),
  onOff('checkcache', serverSide),
  onOff('http-drop-request-trailers', ['defaults', 'backend']),
  onOff('http-drop-response-trailers', clientSide),
  onOff('idle-close-on-response', clientSide),
  originalTo,
  forwarded,
  headerNames,
  sendNameHeader,
  monitorUri,
  monitorFail,
  forceSwitch,
  useServer,
  without('http-no-delay', everywhere, 'nothing is ever held back to fill packets'),
]

function adjust(line: Line, from: string, to: string, into: Map<string, string>): boolean {
  if (from.toLowerCase() !== to.toLowerCase() || !isToken(from)) {
    line.alert(`'${line.keyword}' : '${to}' is not '${from}' in another case.`, 'write the same name twice')
    return false
  }
  if (into.has(from.toLowerCase())) {
    line.alert(`'${line.keyword}' : '${from}' already defined.`, 'keep one of the lines')
    return false
  }
  into.set(from.toLowerCase(), to)
  return true
}

const caseAdjust: ProcessKeyword = {
  name: 'h1-case-adjust',
  parse: (line, draft) => {
    const [from, to] = line.args
    if (from === undefined || to === undefined) line.alert("'h1-case-adjust' expects 2 arguments.", 'as in host Host')
    else if (line.atMost(2)) adjust(line, from, to, draft.headerCase)
  },
}

const caseAdjustFile: ProcessKeyword = {
  name: 'h1-case-adjust-file',
  parse: (line, draft) => {
    if (line.first === '') {
      line.alert("'h1-case-adjust-file' expects a file name.")
      return
    }
    if (!line.atMost(1)) return
    const text = line.loading.readFile(line.first, line.place)
    text.split('\n').forEach((row, index) => {
      const [from, to, more] = row.trim().split(/\s+/)
      if (from === undefined || from === '' || from.startsWith('#')) return
      if (to === undefined || more !== undefined)
        line.alert(`'${line.keyword}' : line ${index + 1} of '${line.first}' needs two names: '${row.trim()}'`)
      else adjust(line, from, to, draft.headerCase)
    })
  },
}

export const httpProcessKeywords: readonly ProcessKeyword[] = [caseAdjust, caseAdjustFile]
