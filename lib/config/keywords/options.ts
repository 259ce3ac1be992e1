/** `option …`: what is on or off, how connections are kept, what is told to servers and logs. */

import type { ConnectionMode } from '../../index.js'
import { clientSide, everywhere, type Line, type ProxyKeyword, serverSide } from '../keyword.js'
import type { ProxySettings, SwitchName } from '../proxy-draft.js'
import { isNetwork } from '../values.js'

/** HAProxy's message for words behind an option that takes none. */
function bare(line: Line): boolean {
  const [extra] = line.args
  if (extra === undefined) return true
  line.alert(`'${line.keyword}' cannot handle unexpected argument '${extra}'.`, 'remove it')
  return false
}

const option = (name: string, rest: Omit<ProxyKeyword, 'name'>): ProxyKeyword => ({
  name: `option ${name}`,
  elsewhere: 'ignored',
  ...rest,
})

const onOff = (name: SwitchName, sections: ProxyKeyword['sections']): ProxyKeyword =>
  option(name, {
    sections,
    negatable: true,
    parse: (line, { settings }) => {
      if (!bare(line)) return
      if (line.prefix === 'default') delete settings.switches[name]
      else settings.switches[name] = line.prefix !== 'no'
    },
  })

/** One of them holds at a time: the last that was written. */
const connection = (name: string, mode: ConnectionMode): ProxyKeyword =>
  option(name, {
    sections: everywhere,
    negatable: true,
    parse: (line, { settings }) => {
      if (!bare(line)) return
      if (line.prefix === undefined) settings.connectionMode = mode
      else if (settings.connectionMode === mode) settings.connectionMode = 'keepAlive'
    },
  })

const forwardFor = option('forwardfor', {
  sections: everywhere,
  parse: (line, { settings }) => {
    const value = readForwardFor(line)
    if (value !== undefined) settings.forwardFor = value
  },
})

function readForwardFor(line: Line): ProxySettings['forwardFor'] {
  const words = [...line.args]
  const except: string[] = []
  let header: string | undefined
  let ifNone = false
  while (words.length > 0) {
    const word = words.shift()
    if (word === 'except') {
      const network = words.shift() ?? ''
      if (!isNetwork(network)) {
        line.alert("'option forwardfor except' expects <address>[/mask] as argument.")
        return undefined
      }
      except.push(network)
    } else if (word === 'header') header = words.shift() ?? ''
    else if (word === 'if-none') ifNone = true
    else {
      line.alert("'option forwardfor' only supports optional values: 'except', 'header' and 'if-none'.")
      return undefined
    }
  }
  if (header !== '') return { except, ifNone, ...(header === undefined ? {} : { header }) }
  line.alert("'option forwardfor header' expects <header_name> as argument.")
  return undefined
}

/** Options of the kernel's or HAProxy's inner works, which have no counterpart here. */
const without = (name: string, sections: ProxyKeyword['sections'], reason: string): ProxyKeyword =>
  option(name, {
    sections,
    negatable: true,
    parse: (line) => {
      if (bare(line) && line.prefix === undefined)
        line.warning(`'${line.keyword}' has no effect here: ${reason}.`, 'remove it')
    },
  })

/** For frontends it is about handshakes of TLS. */
const abortOnClose = option('abortonclose', {
  sections: everywhere,
  negatable: true,
  parse: (line, { kind, settings }) => {
    if (!bare(line)) return
    if (kind === 'frontend')
      line.warning(
        `'${line.keyword}' has no effect in a frontend: TLS is not supported yet.`,
        'write it in the backend',
      )
    if (line.prefix === 'default') delete settings.switches.abortonclose
    else settings.switches.abortonclose = line.prefix !== 'no'
  },
})

export const optionKeywords: readonly ProxyKeyword[] = [
  abortOnClose,
  onOff('allbackups', serverSide),
  onOff('dontlognull', clientSide),
  onOff('nolinger', everywhere),
  onOff('independent-streams', everywhere),
  onOff('prefer-last-server', serverSide),
  onOff('socket-stats', clientSide),
  onOff('contstats', clientSide),
  connection('http-keep-alive', 'keepAlive'),
  connection('http-server-close', 'serverClose'),
  connection('httpclose', 'close'),
  forwardFor,
  without('splice-auto', everywhere, 'Node does not splice'),
  without('splice-request', everywhere, 'Node does not splice'),
  without('splice-response', everywhere, 'Node does not splice'),
  without('tcp-smart-accept', clientSide, 'the kernel decides'),
  without('tcp-smart-connect', serverSide, 'the kernel decides'),
  without('use-small-buffers', serverSide, 'Node manages its memory itself'),
]
