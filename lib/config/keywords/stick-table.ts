/** `stick-table`: what is remembered of clients. */
import { type DataType, dataType } from '../../table/data-type.js'
import { didYouMean } from '../advice.js'
import { type Line, notInDefaults, type ProxyKeyword } from '../keyword.js'
import type { TableDraft } from '../proxy-draft.js'
import { readInteger, readSize, readTime } from '../values.js'

const types = ['ip', 'ipv4', 'ipv6', 'integer', 'string', 'binary']
const storeWords: ReadonlyMap<string, DataType> = new Map(
  ['http_req_rate', 'http_req_cnt', 'conn_rate', 'conn_cnt', 'conn_cur'].flatMap((name) => {
    const type = dataType(name)
    return type === undefined ? [] : [[name, type] as const]
  }),
)
/** What HAProxy stores besides. */
const laterWords =
  /^(?:server_id|gpc\d?(?:_rate)?|gpt\d?|gpc|sess_(?:cnt|rate)|http_(?:err|fail)_(?:cnt|rate)|bytes_(?:in|out)_(?:cnt|rate)|glitch_(?:cnt|rate)|server_key)$/

type Changing = { -readonly [K in keyof TableDraft]: TableDraft[K] }

function readTable(line: Line): TableDraft | undefined {
  const words = [...line.args]
  const table: Changing = {
    type: '',
    length: undefined,
    size: 0,
    expire: undefined,
    noPurge: false,
    store: [],
    ...line.place,
  }
  while (words.length > 0) {
    const word = words.shift() ?? ''
    if (word === 'nopurge') line.alert("stick-table: 'nopurge' is not supported yet")
    else if (!readOption(line, word, words, table)) return undefined
  }
  if (table.size === 0) line.alert('stick-table: missing size.', "as in 'size 100k'")
  else if (table.type === '') line.alert('stick-table: missing type.', "as in 'type ip'")
  else return table
  return undefined
}

function readOption(line: Line, word: string, words: string[], table: Changing): boolean {
  const value = words.shift()
  if (value === undefined) {
    line.alert(`stick-table: missing argument after '${word}'.`)
    return false
  }
  if (word === 'type') return readType(line, value, words, table)
  if (word === 'size') table.size = readSize(line, value, "'stick-table size'") ?? 1
  else if (word === 'expire') table.expire = readTime(line, value, "'stick-table expire'")
  else if (word === 'store') return value.split(/,(?![^(]*\))/).every((one) => readStore(line, one, table))
  else if (word === 'peers' || word === 'srvkey' || word === 'write-to' || word === 'recv-only') {
    line.alert(`stick-table: '${word}' is not supported yet`)
  } else {
    line.alert(
      `stick-table: unknown argument '${word}'.`,
      didYouMean(word, ['type', 'size', 'expire', 'nopurge', 'store', 'peers']),
    )
    return false
  }
  return true
}

function readType(line: Line, type: string, words: string[], table: Changing): boolean {
  if (!types.includes(type)) {
    line.alert(`stick-table: unknown type '${type}'.`, didYouMean(type, types) ?? `known are ${types.join(', ')}`)
    return false
  }
  if (type === 'binary' || type === 'ipv6') {
    line.alert(`stick-table: 'type ${type}' is not supported yet`)
    return false
  }
  table.type = type
  if (words[0] === 'len')
    table.length = readInteger(line, words.splice(0, 2)[1], "'stick-table type string len'", { min: 1 })
  return true
}

function readStore(line: Line, text: string, table: Changing): boolean {
  const [, name = '', , period] = /^([^(]*)(\((.*)\))?$/s.exec(text) ?? []
  const word = storeWords.get(name)
  if (word === undefined) {
    if (laterWords.test(name)) line.alert(`stick-table: store '${name}' is not supported yet`)
    else line.alert(`stick-table: unknown store option '${name}'.`, didYouMean(name, storeWords.keys()))
    return false
  }
  let milliseconds: number | undefined
  if (word.kind === 'rate') {
    if (period === undefined || period === '') {
      line.alert(`stick-table: missing argument to store option '${name}'.`, `as in '${name}(10s)'`)
      return false
    }
    milliseconds = readTime(line, period, `'stick-table store ${name}'`)
    if (milliseconds === undefined) return false
  }
  table.store = [...table.store, { name, period: milliseconds }]
  return true
}

export const tableKeywords: readonly ProxyKeyword[] = [
  {
    name: 'stick-table',
    sections: notInDefaults,
    parse: (line, draft) => {
      if (draft.table !== undefined) {
        line.alert(
          `stick-table name '${draft.name}' conflicts with table declared in ${draft.kind} '${draft.name}' at ${draft.table.file}:${draft.table.line}.`,
        )
        return
      }
      draft.table = readTable(line)
    },
  },
]
