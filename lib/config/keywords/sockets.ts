/** Keywords about the sockets themselves: `source`, `option tcpka` and its times. Manual, chapter 4.2. */
import { parseSource } from '../../proxy/dialling.js'
import { clientSide, everywhere, type Line, type ProxyKeyword, serverSide } from '../keyword.js'
import type { ProxySettings } from '../proxy-draft.js'
import { readInteger, readTime } from '../values.js'

/** An address of this machine; nothing when it is none, which has been told. */
export function readSource(line: Line, given: string): string | undefined {
  const address = line.loading.environment.expand(given)
  if (/:\d+-\d+$/.test(address)) {
    line.alert(`'source' : '${address}' is a range of ports, which Node cannot choose from.`, 'write the address alone')
    return undefined
  }
  try {
    parseSource('source', address)
    return address
  } catch (error) {
    line.alert(`'source' : ${(error as Error).message}`, "as in 'source 10.0.0.9'")
    return undefined
  }
}

const source: ProxyKeyword = {
  name: 'source',
  sections: serverSide,
  elsewhere: 'ignored',
  parse: (line, { settings }) => {
    const [address, extra] = line.args
    if (address === undefined)
      line.alert("'source' expects <addr>[:<port>], and optionally 'usesrc' <addr>, and 'interface' <name>.")
    else if (extra === 'usesrc')
      line.alert(
        "'source usesrc' is not supported: Node cannot connect from an address that is not this machine's.",
        "use 'option forwardfor' or 'send-proxy'",
      )
    else if (extra === 'interface')
      line.alert(
        "'source interface' is not supported: Node cannot bind a socket to an interface.",
        'write an address of that interface',
      )
    else if (line.atMost(1)) {
      const read = readSource(line, address)
      if (read !== undefined) settings.source = read
    }
  },
}

type Side = 'clientKeepAlive' | 'serverKeepAlive'

const option = (name: string, sections: ProxyKeyword['sections'], sides: readonly Side[]): ProxyKeyword => ({
  name: `option ${name}`,
  sections,
  elsewhere: 'ignored',
  negatable: true,
  parse: (line, { settings }) => {
    if (!line.atMost(0)) return
    for (const side of sides) {
      const on = line.prefix === undefined ? true : line.prefix === 'no' ? false : undefined
      settings[side] = { ...settings[side], ...(on === undefined ? {} : { on }) }
    }
  },
})

const idle = (name: string, sections: ProxyKeyword['sections'], side: Side): ProxyKeyword => ({
  name,
  sections,
  elsewhere: 'ignored',
  parse: (line, { settings }: { settings: ProxySettings }) => {
    const time = readTime(line, line.args[0], `'${name}'`, 's')
    if (time !== undefined && line.atMost(1)) settings[side] = { ...settings[side], idle: time }
  },
})

/** Read and judged as HAProxy does, and then told of: Node sets the time before the first probe only. */
const without = (name: string, sections: ProxyKeyword['sections'], time: boolean): ProxyKeyword => ({
  name,
  sections,
  elsewhere: 'ignored',
  parse: (line) => {
    const [word] = line.args
    const read = time
      ? readTime(line, word, `'${name}'`, 's')
      : readInteger(line, word, `'${name}'`, { min: 0, max: 2 ** 31 - 1 })
    if (read !== undefined && line.atMost(1))
      line.warning(
        `'${name}' has no effect here: Node sets only the silence before the first probe.`,
        `set net.ipv4.tcp_keepalive_${time ? 'intvl' : 'probes'} for the whole system`,
      )
  },
})

export const socketKeywords: readonly ProxyKeyword[] = [
  source,
  option('tcpka', everywhere, ['clientKeepAlive', 'serverKeepAlive']),
  option('clitcpka', clientSide, ['clientKeepAlive']),
  option('srvtcpka', serverSide, ['serverKeepAlive']),
  idle('clitcpka-idle', clientSide, 'clientKeepAlive'),
  idle('srvtcpka-idle', serverSide, 'serverKeepAlive'),
  without('clitcpka-cnt', clientSide, false),
  without('srvtcpka-cnt', serverSide, false),
  without('clitcpka-intvl', clientSide, true),
  without('srvtcpka-intvl', serverSide, true),
]
