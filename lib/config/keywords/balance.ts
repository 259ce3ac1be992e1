/** Which server takes a request: `balance`, `hash-type`, `hash-balance-factor`. The algorithms themselves are made in `balance-link.ts`. */
import { didYouMean } from '../advice.js'
import { type Line, type ProxyKeyword, serverSide } from '../keyword.js'
import type { HashTypeDraft, ProxyDraft } from '../proxy-draft.js'
import { readInteger } from '../values.js'

const algorithms = [
  'roundrobin',
  'static-rr',
  'leastconn',
  'first',
  'source',
  'uri',
  'url_param',
  'hdr',
  'random',
  'rdp-cookie',
  'hash',
]

function readBalance(line: Line, draft: ProxyDraft): void {
  const [word = 'roundrobin', ...options] = line.args
  const [, algorithm = '', parentheses, argument] = /^([^(]*)(\((.*)\))?$/s.exec(word) ?? []
  if (algorithm === 'sticky' || algorithm === 'log-hash') line.alert(`'balance ${algorithm}' is not supported yet`)
  else if (!algorithms.includes(algorithm) || (algorithm === 'hdr' && parentheses === undefined)) {
    const known = algorithms.map((name) => (name === 'hdr' ? "'hdr(name)'" : `'${name}'`)).join(', ')
    line.alert(
      `balance only supports ${known} (got '${word}').`,
      algorithm === 'hdr' ? "write 'hdr(<name of a header>)'" : didYouMean(algorithm, algorithms),
    )
  } else if (isComplete(line, algorithm, argument, options)) {
    if (draft.said.has('balance'))
      line.warning("'balance' was already specified in this section.", 'the last one counts: remove the other')
    draft.said.add('balance')
    draft.settings.balance = { algorithm, argument, options, ...line.place }
  }
}

/** Tells what is missing or too much. */
function isComplete(line: Line, algorithm: string, argument: string | undefined, options: readonly string[]): boolean {
  const [first] = options
  switch (algorithm) {
    case 'uri':
      return isUri(line, options)
    case 'url_param':
      if (first === undefined) line.alert('balance url_param requires an URL parameter name.')
      else if (options[1] === undefined || options[1] === 'check_post') {
        if (options[2] !== undefined)
          line.warning(`'balance url_param ${first} check_post' : '${options[2]}' means nothing any more.`, 'remove it')
        return true
      } else line.alert(`balance url_param only accepts 'check_post' modifier (got '${options[1]}').`)
      return false
    case 'hdr':
      if (argument === undefined || argument === '') line.alert('balance hdr requires an http header field name.')
      else if (first === undefined || first === 'use_domain_only') return true
      else line.alert(`balance hdr(${argument}) only accepts 'use_domain_only' modifier (got '${first}').`)
      return false
    case 'random':
      if (argument === undefined || /^[1-9]\d*$/.test(argument)) return has(line, options, 0)
      line.alert(`balance random : number of draws must be at least 1 (got '${argument}').`)
      return false
    case 'hash':
      if (first === undefined) line.alert('balance hash requires a sample expression.')
      return first !== undefined && has(line, options, 1)
    default:
      return has(line, options, 0)
  }
}

function has(line: Line, options: readonly string[], count: number): boolean {
  const extra = options[count]
  if (extra !== undefined) line.alert(`'balance' cannot handle unexpected argument '${extra}'.`, 'remove it')
  return extra === undefined
}

function isUri(line: Line, options: readonly string[]): boolean {
  const words = [...options]
  while (words.length > 0) {
    const word = words.shift() ?? ''
    if (word === 'whole' || word === 'path-only') continue
    if (word !== 'len' && word !== 'depth') {
      line.alert(`balance uri only accepts parameters 'len', 'depth', 'path-only', and 'whole' (got '${word}').`)
      return false
    }
    const value = words.shift() ?? ''
    if (!/^[1-9]\d*$/.test(value)) {
      line.alert(`balance uri : '${word}' expects a positive integer (got '${value}').`)
      return false
    }
  }
  return true
}

const hashes = ['sdbm', 'djb2', 'wt6', 'crc32', 'none'] as const

function readHashType(line: Line): HashTypeDraft | undefined {
  const [method = '', word, modifier, extra] = line.args
  if (method !== 'map-based' && method !== 'consistent') {
    line.alert(`'hash-type' only supports 'consistent' and 'map-based' (got '${method}').`)
    return undefined
  }
  const hash = hashes.find((known) => known === word)
  if (word !== undefined && hash === undefined) {
    const known = hashes.map((name) => `'${name}'`).join(', ')
    line.alert(
      `'hash-type' only supports ${known} hash functions (got '${word}').`,
      word === 'avalanche' ? "name a function before it, as in 'sdbm avalanche'" : undefined,
    )
    return undefined
  }
  if (modifier !== undefined && modifier !== 'avalanche') {
    line.alert(`'hash-type' only supports 'avalanche' as a modifier for hash functions (got '${modifier}').`)
    return undefined
  }
  if (extra !== undefined) line.alert(`'hash-type' cannot handle unexpected argument '${extra}'.`)
  return { method, hash, avalanche: modifier === 'avalanche' }
}

const affinities = { always: 'always', maxconn: 'maxConnections', maxqueue: 'maxQueue' } as const

export const balanceKeywords: readonly ProxyKeyword[] = [
  { name: 'balance', sections: serverSide, elsewhere: 'ignored', parse: readBalance },
  {
    name: 'hash-type',
    sections: serverSide,
    elsewhere: 'ignored',
    parse: (line, { settings }) => {
      const value = readHashType(line)
      if (value !== undefined) settings.hashType = value
    },
  },
  {
    name: 'hash-balance-factor',
    sections: serverSide,
    elsewhere: 'ignored',
    parse: (line, { settings }) => {
      const value = readInteger(line, line.args[0], "'hash-balance-factor'", { min: 0, max: 65_535 })
      if (value === undefined || !line.atMost(1)) return
      if (value > 0 && value <= 100) line.alert("'hash-balance-factor' must be 0 or greater than 100.")
      else settings.hashBalanceFactor = value
    },
  },
  {
    name: 'hash-preserve-affinity',
    sections: serverSide,
    elsewhere: 'ignored',
    parse: (line, { settings }) => {
      const word = line.first
      if (word !== 'always' && word !== 'maxconn' && word !== 'maxqueue')
        line.alert(`'${line.keyword}' only supports 'always', 'maxconn' and 'maxqueue' (got '${word}').`)
      else if (line.atMost(1)) settings.hashAffinity = affinities[word]
    },
  },
]
