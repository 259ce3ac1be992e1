/** The section `resolvers`: name servers, and how they are asked. Manual, chapter 5.3.2. */
import { getServers } from 'node:dns'
import { NameServer, type NameServerOptions, type ResolversOptions } from '../../index.js'
import { didYouMean } from '../advice.js'
import type { Line } from '../keyword.js'
import type { SectionKeyword, SectionReader } from '../section-keyword.js'
import { readInteger, readTime } from '../values.js'

/** What has been said so far. */
interface Draft {
  readonly nameservers: NameServerOptions[]
  readonly hold: { [status: string]: number }
  readonly timeouts: { resolve?: number; retry?: number }
  retries?: number
  payloadSize?: number
}

const words = ['nameserver', 'parse-resolv-conf', 'hold', 'resolve_retries', 'timeout', 'accepted_payload_size']
const statuses = ['nx', 'refused', 'timeout', 'other', 'valid', 'obsolete']
/** The least that EDNS knows; HAProxy takes less, and name servers do not. */
const LEAST_PAYLOAD = 512

function readNameserver(line: Line, draft: Draft): void {
  const [name, address, ...rest] = line.args
  if (name === undefined || address === undefined) {
    line.alert(
      "'nameserver' expects <name> and <addr>[:<port>] as arguments.",
      "as in 'nameserver local 127.0.0.53:53'",
    )
    return
  }
  const twin = draft.nameservers.find((other) => other.name === name)
  if (twin !== undefined) line.alert(`nameserver '${name}' has same name as another nameserver.`, 'choose another name')
  else if (/^(?:unix|uxst|uxdg|ring|fd|sockpair|abnsz?|quic[46]?)@/.test(address))
    line.alert(`'nameserver ${name}' : '${address}' is no address of a name server.`, 'write <address>:<port>')
  else if (/:\d+-\d+$/.test(address))
    line.alert(`'nameserver ${name}' : port range not permitted here in '${address}'`, "as in '10.0.0.53:53'")
  else if (!/:\d+$/.test(address) || address.endsWith(']'))
    line.alert(`'nameserver ${name}' : missing port specification in '${address}'`, "as in '10.0.0.53:53'")
  else {
    const parameters = readParameters(line, name, rest)
    if (parameters !== undefined) addNameserver(line, draft, { name, address, ...parameters })
  }
}

/** Parameters of `server`, as far as they mean something here; nothing when one is wrong, which has been told. */
function readParameters(line: Line, name: string, words: readonly string[]): { readonly source?: string } | undefined {
  let source: string | undefined
  for (let at = 0; at < words.length; at += 2) {
    const word = words[at]
    if (word === 'maxconn') {
      if (readInteger(line, words[at + 1], "'maxconn'", { min: 0 }) === undefined) return undefined
      line.warning(
        "'maxconn' has no effect here: each question has a connection of its own, as long as it is open.",
        'remove it',
      )
      continue
    }
    source = words[at + 1]
    if (word === 'source' && source !== undefined) continue
    if (word === 'source') line.alert(`'nameserver ${name}' : 'source' expects <addr>.`, "as in 'source 10.0.0.9'")
    else line.alert(`'nameserver ${name}' : '${word}' is not supported.`, 'remove it')
    return undefined
  }
  // Any port is what there is without one.
  return source === undefined
    ? {}
    : { source: source.replace(/^([\d.]+|\[.*\]):0?$/, '$1').replace(/^\[(.*)\]$/, '$1') }
}

function addNameserver(line: Line, draft: Draft, given: NameServerOptions): void {
  const { name, address: written } = given
  const address = bracketed(written.replace(/^(?:dgram|stream)\+/, ''))
  try {
    new NameServer({ name, address })
  } catch {
    line.alert(`'nameserver ${name}' : '${written}' is not an IP address with a port.`, "as in '10.0.0.53:53'")
    return
  }
  try {
    new NameServer({ ...given, address })
    draft.nameservers.push({ ...given, address })
  } catch (error) {
    line.alert(`'nameserver ${name}' : ${(error as Error).message}`)
  }
}

/** HAProxy writes IPv6 without brackets: the port is what stands behind the last colon. */
function bracketed(address: string): string {
  const at = address.indexOf('@') + 1
  const rest = address.slice(at)
  if (rest.startsWith('[') || rest.split(':').length <= 2) return address
  const colon = rest.lastIndexOf(':')
  return `${address.slice(0, at)}[${rest.slice(0, colon)}]${rest.slice(colon)}`
}

function readTimeout(line: Line, draft: Draft): void {
  const [what, text] = line.args
  if (what !== 'resolve' && what !== 'retry') {
    const got = what === undefined ? '.' : ` got '${what}'.`
    line.alert(`'timeout' expects 'retry' or 'resolve' and <time> as arguments${got}`)
  } else if (text === undefined) line.alert(`'timeout ${what}' expects <time> as argument.`)
  else {
    const time = readTime(line, text, `'timeout ${what}'`)
    if (time === 0)
      line.alert(`'timeout ${what}' must not be 0: names would be asked for without a pause.`, 'write a time')
    else if (time !== undefined && line.atMost(2)) draft.timeouts[what] = time
  }
}

function readHold(line: Line, draft: Draft): void {
  const [status, text] = line.args
  if (status === undefined || text === undefined) {
    line.alert("'hold' expects an <event> and a <time> as arguments.", `<event> can be ${statuses.join(', ')}`)
    return
  }
  if (!statuses.includes(status)) {
    const message = `'hold' unknown <event>: '${status}', expects either 'nx', 'timeout', 'valid', 'obsolete' or 'other'.`
    line.alert(message, didYouMean(status, statuses))
    return
  }
  const time = readTime(line, text, `'hold ${status}'`)
  if (time !== undefined && line.atMost(2)) draft.hold[status] = time
}

function readPayloadSize(line: Line, draft: Draft): void {
  if (line.args.length === 0) {
    line.alert("'accepted_payload_size' expects <nb> as argument.")
    return
  }
  const size = Number(/^\d{1,9}$/.test(line.first) ? line.first : Number.NaN)
  if (!(size >= 12 && size <= 65_535))
    line.alert(`'accepted_payload_size' must be between 12 and 65535 inclusive (was ${line.first}).`)
  else if (line.atMost(1)) {
    if (size < LEAST_PAYLOAD)
      line.warning(`'accepted_payload_size ${size}' is less than DNS allows: ${LEAST_PAYLOAD} is announced.`)
    draft.payloadSize = Math.max(size, LEAST_PAYLOAD)
  }
}

function readLine(line: Line, draft: Draft): void {
  switch (line.keyword) {
    case 'nameserver':
      readNameserver(line, draft)
      break
    case 'parse-resolv-conf':
      if (line.atMost(0)) addSystem(draft)
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
    case 'accepted_payload_size':
      readPayloadSize(line, draft)
      break
    default:
      line.alert(`unknown keyword '${line.keyword}' in 'resolvers' section`, didYouMean(line.keyword, words))
  }
}

/** Name servers of the system are called as their addresses are. */
function addSystem(draft: Draft): void {
  for (const address of getServers())
    if (!draft.nameservers.some(({ name }) => name === address)) draft.nameservers.push({ name: address, address })
}

export const resolversSection: SectionKeyword = {
  name: 'resolvers',
  open: ({ header, line, things }): SectionReader => {
    const draft: Draft = { nameservers: [], hold: {}, timeouts: {} }
    line.atMost(0)
    const twin = things.resolvers.get(header.name)
    if (twin !== undefined) line.alert(`resolvers '${header.name}' has been declared before.`, 'choose another name')
    return {
      take: (inner) => readLine(inner, draft),
      end: () => {
        if (!header.sound || twin !== undefined) return
        if (draft.nameservers.length === 0)
          line.warning(
            `resolvers '${header.name}' has no nameserver: the system's are asked.`,
            "write 'parse-resolv-conf'",
          )
        const options: ResolversOptions = draft
        things.resolvers.set(header.name, { name: header.name, options, made: undefined })
      },
    }
  },
}
