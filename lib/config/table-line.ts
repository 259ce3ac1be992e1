/** The words of a table: those of a `stick-table` line, and of a `table` line in a `peers` section. What it stores is read in `store-list`. */
import { didYouMean } from './advice.js'
import { Line } from './keyword.js'
import type { TableDraft } from './proxy-draft.js'
import { readStoreList } from './store-list.js'
import { readInteger, readSize, readTime } from './values.js'

const types = ['ip', 'ipv4', 'ipv6', 'integer', 'string', 'binary']
const longestKey = 65_535
/** Words without a value. */
const flags = ['nopurge', 'recv-only']

type Changing = { -readonly [K in keyof TableDraft]: TableDraft[K] }
/** Reads what stands behind a word; `false` when the rest of the line cannot be understood. */
type Reader = (line: Line, words: string[], table: Changing) => boolean

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['type', readType],
  ['size', (line, words, table) => kept(readSize(line, words.shift(), "'size'"), (size) => (table.size = size))],
  ['expire', readExpire],
  ['store', (line, words, table) => readStoreList(line, words.shift(), table)],
  ['peers', (line, words, table) => kept(argument(line, 'peers', words), (name) => (table.peers = name))],
  ['srvkey', readServerKey],
  ['write-to', (line, words, table) => kept(argument(line, 'write-to', words), (name) => (table.writeTo = name))],
  ['brates-factor', readFactor],
])

/**
 * Reads the words of a table; `undefined` when they make none, which is told then. Messages begin with the line's keyword.
 * @param words those behind the table's name, where it has one on the line
 * @param section a table of a `peers` section has no `peers` of its own
 */
export function readTable(
  line: Line,
  words: readonly string[],
  section: 'proxy' | 'peers' = 'proxy',
): TableDraft | undefined {
  const told = new Line(
    line.keyword,
    words,
    { words: [], prefix: line.prefix, ...line.place },
    line.loading,
    `${line.keyword}: `,
  )
  const rest = [...words]
  const table: Changing = { type: '', size: 0, noPurge: false, receiveOnly: false, store: [], ...line.place }
  const known = [...readers.keys(), ...flags].filter((word) => section === 'proxy' || word !== 'peers')
  while (rest.length > 0) {
    const word = rest.shift() ?? ''
    const read = known.includes(word) ? readers.get(word) : undefined
    if (word === 'nopurge') table.noPurge = true
    else if (word === 'recv-only') table.receiveOnly = true
    else if (read === undefined) {
      told.alert(`unknown argument '${word}'.`, didYouMean(word, known) ?? `known are ${known.join(', ')}`)
      return undefined
    } else if (!read(told, rest, table)) return undefined
  }
  if (table.size === 0) told.alert('missing size.', "as in 'size 100k'")
  else if (table.type === '') told.alert('missing type.', "as in 'type ip'")
  else return table
  return undefined
}

function kept<T>(value: T | undefined, keep: (value: T) => void): boolean {
  if (value !== undefined) keep(value)
  return value !== undefined
}

function argument(line: Line, word: string, words: string[]): string | undefined {
  const value = words.shift()
  if (value !== undefined && value !== '') return value
  line.alert(`missing argument after '${word}'.`)
  return undefined
}

function readType(line: Line, words: string[], table: Changing): boolean {
  const type = words.shift() ?? ''
  if (!types.includes(type)) {
    line.alert(`unknown type '${type}'.`, didYouMean(type, types) ?? `known are ${types.join(', ')}`)
    return false
  }
  table.type = type
  delete table.length
  if ((type !== 'string' && type !== 'binary') || words[0] !== 'len') return true
  const range = { min: 1, max: longestKey }
  return kept(
    readInteger(line, words.splice(0, 2)[1], `'type ${type} len'`, range),
    (length) => (table.length = length),
  )
}

function readExpire(line: Line, words: string[], table: Changing): boolean {
  const text = argument(line, 'expire', words)
  return text !== undefined && kept(readTime(line, text, "'expire'"), (expire) => (table.expire = expire))
}

function readServerKey(line: Line, words: string[], table: Changing): boolean {
  const kind = words.shift() ?? ''
  if (kind === 'name' || kind === 'addr') {
    table.serverKey = kind === 'name' ? 'name' : 'address'
    return true
  }
  line.alert(`unknown server key type '${kind}'.`, "write 'name' or 'addr'")
  return false
}

function readFactor(line: Line, words: string[], table: Changing): boolean {
  const text = argument(line, 'brates-factor', words)
  const factor = text === undefined ? undefined : readInteger(line, text, "'brates-factor'", { min: 1, max: 1024 })
  return kept(factor, (value) => (table.bytesFactor = value))
}
