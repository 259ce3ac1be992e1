/** Sections: which words open one, and what stands behind them (`frontend NAME from DEFAULTS`). What stands in them is `keywords/`. */
import type { Diagnostics, Place } from './diagnostic.js'
import type { Statement } from './reader.js'

/** The sections that describe proxies. */
export type ProxyKind = 'defaults' | 'frontend' | 'listen' | 'backend'

/** Whether a section has a name of its own. */
type Naming = 'none' | 'optional' | 'required'

interface SectionType {
  readonly kind: 'process' | 'proxy' | 'later' | 'removed'
  readonly naming: Naming
}

const type = (kind: SectionType['kind'], naming: Naming): SectionType => ({ kind, naming })

const types: ReadonlyMap<string, SectionType> = new Map([
  ['global', type('process', 'none')],
  ['defaults', type('proxy', 'optional')],
  ['frontend', type('proxy', 'required')],
  ['backend', type('proxy', 'required')],
  ['listen', type('proxy', 'required')],
  ['peers', type('later', 'required')],
  ['resolvers', type('later', 'required')],
  ['userlist', type('later', 'required')],
  ['mailers', type('later', 'required')],
  ['cache', type('later', 'required')],
  ['ring', type('later', 'required')],
  ['http-errors', type('later', 'required')],
  ['log-forward', type('later', 'required')],
  ['fcgi-app', type('later', 'required')],
  ['crt-store', type('later', 'optional')],
  ['traces', type('later', 'none')],
  ['log-profile', type('later', 'required')],
  ['healthcheck', type('later', 'required')],
  ['acme', type('later', 'required')],
  ['program', type('removed', 'required')],
])

/** The words that open a section. */
export const sectionWords: readonly string[] = [...types.keys()]

/** Whether a line that begins with this word opens a section. */
export const isSectionWord = (word: string): boolean => types.has(word)

/** A section's first line. */
export interface SectionHeader extends Place {
  readonly word: string
  readonly kind: SectionType['kind']
  readonly name: string
  /** The defaults section that it asks for by name. */
  readonly from: string | undefined
  /** The words behind the name, for the sections that take some. */
  readonly rest: readonly string[]
  /** Nothing is wrong with the line. */
  readonly sound: boolean
}

const forbidden = /[^A-Za-z0-9_.:-]/

/** The first character that a proxy's or server's name may not have. */
export const forbiddenCharacter = (name: string): string | undefined => forbidden.exec(name)?.[0]

/** Reads a line that opens a section; whatever is wrong with it is told, and the section is opened all the same. */
export function openSection(statement: Statement, diagnostics: Diagnostics): SectionHeader {
  const [word = '', ...args] = statement.words
  const { kind, naming } = types.get(word) ?? type('later', 'optional')
  const { file, line } = statement
  let sound = true
  const alert = (message: string, advice?: string): void => {
    sound = false
    diagnostics.alert({ file, line }, message, advice)
  }
  const named = naming !== 'none' && args[0] !== undefined && (naming === 'required' || args[0] !== 'from')
  const name = named ? (args.shift() ?? '') : ''
  const character = forbiddenCharacter(name)
  if (naming === 'required' && name === '') alert(`'${word}' expects an <id> argument`)
  else if (character !== undefined) alert(`character '${character}' is not permitted in '${word}' name '${name}'.`)
  let from: string | undefined
  if (kind === 'proxy' && args[0] === 'from' && args[1] !== undefined) [, from] = args.splice(0, 2)
  const [extra] = args
  // The later sections take arguments of their own (`traces`, `cache` …), which are none of our business yet.
  if (extra !== undefined && kind === 'proxy' && word !== 'defaults' && word !== 'backend' && from === undefined) {
    const advice =
      extra === 'from'
        ? "'from' expects the name of a defaults section"
        : `write 'bind ${args.join(' ')}' on a line of its own`
    alert("please use the 'bind' keyword for listening addresses.", advice)
  } else if (extra !== undefined && (kind === 'process' || kind === 'proxy')) {
    alert(`'${word}' cannot handle unexpected argument '${extra}'.`)
  }
  return { word, kind, name, from, rest: args, sound, file, line }
}
