/** The sets of patterns of a configuration: by the files that ACLs, maps and actions name, one for all who name it; and those of single ACL lines. */

import type { ListedPatterns } from '../admin/pattern-list.js'
import type { Ip } from '../base/ip.js'
import { PatternMap } from '../match/patterns/pattern-map.js'
import { PatternSet } from '../match/patterns/pattern-set.js'
import type { Changes } from '../match/patterns/pattern-source.js'
import type { RegexCompiler } from '../match/regex.js'
import { didYouMean } from './advice.js'
import type { Diagnostics, Place } from './diagnostic.js'
import { PatternUses } from './pattern-uses.js'
import { reasonOf } from './reader.js'
import { ExpressionError } from './sample-expression.js'

/** Names that stand where addresses should: those that are known, and those that somebody has to look up. */
export class HostNames {
  readonly #known = new Map<string, Ip>()
  /** What was asked for and is not known. */
  readonly wanted = new Set<string>()

  /** The address of a name; nothing when nobody has looked it up yet. */
  find(host: string): Ip | undefined {
    const known = this.#known.get(host)
    if (known === undefined) this.wanted.add(host)
    return known
  }

  learn(host: string, address: Ip): void {
    this.#known.set(host, address)
  }
}

/** An action's reference, which need not have been loaded yet. */
interface Wanted {
  readonly name: string
  readonly place: Place
}

export class PatternReferences {
  /** By the names that files go by: without `file@`, and with `opt@` and `file@` alike. */
  readonly files = new Map<string, PatternSet>()
  /** The patterns of ACL lines, in the order of the configuration. */
  readonly inline: PatternSet[] = []
  readonly hosts: HostNames
  /** Compiles regular expressions. */
  readonly compileRegex: RegexCompiler
  readonly #ids = new Map<number, PatternSet>()
  readonly #uses = new PatternUses()
  readonly #lineChanges: Changes = { count: 0 }
  readonly #wanted: Wanted[] = []
  readonly #readFile: (path: string, place: Place) => string

  /** @param readFile gives a file's bytes as latin1; throws when it cannot be read */
  constructor(readFile: (path: string, place: Place) => string, hosts: HostNames, compileRegex: RegexCompiler) {
    this.compileRegex = compileRegex
    this.#readFile = readFile
    this.hosts = hosts
  }

  /**
   * The set of a file, which is read when it is named first.
   * @param map whether it has two columns
   * @param as who asks it
   * @throws ExpressionError when it cannot be read, or is used with another number of columns
   */
  file(reference: string, map: boolean, place: Place, as: 'acl' | 'map' = 'map'): PatternSet {
    const set = this.#file(reference, map, place)
    this.#uses.file(set, as, place)
    return set
  }

  #file(reference: string, map: boolean, place: Place): PatternSet {
    const { name, kind } = cut(reference)
    const known = this.files.get(name)
    if (known !== undefined) {
      if (known.isMap === map) return known
      const columns = known.isMap
        ? ['two', 'one', "add '-M'"]
        : ['one', 'two', "remove '-M', or make it a file of its own"]
      throw new ExpressionError(
        `the file "${name}" is already used as ${columns[0]} column file and cannot be used as ${columns[1]} column file.`,
        columns[2],
      )
    }
    const set = map ? new PatternMap([], name) : new PatternSet([], name)
    const text = kind === 'virt' ? '' : this.#text(name, kind === 'opt', map, place)
    this.files.set(name, set.load(text))
    return set
  }

  #text(name: string, optional: boolean, map: boolean, place: Place): string {
    try {
      return this.#readFile(name, place)
    } catch (error) {
      if (optional) return ''
      const [before, behind] = map ? ['map(', ')'] : ['-f ', '']
      throw new ExpressionError(
        `failed to open pattern file <${name}>: ${reasonOf(error)}.`,
        `make it, even empty; '${before}opt@${name}${behind}' takes one that may be missing`,
      )
    }
  }

  /** An ACL line has been read. @param set its own patterns, if it has some @param word its question */
  asked(set: PatternSet | undefined, word: string, place: Place): void {
    this.#uses.line(set ?? new PatternSet(), word, place)
  }

  /** All of them, with the numbers that the runtime API knows them by. */
  list(): readonly ListedPatterns[] {
    return this.#uses.list(this.#ids)
  }

  /** A set for the patterns of one ACL line. */
  line(): PatternSet {
    const set = new PatternSet([], '', this.#lineChanges)
    this.inline.push(set)
    return set
  }

  /**
   * Gives a set the id that the runtime API knows it by: HAProxy's `-u`.
   * @throws ExpressionError when another has it
   */
  identify(set: PatternSet, id: number): void {
    if (this.#ids.has(id) && this.#ids.get(id) !== set) throw new ExpressionError(`the id ${id} is already used.`)
    this.#ids.set(id, set)
  }

  /** The set with that id. */
  withId(id: number): PatternSet | undefined {
    return this.#ids.get(id)
  }

  /** What an action changes: the set as it will be once all has been read. */
  late(reference: string, place: Place): { readonly name: string; readonly get: () => PatternSet } {
    const { name } = cut(reference)
    this.#wanted.push({ name, place })
    return {
      name,
      get: () => {
        const set = this.files.get(name) ?? new PatternMap([], name)
        this.files.set(name, set)
        return set
      },
    }
  }

  /** Tells of actions that change what nobody asks. */
  check(diagnostics: Diagnostics): void {
    for (const { name, place } of this.#wanted) {
      if (this.files.has(name)) continue
      const advice =
        didYouMean(name, this.files.keys()) ?? `name it in an ACL ('-f ${name}') or a converter ('map(${name})')`
      diagnostics.warning(place, `no ACL and no map uses '${name}': what is put into it is never looked at.`, advice)
    }
  }
}

/** `file@x` and `x` are the same, `opt@x` may be missing, `virt@x` is never a file and keeps its prefix. */
function cut(reference: string): { readonly name: string; readonly kind: 'file' | 'opt' | 'virt' } {
  const [, kind, name] = /^(file|opt|virt)@(.*)$/s.exec(reference) ?? []
  if (kind === undefined || name === undefined) return { name: reference, kind: 'file' }
  return kind === 'virt' ? { name: reference, kind } : { name, kind: kind as 'file' | 'opt' }
}
