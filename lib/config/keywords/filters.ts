/** `filter`, and the rules that put a filter on a transaction. Manual, chapter 9. */
import { BandwidthLimit, type Phase, type Sample, setBandwidthLimit } from '../../index.js'
import type { ActionKeyword, ActionLine } from '../action.js'
import { didYouMean } from '../advice.js'
import type { Checkpoint } from '../expression.js'
import { type Line, notInDefaults, type ProxyKeyword } from '../keyword.js'
import type { Linker } from '../linker.js'
import type { ProxyDraft } from '../proxy-draft.js'
import { readSize, readTime } from '../values.js'

const filters = ['bwlim-in', 'bwlim-out', 'cache', 'compression', 'fcgi-app', 'opentracing', 'spoe', 'trace']

function readBandwidth(line: Line, draft: ProxyDraft): void {
  const [kind, name, ...words] = line.args
  const what = `'filter ${kind}'`
  if (name === undefined) {
    line.alert(`${what} expects a name.`, `as in 'filter ${kind} slow default-limit 1m default-period 1s'`)
    return
  }
  const read: { limit?: number; period?: number; minSize?: number } = {}
  for (let index = 0; index < words.length; index += 2) {
    const [word = '', value] = words.slice(index, index + 2)
    if (word === 'default-limit') read.limit = readSize(line, value, `'${word}'`) ?? 0
    else if (word === 'default-period') read.period = readTime(line, value, `'${word}'`) ?? 0
    else if (word === 'min-size') read.minSize = readSize(line, value, `'${word}'`) ?? 0
    else if (word === 'limit' || word === 'key' || word === 'table') {
      line.alert(
        `${what} : '${word}' is not supported yet: a limit that connections share needs a stick-table of byte rates.`,
        "write 'default-limit' and 'default-period' for a limit of each transaction",
      )
      return
    } else {
      line.alert(`${what} : unknown word '${word}'.`, didYouMean(word, ['default-limit', 'default-period', 'min-size']))
      return
    }
  }
  const { limit, period, minSize } = read
  if (limit === undefined || period === undefined) {
    line.alert(`${what} expects 'default-limit' and 'default-period'.`)
    return
  }
  if (draft.bandwidths.has(name)) line.alert(`${what} : there is another filter '${name}' in this section.`)
  else if (limit > 0 && period > 0) {
    const direction = kind === 'bwlim-in' ? 'request' : 'response'
    draft.bandwidths.set(name, new BandwidthLimit(name, { direction, limit, period, minSize }))
  } else line.alert(`${what} : limit and period must be greater than 0.`)
}

const filter: ProxyKeyword = {
  name: 'filter',
  sections: notInDefaults,
  parse: (line, draft) => {
    const kind = line.first
    if (kind === 'bwlim-in' || kind === 'bwlim-out') readBandwidth(line, draft)
    else if (filters.includes(kind)) line.alert(`'filter ${kind}' is not supported yet`)
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
      const bandwidth = draft.bandwidths.get(name)
      if (bandwidth === undefined) {
        const advice = didYouMean(name, draft.bandwidths.keys()) ?? `declare it with 'filter bwlim-out ${name} …'`
        line.alert(`unable to find bwlim filter '${name}' referenced by ${line.keyword}.`, advice)
        return undefined
      }
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
