/** Finds the keyword that a line begins with, and says what is wrong when there is none. The families of keywords are joined here. */
import { didYouMean } from './advice.js'
import { type Removed, removedGlobal, removedProxy } from './removed.js'
import type { ProxyKind } from './sections.js'
import { globalWords, proxyWords } from './vocabulary.js'

interface Named {
  readonly name: string
}

/** The keyword with the most words that the line begins with. */
export function findKeyword<K extends Named>(table: ReadonlyMap<string, K>, words: readonly string[]): K | undefined {
  for (let count = Math.min(words.length, 3); count > 0; count--) {
    const found = table.get(words.slice(0, count).join(' '))
    if (found !== undefined) return found
  }
  return undefined
}

/** Makes the table of a list of families. */
export function keywordTable<K extends Named>(...families: readonly (readonly K[])[]): ReadonlyMap<string, K> {
  return new Map(families.flat().map((keyword) => [keyword.name, keyword]))
}

/** What is wrong with a line that no keyword takes. */
export interface Complaint {
  readonly severity: 'alert' | 'warning'
  readonly message: string
  readonly advice?: string | undefined
}

const alert = (message: string, advice?: string): Complaint => ({ severity: 'alert', message, advice })

/** HAProxy goes on without some of the directives that it no longer has. */
const gone = (word: string, { since, advice, harmless }: Removed): Complaint => ({
  severity: harmless === true ? 'warning' : 'alert',
  message: `the '${word}' directive is not supported anymore since HAProxy ${since}.`,
  advice,
})

/** A line of `global` that no keyword takes. */
export function unknownGlobal([word = '']: readonly string[], built: ReadonlyMap<string, unknown>): Complaint {
  const removed = removedGlobal.get(word)
  if (removed !== undefined) return gone(word, removed)
  if (globalWords.includes(word)) return alert(`'${word}' is not supported yet`)
  const known = [...globalWords, ...built.keys()]
  return alert(`unknown keyword '${word}' in 'global' section`, misplaced(word) ?? didYouMean(word, known))
}

/** Where a word belongs that stands in the wrong kind of section. */
function misplaced(word: string): string | undefined {
  if (globalWords.includes(word)) return "it belongs into the 'global' section"
  const sections = [...proxyWords].filter(([name]) => name.split(' ')[0] === word).flatMap(([, kinds]) => kinds)
  return sections.length === 0 ? undefined : `it belongs into ${listOf([...new Set(sections)])}`
}

/** `'frontend' or 'listen' sections`. */
export function listOf(sections: readonly ProxyKind[]): string {
  const quoted = sections.map((section) => `'${section}'`)
  const last = quoted.pop() ?? ''
  return quoted.length === 0 ? `a ${last} section` : `${quoted.join(', ')} or ${last} sections`
}

/** Words that HAProxy does not just pass over in a section that lacks what they are about. */
const strict: ReadonlySet<string> = new Set(['retry-on', 'server-template', 'stick-table'])

/** A word that is not built, in a section that it does not belong into. */
function homeless(name: string, sections: readonly ProxyKind[], kind: ProxyKind): Complaint {
  const advice = `it belongs into ${listOf(sections)}`
  if (kind === 'defaults' || strict.has(name)) return alert(`'${name}' is not allowed in a '${kind}' section`, advice)
  const lacks = kind === 'backend' ? 'frontend' : 'backend'
  return { severity: 'warning', message: `'${name}' ignored because a ${kind} has no ${lacks} capability.`, advice }
}

/** A line of a proxy section that no keyword takes. */
export function unknownProxyWord(given: readonly string[], kind: ProxyKind): Complaint {
  // `http-check set-var(check.x)` is known as `http-check set-var`.
  const words = given.slice(0, 3).map((word) => word.replace(/\(.*$/s, ''))
  const [word = '', second = ''] = words
  const removed = removedProxy.get(`${word} ${second}`)
  if (removed !== undefined) return gone(`${word} ${second}`, removed)
  const removedWord = removedProxy.get(word)
  if (removedWord !== undefined) return gone(word, removedWord)
  for (const count of [3, 2, 1]) {
    const name = words.slice(0, count).join(' ')
    const sections = proxyWords.get(name)
    if (sections?.includes(kind) === true)
      return alert(`'${name}' is not supported yet${word === 'stats' ? ': there is no statistics page.' : ''}`)
    if (sections !== undefined) return homeless(name, sections, kind)
  }
  return unknownSecond(word, second) ?? unknownFirst(word, kind)
}

/** The first word is known, as in `option` and `timeout`, the second is not. */
function unknownSecond(word: string, second: string): Complaint | undefined {
  const names = [...proxyWords.keys()].filter((name) => name.startsWith(`${word} `))
  if (names.length === 0) return undefined
  const seconds = names.map((name) => name.slice(word.length + 1))
  // The list of all options is no help.
  const supported =
    seconds.length > 15 ? undefined : `'${word}' supports ${seconds.map((name) => `'${name}'`).join(', ')}`
  if (second === '') return alert(`'${word}' expects an argument`, supported)
  return alert(`unknown ${word} '${second}'`, didYouMean(second, seconds) ?? supported)
}

function unknownFirst(word: string, kind: ProxyKind): Complaint {
  const firsts = new Set([...proxyWords.keys()].map((name) => name.split(' ')[0] as string))
  return alert(`unknown keyword '${word}' in '${kind}' section`, misplaced(word) ?? didYouMean(word, firsts))
}
