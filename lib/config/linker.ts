/** What drafts of rules are made with, once all sections have been read: conditions, samples, formats and tables of one proxy. */
import {
  type Condition,
  ErrorPages,
  type Format,
  type Phase,
  type Resolvers,
  type Sample,
  type StickTable,
} from '../index.js'
import type { Text } from '../match/format.js'
import { parseFormat } from '../match/format-parser.js'
import { type Links, noLinks } from '../match/links.js'
import type { RegexCompiler } from '../match/regex.js'
import { didYouMean } from './advice.js'
import { type Diagnostics, nowhere, type Place } from './diagnostic.js'
import { type AclDraft, type Checkpoint, type ConditionDraft, ConditionMaker, placed } from './expression.js'
import type { FormatText } from './log-settings.js'
import type { PatternReferences } from './pattern-references.js'
import { isBackend, type ProxyDraft } from './proxy-draft.js'
import { type ProxiesByName, proxyLinks } from './proxy-links.js'
import { findResolvers } from './resolvers-link.js'
import { ExpressionError, makeSample, readSample } from './sample-expression.js'
import { findSink } from './sinks.js'
import type { ThingDrafts } from './thing-drafts.js'
import type { Words } from './words.js'

/** The log variables in TCP mode: what is HTTP's has no value. */
function ofTcp(aliases: Words['aliases']): Words['aliases'] {
  const silent = [...aliases].map(
    ([name, alias]) => [name, alias.http ? { ...alias, value: () => undefined } : alias] as const,
  )
  return new Map(silent)
}

/** One proxy's linker. */
export class Linker {
  readonly diagnostics: Diagnostics
  readonly #words: Words
  readonly #tables: ReadonlyMap<string, StickTable>
  readonly #proxy: string
  readonly #conditions: ConditionMaker
  readonly #links: Links
  readonly #patterns: PatternReferences
  readonly #things: ThingDrafts
  readonly #at: ProxyDraft | undefined

  constructor(
    proxy: string,
    tables: ReadonlyMap<string, StickTable>,
    words: Words,
    diagnostics: Diagnostics,
    patterns: PatternReferences,
    things: ThingDrafts,
    proxies: ProxiesByName,
    at: ProxyDraft | undefined,
  ) {
    this.#things = things
    this.#at = at
    this.diagnostics = diagnostics
    this.#proxy = proxy
    this.#tables = tables
    this.#words = words
    this.#patterns = patterns
    this.#links = {
      ...noLinks,
      ...proxyLinks(proxies, at),
      table: (name) => tables.get(name ?? proxy),
      compileRegex: patterns.compileRegex,
      acl: (name) => {
        const draft = at?.acls.get(name) ?? things.predefined(name, at ?? nowhere)
        return draft && this.#conditions.named(draft)
      },
      users: (name) => things.users.get(name)?.made,
      sink: (name) => findSink(things, name),
    }
    this.#conditions = new ConditionMaker(diagnostics, (place) => this.#linksAt(place))
  }

  /** Compiles regular expressions. */
  get compileRegex(): RegexCompiler {
    return this.#links.compileRegex
  }

  /** Tells the faults of a section's ACLs, used or not. */
  checkAcls(acls: Iterable<AclDraft>): void {
    this.#conditions.makeAll(acls)
  }

  /** A condition; nothing when it is faulty. */
  condition(draft: ConditionDraft, checkpoint: Checkpoint): Condition<Phase> | undefined {
    return this.#conditions.make(draft, checkpoint)
  }

  /** The table of a proxy, by default the one at hand. */
  table(name: string | undefined, place: Place, what: string): StickTable | undefined {
    const found = this.#tables.get(name ?? this.#proxy)
    if (found !== undefined) return found
    const advice =
      didYouMean(name ?? this.#proxy, this.#tables.keys()) ?? "declare it with a 'stick-table' line in that section"
    this.diagnostics.alert(place, `unable to find table '${name ?? this.#proxy}' referenced by ${what}.`, advice)
    return undefined
  }

  /** The name servers of a `resolvers` section. */
  resolvers(name: string, place: Place, what: string): Resolvers | undefined {
    const found = findResolvers(this.#things, name)
    if (found !== undefined) return found
    const message = `unable to find resolvers '${name}' referenced by ${what}.`
    this.diagnostics.alert(place, message, this.#resolversAdvice(name))
    return undefined
  }

  /** The same, for a server. */
  serverResolvers(name: string, place: Place, server: string): Resolvers | undefined {
    const found = findResolvers(this.#things, name)
    if (found !== undefined) return found
    const message = `${server}: unable to find required resolvers '${name}'`
    this.diagnostics.alert(place, message, this.#resolversAdvice(name))
    return undefined
  }

  #resolversAdvice(name: string): string {
    return didYouMean(name, this.#things.resolvers.keys()) ?? `declare it with a 'resolvers ${name}' section`
  }

  /** What a `healthcheck` section says. */
  healthCheck(name: string, place: Place): ProxyDraft | undefined {
    const found = this.#things.healthChecks.get(name)
    if (found !== undefined) return found.draft
    const advice =
      didYouMean(name, [...this.#things.healthChecks.keys()]) ?? `declare it with a 'healthcheck ${name}' section`
    this.diagnostics.alert(place, `unknown healthcheck section '${name}'.`, advice)
    return undefined
  }

  /** The pages of an `http-errors` section. */
  errorPages(name: string, place: Place): ErrorPages | undefined {
    const found = this.#things.httpErrors.get(name)
    if (found !== undefined) return new ErrorPages(found.pages)
    const known = [...this.#things.httpErrors.keys()]
    const advice = didYouMean(name, known) ?? `declare it with an 'http-errors ${name}' section`
    this.diagnostics.alert(place, `unknown http-errors section '${name}'.`, advice)
    return undefined
  }

  /** A sample that can be asked at a checkpoint; nothing when it is faulty. */
  sample(text: string, place: Place, checkpoint: Checkpoint): Sample<unknown, Phase> | undefined {
    try {
      return this.#sample(text, place, checkpoint)
    } catch (error) {
      this.#tell(place, checkpoint, error)
      return undefined
    }
  }

  /** A text with samples in it; nothing when it is faulty. */
  format(text: string, place: Place, checkpoint: Checkpoint): Text<Phase> | undefined {
    return text.includes('%') ? this.#format(text, place, checkpoint, this.#words.aliases) : text
  }

  /** The format of a log line; nothing when it is faulty. */
  logFormat({ text, keyword, ...place }: FormatText, mode: 'http' | 'tcp'): Format<'log'> | undefined {
    const { aliases } = this.#words
    const format = this.#format(
      text,
      place,
      { phases: ['log'], name: keyword },
      mode === 'http' ? aliases : ofTcp(aliases),
    )
    const names =
      mode === 'http' ? [] : (format?.aliases ?? []).filter(({ http }) => http).map(({ name }) => `%${name}`)
    if (names.length > 0)
      this.diagnostics.warning(
        place,
        `${keyword} : ${[...new Set(names)].join(', ')} tell of HTTP: in TCP mode they print '-'.`,
        "write 'mode http' in this section or its defaults, or leave them away",
      )
    return format
  }

  #format(text: string, place: Place, checkpoint: Checkpoint, aliases: Words['aliases']): Format<Phase> | undefined {
    let advice: string | undefined
    const expression = (source: string): Sample<unknown, never> => {
      try {
        if (source.endsWith(',')) throw new ExpressionError("unknown converter ''", 'remove the comma at the end')
        return this.#sample(source, place, checkpoint) as Sample<unknown, never>
      } catch (error) {
        if (error instanceof ExpressionError) advice = error.advice
        throw error
      }
    }
    try {
      const warn = (message: string): void => this.diagnostics.warning(place, `${checkpoint.name} : ${message}`)
      return parseFormat(text, { expression, aliases, warn }) as Format<Phase>
    } catch (error) {
      this.#tell(place, checkpoint, error, advice)
      return undefined
    }
  }

  #tell(
    place: Place,
    { name }: Checkpoint,
    error: unknown,
    advice = error instanceof ExpressionError ? error.advice : undefined,
  ): void {
    this.diagnostics.alert(place, `error detected while parsing '${name}' : ${(error as Error).message}`, advice)
  }

  /** What an expression at a place names: the names of files count from it. */
  #linksAt(place: Place): Links {
    const { readFile, keys, bufferSize } = this.#things.files
    return {
      ...this.#links,
      bufferSize: bufferSize() ?? noLinks.bufferSize,
      keys,
      readFile: (path) => readFile(path, place),
      patterns: (reference, map) => this.#patterns.file(reference, map, place),
    }
  }

  #sample(text: string, place: Place, checkpoint: Checkpoint): Sample<unknown, Phase> {
    const response = checkpoint.phases.some((phase) => phase === 'response' || phase === 'afterResponse')
    const draft = readSample(text, this.#words, { acl: false, response })
    const unasked = checkpoint.standalone === true && draft.definition.standalone !== true
    if (unasked || !checkpoint.phases.some((phase) => draft.phases.includes(phase))) {
      const message = `sample fetch '${text}' may not be reliably used here because it cannot be asked in a '${checkpoint.name}'`
      throw new ExpressionError(message, `it can be asked at: ${draft.phases.join(', ')}`)
    }
    const { backendOnly, unavailable } = draft.definition
    if (backendOnly === true && this.#at !== undefined && !isBackend(this.#at) && !response)
      throw new ExpressionError(
        `sample fetch '${text}' may not be reliably used here because no backend has been chosen yet`,
        'ask it in the backend, or in the response',
      )
    if (unavailable !== undefined)
      this.diagnostics.warning(place, `'${draft.definition.name}' never has a value here: ${unavailable}.`)
    return placed(makeSample(draft, this.#linksAt(place)), checkpoint)
  }
}
