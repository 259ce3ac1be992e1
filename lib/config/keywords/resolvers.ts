/** The section `resolvers`: name servers, and how they are asked. Manual, chapter 5.3.2. */
import { getServers } from 'node:dns'
import { Resolvers, type ResolversOptions } from '../../index.js'
import { didYouMean } from '../advice.js'
import type { Line } from '../keyword.js'
import type { SectionKeyword, SectionReader } from '../section-keyword.js'
import { readInteger, readTime } from '../values.js'

/** What has been said so far. */
interface Draft {
  readonly nameservers: { readonly name: string; readonly address: string }[]
  retries?: number
  timeout?: number
  holdValid?: number
}

const words = ['nameserver', 'parse-resolv-conf', 'hold', 'resolve_retries', 'timeout', 'accepted_payload_size']
const statuses = ['nx', 'refused', 'timeout', 'other', 'valid', 'obsolete']

function readNameserver(line: Line, draft: Draft): void {
  const [name, address] = line.args
  if (name === undefined || address === undefined) {
    line.alert(
      "'nameserver' expects <name> and <addr>[:<port>] as arguments.",
      "as in 'nameserver local 127.0.0.53:53'",
    )
    return
  }
  const twin = draft.nameservers.find((other) => other.name === name)
  if (twin !== undefined) line.alert(`'nameserver' : name '${name}' is already used.`, 'choose another name')
  else if (/^(?:tcp|tcp4|tcp6|stream|unix|ring|fd|sockpair|abns)[@+]/.test(address))
    line.alert(
      `'nameserver' : '${address}' is not supported: names are asked for by UDP only.`,
      'write <address>:<port>',
    )
  else if (line.atMost(2)) {
    const plain = address.replace(/^(?:udp[46]?|dgram)@/, '').replace(/^ipv[46]@/, '')
    try {
      new Resolvers('check', { nameservers: [bracketed(plain)] })
      draft.nameservers.push({ name, address: bracketed(plain) })
    } catch {
      line.alert(`'nameserver' : '${address}' is not an address with a port.`, "as in '10.0.0.53:53'")
    }
  }
}

/** HAProxy writes IPv6 without brackets: the port is what stands behind the last colon. */
function bracketed(address: string): string {
  if (address.startsWith('[') || address.split(':').length <= 2) return address
  const colon = address.lastIndexOf(':')
  return `[${address.slice(0, colon)}]:${address.slice(colon + 1)}`
}

function readTimeout(line: Line, draft: Draft): void {
  const [what] = line.args
  if (what !== 'resolve' && what !== 'retry') {
    line.alert(`'timeout' expects 'resolve' or 'retry' and <time> as arguments got '${what ?? ''}'.`)
    return
  }
  const time = readTime(line, line.args[1], `'timeout ${what}'`)
  if (time === undefined || !line.atMost(2)) return
  if (what === 'retry') draft.timeout = time
  else
    line.warning(
      "'timeout resolve' has no effect yet: it is how often the names of servers are asked for again.",
      'it may stay',
    )
}

function readHold(line: Line, draft: Draft): void {
  const [status = ''] = line.args
  if (!statuses.includes(status)) {
    line.alert(
      `'hold' unknown event: '${status}', expects one of ${statuses.join(', ')}.`,
      didYouMean(status, statuses),
    )
    return
  }
  const time = readTime(line, line.args[1], `'hold ${status}'`)
  if (time === undefined || !line.atMost(2)) return
  if (status === 'valid') draft.holdValid = time
  else
    line.warning(
      `'hold ${status}' has no effect yet: it is about servers whose names are looked up again.`,
      'it may stay',
    )
}

function readLine(line: Line, draft: Draft): void {
  switch (line.keyword) {
    case 'nameserver':
      readNameserver(line, draft)
      break
    case 'parse-resolv-conf':
      getServers().forEach((address, index) => {
        draft.nameservers.push({ name: `system ${index}`, address })
      })
      break
    case 'hold':
      readHold(line, draft)
      break
    case 'timeout':
      readTimeout(line, draft)
      break
    case 'resolve_retries': {
      const retries = readInteger(line, line.args[0], "'resolve_retries'", { min: 1, max: 100 })
      if (retries !== undefined && line.atMost(1)) draft.retries = retries
      break
    }
    case 'accepted_payload_size': {
      const size = readInteger(line, line.args[0], "'accepted_payload_size'", { min: 512, max: 65_535 })
      if (size !== undefined && line.atMost(1))
        line.warning("'accepted_payload_size' has no effect: Node's resolver decides it.", 'remove it')
      break
    }
    default:
      line.alert(`unknown keyword '${line.keyword}' in 'resolvers' section`, didYouMean(line.keyword, words))
  }
}

export const resolversSection: SectionKeyword = {
  name: 'resolvers',
  open: ({ header, line, things }): SectionReader => {
    const draft: Draft = { nameservers: [] }
    line.atMost(0)
    const twin = things.resolvers.get(header.name)
    if (twin !== undefined) line.alert(`resolvers '${header.name}' has been declared before.`, 'choose another name')
    return {
      take: (inner) => readLine(inner, draft),
      end: () => {
        if (!header.sound || twin !== undefined) return
        const { nameservers, ...rest } = draft
        if (nameservers.length === 0)
          line.warning(
            `resolvers '${header.name}' has no nameserver: the system's are asked.`,
            "write 'parse-resolv-conf'",
          )
        const options: ResolversOptions = { ...rest, nameservers: nameservers.map(({ address }) => address) }
        things.resolvers.set(header.name, new Resolvers(header.name, options))
      },
    }
  },
}
