/** Sources → a configuration: parses with the words that it is handed, links, and gives the objects or every fault. Opening files is the caller's. */
import { readFileSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { compileRegex as compileJavaScript, linearCompiler, type RegexCompiler } from '../match/regex.js'
import { type Capabilities, capabilities } from './capabilities.js'
import { Config } from './config.js'
import { configWords } from './config-words.js'
import { ConfigError, type Diagnostic, type Diagnostics, nowhere, type Place } from './diagnostic.js'
import { Environment } from './environment.js'
import { link } from './link.js'
import { parse } from './parser.js'
import { HostNames } from './pattern-references.js'
import type { ProcessDraft } from './process-draft.js'
import { reasonOf, type Source } from './reader.js'
import type { Words } from './words.js'

/** How a configuration is loaded. */
export interface LoadOptions {
  /** The environment that `"${NAME}"` and `defined()` see; it is not changed. Default: the process's. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** What conditions are answered from. Default: what this process can do. */
  readonly capabilities?: Capabilities
  /**
   * What runs regular expressions. `re2`, an optional package, takes linear time whatever the expression and the text, and refuses lookaround,
   * back-references and atomic groups: for those who load patterns that they do not trust. Default `javascript`.
   */
  readonly regex?: 'javascript' | 're2'
  /** What this process is called among its peers, whatever `localpeer` says; `-L` of the command. Default: `localpeer`, or else the host's name. */
  readonly localPeer?: string | undefined
  /** The name of a parsed text in messages, and where its relative files are looked for with `default-path config`. Default `haproxy.cfg`. */
  readonly name?: string
}

function compilerFor(engine: 'javascript' | 're2', diagnostics: Diagnostics): RegexCompiler {
  try {
    if (engine === 're2') return linearCompiler()
  } catch (error) {
    diagnostics.alert(nowhere, (error as Error).message)
  }
  return compileJavaScript
}

/** `default-path`: where relative names of files count from. */
function resolve(path: string, place: Place, { defaultPath }: ProcessDraft): string {
  if (isAbsolute(path) || defaultPath.base === 'current') return path
  if (defaultPath.base === 'origin') return join(defaultPath.origin ?? '', path)
  const folder = dirname(place.file)
  return join(defaultPath.base === 'parent' ? dirname(folder) : folder, path)
}

/**
 * Reads, links and judges.
 * @param words what the files may say
 * @param hosts the addresses of names among patterns; it is told which others are wanted
 * @throws {ConfigError} that holds every fault
 */
export function load(
  sources: readonly Source[],
  diagnostics: Diagnostics,
  options: LoadOptions,
  words: Words = configWords,
  hosts: HostNames = new HostNames(),
): Config {
  const environment = new Environment(options.environment ?? process.env)
  const files = sources.map((source) => source.name)
  environment.set('HAPROXY_CFGFILES', Buffer.from(files.join(';')).toString('latin1'))
  const answers = options.capabilities ?? capabilities()
  environment.set('HAPROXY_STARTUP_VERSION', answers.version)
  environment.set('HAPROXY_BRANCH', answers.version.split('.').slice(0, 2).join('.'))
  const compileRegex = compilerFor(options.regex ?? 'javascript', diagnostics)
  const openFile = (path: string, place: Place, described: ProcessDraft): string =>
    readFileSync(resolve(Buffer.from(path, 'latin1').toString(), place, described), 'latin1')
  const drafts = parse(sources, {
    diagnostics,
    environment,
    words,
    capabilities: answers,
    openFile,
    compileRegex,
    hosts,
    localPeer: options.localPeer,
    readFile: (path, place, described) => {
      const name = resolve(Buffer.from(path, 'latin1').toString(), place, described)
      try {
        return readFileSync(name, 'latin1')
      } catch (error) {
        diagnostics.alert(place, `error opening file '${name}': ${reasonOf(error)}`)
        return ''
      }
    },
  })
  const linked = link(drafts, words, environment.all, diagnostics)
  const all = inOrder(diagnostics.all, files)
  if (diagnostics.failed) throw new ConfigError(all)
  return new Config(linked, drafts.process, all)
}

/** By file and line; what belongs to no file comes last. */
function inOrder(diagnostics: readonly Diagnostic[], files: readonly string[]): readonly Diagnostic[] {
  const rank = ({ file }: Diagnostic): number => (file === '' ? files.length : files.indexOf(file))
  return [...diagnostics].sort((left, right) => rank(left) - rank(right) || left.line - right.line)
}
