/** What a configuration keyword is: its name, the sections that it is for, and how its line is read. The keywords are in `keywords/`. */
import type { RegexCompiler } from '../match/regex.js'
import type { Capabilities } from './capabilities.js'
import type { Diagnostics, Place } from './diagnostic.js'
import type { Environment } from './environment.js'
import type { PatternReferences } from './pattern-references.js'
import type { ProcessDraft } from './process-draft.js'
import type { ProxyDraft } from './proxy-draft.js'
import type { Statement } from './reader.js'
import type { ProxyKind } from './sections.js'
import type { Words } from './words.js'

/** What every keyword of a load may reach. */
export interface Loading {
  readonly diagnostics: Diagnostics
  readonly environment: Environment
  readonly capabilities: Capabilities
  readonly process: ProcessDraft
  /** What expressions may name. */
  readonly words: Words
  /** The bytes of a file that a line names, one character a byte. A relative path counts from `default-path`. */
  readonly readFile: (path: string, place: Place) => string
  /** Compiles regular expressions. */
  readonly compileRegex: RegexCompiler
  /** The sets of patterns that lines name. */
  readonly patterns: PatternReferences
}

/** A line, cut at its keyword, and the means to complain about it. */
export class Line {
  readonly keyword: string
  /** The words behind the keyword. */
  readonly args: readonly string[]
  readonly prefix: Statement['prefix']
  readonly place: Place
  readonly loading: Loading
  /** Put before messages. */
  readonly subject: string

  constructor(keyword: string, args: readonly string[], statement: Statement, loading: Loading, subject = '') {
    this.subject = subject
    this.keyword = keyword
    this.args = args
    this.prefix = statement.prefix
    this.place = { file: statement.file, line: statement.line }
    this.loading = loading
  }

  /** The word behind the keyword; empty when there is none. */
  get first(): string {
    return this.args[0] ?? ''
  }

  /** `file:line`. */
  get where(): string {
    return `${this.place.file}:${this.place.line}`
  }

  alert(message: string, advice?: string | undefined): void {
    this.loading.diagnostics.alert(this.place, this.subject + message, advice)
  }

  warning(message: string, advice?: string | undefined): void {
    this.loading.diagnostics.warning(this.place, this.subject + message, advice)
  }

  /** Complains when there are more words than these. */
  atMost(count: number): boolean {
    const extra = this.args[count]
    if (extra === undefined) return true
    this.alert(`'${this.keyword}' cannot handle unexpected argument '${extra}'.`, 'remove it, or quote the whole value')
    return false
  }

  /** The same line, whose messages begin with whom they are about. */
  about(subject: string): Line {
    return new Line(
      this.keyword,
      this.args,
      { words: [], prefix: this.prefix, ...this.place },
      this.loading,
      `${subject} : `,
    )
  }

  /** The same line, read under another keyword: the words that it takes are gone. */
  under(keyword: string, args: readonly string[]): Line {
    return new Line(keyword, args, { words: [], prefix: this.prefix, ...this.place }, this.loading)
  }
}

/** A keyword of `global`. */
export interface ProcessKeyword {
  /** One word, or several joined by a blank (`stats socket`). */
  readonly name: string
  /** Takes `no` in front. */
  readonly negatable?: boolean
  readonly parse: (line: Line, draft: ProcessDraft) => void
}

/** A keyword of the proxy sections. */
export interface ProxyKeyword {
  readonly name: string
  readonly sections: readonly ProxyKind[]
  /** What HAProxy does with it in another section: `ignored` with a warning, or `refused`. Default `refused`. */
  readonly elsewhere?: 'ignored' | 'refused'
  /** Allowed in named defaults sections only, not in anonymous ones. */
  readonly namedDefaultsOnly?: boolean
  /** Takes `no` and `default` in front. */
  readonly negatable?: boolean
  readonly parse: (line: Line, draft: ProxyDraft) => void
}

/** The four sets of sections that nearly all keywords are for. */
export const everywhere: readonly ProxyKind[] = ['defaults', 'frontend', 'listen', 'backend']
export const clientSide: readonly ProxyKind[] = ['defaults', 'frontend', 'listen']
export const serverSide: readonly ProxyKind[] = ['defaults', 'listen', 'backend']
export const notInDefaults: readonly ProxyKind[] = ['frontend', 'listen', 'backend']
