/** `store`: the data types that a table keeps of each key, as one word with commas. */
import { type DataType, dataType, dataTypes } from '../table/data-type.js'
import { LONGEST_ARRAY } from '../table/field.js'
import { didYouMean } from './advice.js'
import type { Line } from './keyword.js'
import type { StoreDraft } from './proxy-draft.js'
import { readTime } from './values.js'

interface Storing {
  store: readonly StoreDraft[]
}

/** Arrays stand for the single ones of their kind, which cannot be kept beside them. */
const overrides: readonly { readonly array: string; readonly single: RegExp; readonly text: string }[] = [
  { array: 'gpt', single: /^gpt0$/, text: 'gpt0' },
  { array: 'gpc', single: /^gpc[01]$/, text: 'gpc[0/1]' },
  { array: 'gpc_rate', single: /^gpc[01]_rate$/, text: 'gpc[0/1]_rate' },
]

/** Adds what a word lists. `false`: something of it is wrong, which is told. Nothing at all is allowed, and so is a comma at the end. */
export function readStoreList(line: Line, text: string | undefined, table: Storing): boolean {
  const list = text ?? ''
  if (list === '') return true
  const parts = list.replace(/,$/, '').split(/,(?![^(]*\))/)
  return parts.every((part) => readStore(line, part, table))
}

function readStore(line: Line, text: string, table: Storing): boolean {
  const open = text.indexOf('(')
  const name = open === -1 ? text : text.slice(0, open)
  const type = dataType(name)
  if (type === undefined) {
    line.alert(
      `unknown store option '${name}'.`,
      didYouMean(
        name,
        dataTypes.map((each) => each.name),
      ),
    )
    return false
  }
  if (open !== -1 && !text.endsWith(')')) {
    line.alert(`missing closing parenthesis after store option '${name}'.`)
    return false
  }
  const made = readArguments(line, type, open === -1 ? undefined : text.slice(open + 1, -1))
  if (made === undefined || !alone(line, name, table)) return false
  if (table.store.some((one) => one.name === name)) line.warning(`store option '${name}' already enabled, ignored.`)
  else table.store = [...table.store, made]
  return true
}

function readArguments(line: Line, type: DataType, text: string | undefined): StoreDraft | undefined {
  const { name, kind, array } = type
  const wanted = Number(array) + Number(kind === 'rate')
  if (wanted === 0) {
    if (text === undefined) return { name }
    line.alert(`unexpected argument to store option '${name}'.`)
    return undefined
  }
  const words = text === undefined ? [] : text.split(',')
  if (words.length < wanted) {
    const sample = `${name}(${array ? '3' : ''}${wanted === 2 ? ',' : ''}${kind === 'rate' ? '10s' : ''})`
    line.alert(`missing argument to store option '${name}'.`, `as in '${sample}'`)
    return undefined
  }
  if (words.length > wanted) {
    line.alert(`unexpected argument to store option '${name}'.`)
    return undefined
  }
  const length = array ? readLength(line, name, words.shift() ?? '') : undefined
  if (array && length === undefined) return undefined
  const period = kind === 'rate' ? readPeriod(line, name, words.shift() ?? '') : undefined
  if (kind === 'rate' && period === undefined) return undefined
  return { name, ...(length === undefined ? {} : { length }), ...(period === undefined ? {} : { period }) }
}

function readLength(line: Line, name: string, text: string): number | undefined {
  const length = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (length >= 1 && length <= LONGEST_ARRAY) return length
  line.alert(`array size is out of allowed range (1-${LONGEST_ARRAY}) for store option '${name}'.`)
  return undefined
}

function readPeriod(line: Line, name: string, text: string): number | undefined {
  const period = readTime(line, text, `the period of store option '${name}'`)
  if (period !== 0) return period
  line.alert(`the period of store option '${name}' is 0, in which nothing happens.`, `as in '10s'`)
  return undefined
}

function alone(line: Line, name: string, table: Storing): boolean {
  for (const { array, single, text } of overrides) {
    const clash =
      (name === array && table.store.some((one) => single.test(one.name))) ||
      (single.test(name) && table.store.some((one) => one.name === array))
    if (!clash) continue
    line.alert(
      `simultaneous usage of '${array}' and '${text}' in a same table is not permitted as '${array}' overrides '${text}'.`,
    )
    return false
  }
  return true
}
