/** The words of `server` lines that are about names: who looks them up, what is preferred, and what a server starts with. Manual, chapters 5.2 and 5.3. */
import { Cidr } from '../../base/cidr.js'
import { Ip } from '../../index.js'
import type { Line } from '../keyword.js'
import type { NamingDraft } from '../proxy-draft.js'
import type { ServerOption, Settings } from './server-option.js'

const MOST_NETWORKS = 5

type Read = (line: Line, value: string) => NamingDraft | undefined

/** A word that takes one value. */
const word = (name: string, read: Read): readonly [string, ServerOption] => [
  name,
  {
    takes: 1,
    read: (line, value, into: Settings) => {
      const said = read(line, value)
      if (said !== undefined) into.naming = { ...into.naming, ...said }
    },
  },
]

const readPrefer: Read = (line, value) => {
  if (value === 'ipv4' || value === 'ipv6') return { prefer: value === 'ipv4' ? 4 : 6 }
  line.alert("'resolve-prefer' expects either ipv4 or ipv6 as argument.")
  return undefined
}

const readNetworks: Read = (line, value) => {
  const networks = value.split(',')
  const wrong = networks.find((network) => !isNetwork(network))
  if (wrong !== undefined) line.alert(`'resolve-net' invalid network '${wrong}'.`, "as in '10.0.0.0/8'")
  else if (networks.length > MOST_NETWORKS) line.alert(`'resolve-net' exceed ${MOST_NETWORKS} networks.`)
  else return { networks }
  return undefined
}

function isNetwork(text: string): boolean {
  try {
    Cidr.parse(text)
    return true
  } catch {
    return false
  }
}

const readOptions: Read = (line, value) => {
  let said: NamingDraft = {}
  for (const option of value.split(',')) {
    if (option === 'allow-dup-ip') said = { ...said, duplicates: true }
    else if (option === 'prevent-dup-ip') said = { ...said, duplicates: false }
    else if (option === 'ignore-weight') said = { ...said, ignoreWeight: true }
    else {
      const known = "'allow-dup-ip', 'ignore-weight', and 'prevent-dup-ip'"
      line.alert(`'resolve-opts' : unknown resolve-opts option '${option}', supported methods are ${known}.`)
      return undefined
    }
  }
  return said
}

const readInitial: Read = (line, value) => {
  const ways = value.split(',')
  const wrong = ways.find((way) => !['last', 'libc', 'none'].includes(way) && Ip.parse(way) === undefined)
  if (wrong === undefined) return { initial: ways }
  const known = "'libc', 'last', 'none'"
  line.alert(`'init-addr' : unknown init-addr method '${wrong}', supported methods are ${known}.`, 'or an IP address')
  return undefined
}

export const namingWords: readonly (readonly [string, ServerOption])[] = [
  word('resolvers', (line, value) => ({ resolvers: { name: value, ...line.place } })),
  word('resolve-prefer', readPrefer),
  word('resolve-net', readNetworks),
  word('resolve-opts', readOptions),
  word('init-addr', readInitial),
]
