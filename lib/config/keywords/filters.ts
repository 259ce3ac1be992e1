/** `filter`, and the rules that put a filter on a transaction. Manual, chapter 9. */
import { BandwidthLimit, type Phase, type Sample, type StickTable, setBandwidthLimit } from '../../index.js'
import { canBeKey } from '../../table/key.js'
import type { ActionKeyword, ActionLine } from '../action.js'
import { didYouMean } from '../advice.js'
import type { Checkpoint } from '../expression.js'
import { type Line, notInDefaults, type ProxyKeyword } from '../keyword.js'
import type { Linker } from '../linker.js'
import type { ProxyDraft } from '../proxy-draft.js'
import { readSize, readTime } from '../values.js'

/** Those that are not built, with what they wait for. */
const waiting: ReadonlyMap<string, string> = new Map([
  ['cache', 'there is no cache'],
  ['compression', 'nothing is compressed'],
  ['fcgi-app', 'there is no FastCGI'],
  ['opentracing', 'there is no OpenTracing'],
  ['spoe', 'there is no SPOE'],
  ['trace', 'it shows how HAProxy calls its filters'],
])

const filters = ['bwlim-in', 'bwlim-out', ...waiting.keys()]

/** When a limit may be put on what goes a way. */
const passing = {
  request: ['content', 'request'],
  response: ['content', 'request', 'response'],
} as const satisfies Record<BandwidthLimit['direction'], readonly Phase[]>

const bandwidthWords = ['default-limit', 'default-period', 'min-size', 'limit', 'key', 'table']

function readBandwidth(line: Line, draft: ProxyDraft): void {
  const [kind, name, ...words] = line.args
  const what = `'filter ${kind}'`
  if (name === undefined) {
    line.alert(`${what} expects a name.`, `as in 'filter ${kind} slow default-limit 1m default-period 1s'`)
    return
  }
  const read: { limit?: number; period?: number; minSize?: number; total?: number; key?: string; table?: string } = {}
  for (let index = 0; index < words.length; index += 2) {
    const [word = '', value] = words.slice(index, index + 2)
    if (word === 'default-limit') read.limit = readSize(line, value, `'${word}'`) ?? 0
    else if (word === 'default-period') read.period = readTime(line, value, `'${word}'`) ?? 0
    else if (word === 'min-size') read.minSize = readSize(line, value, `'${word}'`) ?? 0
    else if (word === 'limit') read.total = readSize(line, value, `'${word}'`) ?? 0
    else if (word === 'key' || word === 'table') read[word] = value ?? ''
    else {
      line.alert(`${what} : unknown word '${word}'.`, didYouMean(word, bandwidthWords))
      return
    }
  }
  if (read.total !== undefined || read.key !== undefined) {
    readShared(line, draft, name, read)
    return
  }
  const { limit, period, minSize } = read
  if (limit === undefined || period === undefined) {
    line.alert(`${what} expects 'default-limit' and 'default-period'.`)
    return
  }
  if (draft.bandwidths.has(name)) line.alert(`${what} : there is another filter '${name}' in this section.`)
  else if (limit > 0 && period > 0) {
    const direction = kind === 'bwlim-in' ? 'request' : 'response'
    const made = new BandwidthLimit(name, { direction, limit, period, minSize })
    draft.bandwidths.set(name, { make: () => made })
  } else line.alert(`${what} : limit and period must be greater than 0.`)
}

/** `limit <size> key <expression> [table <table>]`: made for the first rule that puts it on, once there are tables. */
function readShared(
  line: Line,
  draft: ProxyDraft,
  name: string,
  { limit: own, period, total, key, table: named, minSize }: Readonly<Record<string, number | string | undefined>>,
): void {
  const what = `'filter ${line.first} ${name}'`
  if (own !== undefined || period !== undefined) {
    line.alert(`${what} : 'default-limit' and 'default-period' are for a limit of each transaction.`)
    return
  }
  if (typeof total !== 'number' || total <= 0 || typeof key !== 'string' || key === '') {
    line.alert(`${what} expects 'limit' and 'key'.`, `as in 'filter ${line.first} ${name} limit 1m key src table t'`)
    return
  }
  if (draft.bandwidths.has(name)) {
    line.alert(`${what} : there is another filter '${name}' in this section.`)
    return
  }
  const direction = line.first === 'bwlim-in' ? 'request' : 'response'
  let table: StickTable | undefined
  let made: BandwidthLimit | undefined
  draft.bandwidths.set(name, {
    check: (linker) => {
      table = sharedTable(line, linker, direction, named === undefined ? undefined : String(named), key)
    },
    make: (linker, checkpoint) => {
      if (made !== undefined || table === undefined) return made
      const sample = linker.sample(key, line.place, checkpoint)
      if (sample !== undefined)
        made = new BandwidthLimit(name, { direction, limit: total, key: sample, table, minSize })
      return made
    },
  })
}

/** The table in which a limit is counted; nothing when it cannot be, or not under that key. */
function sharedTable(
  line: Line,
  linker: Linker,
  direction: BandwidthLimit['direction'],
  name: string | undefined,
  key: string,
): StickTable | undefined {
  const what = `'filter ${line.first} ${line.args[1]}'`
  const table = linker.table(name, line.place, what)
  const sample = linker.sample(key, line.place, { phases: passing[direction], name: `filter ${line.first}` })
  if (table === undefined || sample === undefined) return undefined
  const rate = direction === 'request' ? 'bytes_in_rate' : 'bytes_out_rate'
  if (table.field(rate) === -1)
    line.alert(`${what} : table '${table.name}' does not store ${rate}.`, `write 'store ${rate}(1s)' there`)
  else if (!canBeKey(sample.type, table.key))
    line.alert(
      `${what} : stick-table '${table.name}' has a type incompatible with '${key}'.`,
      `its keys are of type ${table.key}`,
    )
  else return table
  return undefined
}

const filter: ProxyKeyword = {
  name: 'filter',
  sections: notInDefaults,
  parse: (line, draft) => {
    const kind = line.first
    const reason = waiting.get(kind)
    if (kind === 'bwlim-in' || kind === 'bwlim-out') readBandwidth(line, draft)
    else if (reason !== undefined)
      line.alert(
        `'filter ${kind}' is not supported${kind === 'trace' ? '' : ' yet'}: ${reason}.`,
        kind === 'trace' ? "remove it; 'fairlead explain' tells what becomes of a request" : undefined,
      )
    else line.alert(`'filter' expects a filter name, but got '${kind}'.`, didYouMean(kind, filters))
  },
}

/** A number as it stands, or a question. */
type Figure = number | string

function readFigure(words: ActionLine, word: string): Figure | undefined {
  const value = words.value(word)
  if (value === undefined || !/^\d/.test(value)) return value
  return word === 'limit' ? readSize(words.line, value, `'${word}'`) : readTime(words.line, value, `'${word}'`)
}

function figureOf(
  given: Figure | undefined,
  words: ActionLine,
  linker: Linker,
  checkpoint: Checkpoint,
): number | Sample<unknown, Phase> | undefined {
  return typeof given === 'string' ? linker.sample(given, words.line.place, checkpoint) : given
}

/** `set-bandwidth-limit <filter> [limit <expr|size>] [period <expr|time>]`. */
export const bandwidthAction: ActionKeyword = {
  name: 'set-bandwidth-limit',
  sets: ['tcp-request content', 'tcp-response content', 'http-request', 'http-response'],
  read: (words) => {
    const name = words.next()
    if (name === undefined) {
      words.alert('missing filter name.', "as in 'set-bandwidth-limit slow'")
      return undefined
    }
    const figures: { limit?: Figure; period?: Figure } = {}
    while (words.words[0] === 'limit' || words.words[0] === 'period') {
      const word = words.words.shift() as 'limit' | 'period'
      const figure = readFigure(words, word)
      if (figure === undefined) return undefined
      figures[word] = figure
    }
    const { draft, line } = words
    return (linker, checkpoint) => {
      const filter = draft.bandwidths.get(name)
      if (filter === undefined) {
        const advice = didYouMean(name, draft.bandwidths.keys()) ?? `declare it with 'filter bwlim-out ${name} …'`
        line.alert(`unable to find bwlim filter '${name}' referenced by ${line.keyword}.`, advice)
        return undefined
      }
      const bandwidth = filter.make(linker, checkpoint)
      if (bandwidth === undefined) return undefined
      const limit = figureOf(figures.limit, words, linker, checkpoint)
      const period = figureOf(figures.period, words, linker, checkpoint)
      if (
        (figures.limit !== undefined && limit === undefined) ||
        (figures.period !== undefined && period === undefined)
      )
        return undefined
      return setBandwidthLimit(bandwidth, { limit, period })
    }
  },
}

export const filterKeywords: readonly ProxyKeyword[] = [filter]
