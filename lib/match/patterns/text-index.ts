/**
 * Patterns that a text must begin with, end with or hold: HAProxy's `beg`, `end`, `sub`, `dir` and `dom`. A few are compared one after the
 * other; more are found in a tree, so that 100,000 cost about as much as ten.
 */
import { foldCase } from '../fold.js'
import { literal } from '../pcre/byte-set.js'
import type { PatternEntry } from './entry.js'
import type { PatternIndex } from './pattern-index.js'
import { earlier, TextTrie } from './text-trie.js'

export type PartMethod = 'beg' | 'end' | 'sub' | 'dir' | 'dom'

/** How many patterns are compared one by one. */
const FEW = 6

/** For how many one expression finds faster whether any is there than the tree does which. */
const SOME = 64

const DIRECTORY = '/?'
const DOMAIN = '/?.:'

interface Item {
  readonly key: string
  readonly entry: PatternEntry
}

export class TextIndex implements PatternIndex<string> {
  readonly #method: PartMethod
  readonly #ignoreCase: boolean
  /** What bounds a word, for `dir` and `dom`; empty for the others. */
  readonly #delimiters: string
  /** All patterns, as long as there are {@link SOME} at most. */
  #some: Item[] = []
  /** All of them, once there are more than a {@link FEW}. */
  #many: TextTrie | undefined
  /** Whether one of some can be there at all, when they may stand anywhere: there is none in most texts. */
  #maybe: RegExp | undefined
  /** Patterns have come or gone since that was decided. */
  #changed = false
  #longest = 0

  constructor(method: PartMethod, ignoreCase: boolean) {
    this.#method = method
    this.#ignoreCase = ignoreCase
    this.#delimiters = method === 'dir' ? DIRECTORY : method === 'dom' ? DOMAIN : ''
  }

  add(entry: PatternEntry): void {
    const key = this.#key(entry.pattern)
    this.#longest = Math.max(this.#longest, key.length)
    this.#changed = true
    this.#many?.add(key, entry)
    if (this.#many !== undefined && this.#some.length === 0) return
    this.#some.push({ key, entry })
    if (this.#some.length > FEW) this.#many ??= treeOf(this.#some)
    if (this.#some.length > SOME) this.#some = []
  }

  delete(entry: PatternEntry): void {
    const key = this.#key(entry.pattern)
    this.#many?.delete(key, entry)
    const index = this.#some.findIndex((item) => item.entry === entry)
    if (index < 0) return
    this.#some.splice(index, 1)
    this.#changed = true
  }

  find(value: string): PatternEntry | undefined {
    if (this.#changed) this.#order()
    if (this.#maybe !== undefined && !this.#maybe.test(value)) return undefined
    const text = this.#ignoreCase ? foldCase(value) : value
    if (this.#many !== undefined) return this.#findInTree(text, this.#many)
    for (const { key, entry } of this.#some) if (this.#holds(text, key)) return entry
    return undefined
  }

  /** Whoever comes first is found: the longest, where that counts, otherwise the earliest. */
  #order(): void {
    this.#changed = false
    const byLength = this.#method === 'beg'
    this.#some.sort((a, b) => (byLength ? b.key.length - a.key.length : 0) || a.entry.id - b.entry.id)
    const anywhere = this.#method === 'sub' || this.#delimiters !== ''
    // A few are found without it, unless the text has to be folded for them.
    const useful = anywhere && this.#some.length > 0 && (this.#ignoreCase || this.#many !== undefined)
    this.#maybe = useful ? oneOf(this.#some, this.#ignoreCase) : undefined
  }

  /** A pattern as it is looked for: delimiters at either end do not count, suffixes stand the other way round in a tree. */
  #key(pattern: string): string {
    const text = this.#ignoreCase ? foldCase(pattern) : pattern
    if (this.#method === 'end') return reversed(text)
    let start = 0
    let end = text.length
    while (start < end && this.#delimits(text, start)) start++
    while (end > start && this.#delimits(text, end - 1)) end--
    return text.slice(start, end)
  }

  #delimits(text: string, index: number): boolean {
    return this.#delimiters !== '' && this.#delimiters.includes(text[index] as string)
  }

  #holds(text: string, key: string): boolean {
    switch (this.#method) {
      case 'beg':
        return text.startsWith(key)
      case 'end':
        return endsWith(text, key)
      case 'sub':
        return text.includes(key)
      default:
        return this.#holdsWord(text, key)
    }
  }

  #holdsWord(text: string, word: string): boolean {
    // A pattern of nothing but delimiters: HAProxy finds it where the text ends.
    if (word === '') return text === '' || this.#delimits(text, text.length - 1)
    for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1))
      if (this.#bounded(text, at - 1) && this.#bounded(text, at + word.length)) return true
    return false
  }

  #bounded(text: string, index: number): boolean {
    return index === -1 || index === text.length || this.#delimits(text, index)
  }

  #findInTree(text: string, tree: TextTrie): PatternEntry | undefined {
    if (this.#method === 'beg') return tree.longest(text)
    if (this.#method === 'end') return tree.earliest(reversed(text.slice(-this.#longest || text.length)), 0)
    if (this.#method === 'sub') {
      let found: PatternEntry | undefined
      for (let at = 0; at <= text.length; at++) found = earlier(found, tree.earliest(text, at))
      return found
    }
    return this.#findWord(text, tree)
  }

  #findWord(text: string, tree: TextTrie): PatternEntry | undefined {
    // An empty word counts where the text ends, and nowhere else.
    const mayEnd = (whole: string, end: number): boolean => this.#bounded(whole, end)
    let found: PatternEntry | undefined
    for (let at = 0; at < text.length; at++) {
      if (!this.#bounded(text, at - 1) || this.#delimits(text, at)) continue
      found = earlier(found, tree.earliest(text, at, mayEnd))
    }
    if (text === '' || this.#delimits(text, text.length - 1)) found = earlier(found, tree.earliest('', 0))
    return found
  }
}

function treeOf(items: readonly Item[]): TextTrie {
  const tree = new TextTrie()
  for (const { key, entry } of items) tree.add(key, entry)
  return tree
}

/** Finds one of several texts, and at times one that differs in the case of letters beyond ASCII. */
function oneOf(items: readonly Item[], ignoreCase: boolean): RegExp {
  const source = (character: string): string => literal(character.charCodeAt(0))
  return new RegExp(items.map(({ key }) => key.replace(/[\s\S]/g, source)).join('|'), ignoreCase ? 'i' : '')
}

function reversed(text: string): string {
  let turned = ''
  for (let at = text.length - 1; at >= 0; at--) turned += text[at]
  return turned
}

/** Whether a text ends with a key that is turned round. */
function endsWith(text: string, key: string): boolean {
  const last = text.length - 1
  if (key.length > text.length) return false
  for (let at = 0; at < key.length; at++) if (text.charCodeAt(last - at) !== key.charCodeAt(at)) return false
  return true
}
