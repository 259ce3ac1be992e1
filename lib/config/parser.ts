/** Statements → drafts: follows the sections, and hands each line to its keyword. */

import type { RegexCompiler } from '../match/regex.js'
import { didYouMean } from './advice.js'
import type { Capabilities } from './capabilities.js'
import { type Diagnostics, nowhere, type Place } from './diagnostic.js'
import type { Environment } from './environment.js'
import { predefinedAcl } from './expression.js'
import { Line, type Loading, type ProcessKeyword, type ProxyKeyword } from './keyword.js'
import { type Complaint, findKeyword, listOf, unknownGlobal, unknownProxyWord } from './keyword-table.js'
import { type HostNames, PatternReferences } from './pattern-references.js'
import { type ProcessDraft, processDraft } from './process-draft.js'
import { type ProxyDraft, proxyDraft } from './proxy-draft.js'
import { read, type Source, type Statement } from './reader.js'
import type { SectionReader } from './section-keyword.js'
import { isSectionWord, openSection, type SectionHeader, sectionWords } from './sections.js'
import { type ThingDrafts, thingDrafts } from './thing-drafts.js'
import type { Words } from './words.js'

/** What all files together say. */
export interface Drafts {
  readonly process: ProcessDraft
  /** Frontends, backends and listens in the order of the files. */
  readonly proxies: readonly ProxyDraft[]
  readonly patterns: PatternReferences
  readonly things: ThingDrafts
}

/** What parsing needs from outside. */
export interface Surroundings {
  readonly diagnostics: Diagnostics
  readonly environment: Environment
  readonly capabilities: Capabilities
  readonly words: Words
  readonly readFile: (path: string, place: Place, process: ProcessDraft) => string
  /** The same for a file that may be missing: it throws, and tells nothing. */
  readonly openFile: (path: string, place: Place, process: ProcessDraft) => string
  readonly compileRegex: RegexCompiler
  /** The addresses of names among patterns. */
  readonly hosts: HostNames
  /** What the command line calls this process among its peers. */
  readonly localPeer?: string | undefined
}

/** The section whose lines come. */
interface Section {
  readonly kind: SectionHeader['kind']
  readonly draft: ProxyDraft | undefined
  readonly reader: SectionReader | undefined
}

class Parser {
  readonly process = processDraft()
  readonly proxies: ProxyDraft[] = []
  readonly things: ThingDrafts
  readonly patterns: PatternReferences
  readonly #loading: Loading
  readonly #diagnostics: Diagnostics
  readonly #defaults: ProxyDraft[] = []
  /** Those that a proxy asks for by name. */
  readonly #named = new Set<ProxyDraft>()
  #section: Section | undefined

  constructor(surroundings: Surroundings) {
    const { diagnostics, environment, capabilities, words, readFile, openFile, compileRegex, hosts } = surroundings
    const { process } = this
    process.localPeer = surroundings.localPeer
    this.#diagnostics = diagnostics
    const open = (path: string, place: Place): string => readFile(path, place, process)
    const patterns = new PatternReferences((path, place) => openFile(path, place, process), hosts, compileRegex)
    this.patterns = patterns
    this.#loading = { diagnostics, environment, capabilities, process, words, readFile: open, compileRegex, patterns }
    const files = {
      readFile: (path: string, place: Place) => openFile(path, place, process),
      keys: new Map<string, object>(),
      bufferSize: () => process.settings.bufferSize,
    }
    this.things = thingDrafts(files, (name, place) => predefinedAcl(name, place, this.#loading))
  }

  /** Each file begins a section of its own. */
  beginFile(): void {
    this.#close()
  }

  /** All has been read. */
  end(): void {
    this.#close()
  }

  take(statement: Statement): void {
    const [word] = statement.words
    if (word === undefined) return
    const section = this.#section
    if (statement.prefix === undefined && isSectionWord(word)) this.#open(statement)
    else if (section === undefined) this.#homeless(word, statement)
    else if (section.kind === 'process') this.#globalLine(statement)
    else if (section.draft !== undefined) this.#proxyLine(statement, section.draft)
    else section.reader?.take(this.#line(statement, undefined))
  }

  #close(): void {
    this.#section?.reader?.end?.()
    this.#section = undefined
  }

  #homeless(word: string, statement: Statement): void {
    const advice =
      didYouMean(word, sectionWords) ?? 'begin with a section such as global, defaults, frontend, backend or listen'
    this.#diagnostics.alert(statement, `unknown keyword '${word}' out of section.`, advice)
  }

  #open(statement: Statement): void {
    this.#close()
    const header = openSection(statement, this.#diagnostics)
    const draft = header.kind === 'proxy' ? this.#openProxy(header) : undefined
    const keyword = this.#loading.words.sections.get(header.word)
    const line = new Line(header.word, header.rest, statement, this.#loading)
    const reader = keyword?.open({ header, line, things: this.things })
    this.#section = { kind: header.kind, draft, reader }
    if (header.kind === 'later' && keyword === undefined) {
      this.#diagnostics.alert(statement, `section '${header.word}' is not supported yet`)
    } else if (header.kind === 'removed') {
      this.#diagnostics.alert(
        statement,
        `section '${header.word}' was removed in HAProxy 3.3`,
        'use a service manager to run other programs',
      )
    }
  }

  #openProxy(header: SectionHeader): ProxyDraft {
    const draft = proxyDraft(header, this.#parentOf(header))
    if (draft.kind === 'defaults') this.#defaults.push(draft)
    else {
      this.#checkName(draft)
      this.proxies.push(draft)
    }
    return draft
  }

  /** The defaults section that one comes of: the one it names, or the last one before it. A defaults section comes of none by itself. */
  #parentOf(header: SectionHeader): ProxyDraft | undefined {
    const { from, word, name } = header
    if (from === undefined) return word === 'defaults' ? undefined : this.#lastDefaults(header)
    const found = this.#defaults.filter((one) => one.name === from)
    const [first, second] = found
    const of = `${word} '${name}'`
    if (first === undefined) {
      const names = this.#defaults.map((one) => one.name)
      this.#diagnostics.alert(header, `defaults section '${from}' not found for ${of}.`, didYouMean(from, names))
    } else if (second !== undefined) {
      const places = `${first.file}:${first.line} and ${second.file}:${second.line}`
      this.#diagnostics.alert(
        header,
        `ambiguous defaults section name '${from}' referenced by ${of} exists at least at ${places}.`,
      )
    } else if (word === 'defaults' && [...first.rules.values()].some((rules) => rules.length > 0)) {
      const message = `a defaults section cannot inherit from a defaults section defining TCP/HTTP rules (defaults section at ${first.file}:${first.line}).`
      this.#diagnostics.alert(header, message)
    }
    if (first !== undefined && word !== 'defaults') this.#named.add(first)
    return first
  }

  /** The last defaults section before; told when others ask for it by name, since nobody sees then who comes of it. */
  #lastDefaults(header: SectionHeader): ProxyDraft | undefined {
    const last = this.#defaults.at(-1)
    if (last === undefined || !this.#named.has(last)) return last
    const message = `defaults section '${last.name}' (declared at ${last.file}:${last.line}) is explicitly referenced by another proxy and implicitly used here.`
    this.#diagnostics.warning(
      header,
      message,
      `write 'from ${last.name}' here, or a last defaults section that nobody names`,
    )
    return last
  }

  #checkName(draft: ProxyDraft): void {
    const twin = this.proxies.find((one) => one.name === draft.name)
    if (twin === undefined || draft.name === '') return
    const message = `${draft.kind} '${draft.name}' has the same name as ${twin.kind} '${twin.name}' declared at ${twin.file}:${twin.line}.`
    const pair = [draft.kind, twin.kind].sort().join()
    if (pair === 'backend,frontend')
      this.#diagnostics.warning(draft, message, 'HAProxy 3.3 refuses it: choose another name')
    else this.#diagnostics.alert(draft, message, 'choose another name')
  }

  #line(statement: Statement, keyword: { readonly name: string } | undefined): Line {
    const count = keyword?.name.split(' ').length ?? 1
    const name = keyword?.name ?? statement.words[0] ?? ''
    return new Line(name, statement.words.slice(count), statement, this.#loading)
  }

  #complain(statement: Statement, { severity, message, advice }: Complaint): void {
    this.#diagnostics.add(severity, statement, message, advice)
  }

  #globalLine(statement: Statement): void {
    const { processKeywords } = this.#loading.words
    const keyword = findKeyword<ProcessKeyword>(processKeywords, statement.words)
    const line = this.#line(statement, keyword)
    if (keyword === undefined) this.#complain(statement, unknownGlobal(statement.words, processKeywords))
    else if (this.#prefixFits(line, keyword)) keyword.parse(line, this.process)
  }

  #prefixFits(line: Line, keyword: { readonly name: string; readonly negatable?: boolean }): boolean {
    if (line.prefix === undefined || keyword.negatable === true) return true
    line.alert(`negation/default is not supported for '${keyword.name}'.`, `remove '${line.prefix}'`)
    return false
  }

  #proxyLine(statement: Statement, draft: ProxyDraft): void {
    const keyword = findKeyword<ProxyKeyword>(this.#loading.words.proxyKeywords, statement.words)
    const line = this.#line(statement, keyword)
    if (keyword === undefined) this.#complain(statement, unknownProxyWord(statement.words, draft.kind))
    else if (this.#isAtHome(line, keyword, draft) && this.#prefixFits(line, keyword)) keyword.parse(line, draft)
  }

  #isAtHome(line: Line, keyword: ProxyKeyword, draft: ProxyDraft): boolean {
    if (!keyword.sections.includes(draft.kind)) {
      const where = `it belongs into ${listOf(keyword.sections)}`
      if (draft.kind === 'defaults') line.alert(`'${keyword.name}' not allowed in 'defaults' section.`, where)
      else {
        const lacks = isFrontendWord(keyword) ? 'frontend' : 'backend'
        const capability = `because ${draft.kind} '${draft.name}' has no ${lacks} capability.`
        if (keyword.elsewhere === 'ignored') line.warning(`'${keyword.name}' ignored ${capability}`, where)
        else line.alert(`'${keyword.name}' not allowed ${capability}`, where)
      }
      return false
    }
    if (keyword.namedDefaultsOnly === true && draft.kind === 'defaults' && draft.name === '') {
      line.alert(
        `'${keyword.name}' not allowed in anonymous 'defaults' section.`,
        "give the section a name, and use it with 'from'",
      )
      return false
    }
    return true
  }
}

const isFrontendWord = (keyword: ProxyKeyword): boolean => keyword.sections.includes('frontend')

/** Reads all sources, in order, and tells whatever is wrong with single lines. */
export function parse(sources: readonly Source[], surroundings: Surroundings): Drafts {
  const parser = new Parser(surroundings)
  for (const source of sources) {
    parser.beginFile()
    for (const statement of read(source, surroundings)) parser.take(statement)
  }
  if (sources.length === 0 && !surroundings.diagnostics.failed)
    surroundings.diagnostics.alert(nowhere, 'no configuration file was given')
  parser.end()
  return { process: parser.process, proxies: parser.proxies, patterns: parser.patterns, things: parser.things }
}
