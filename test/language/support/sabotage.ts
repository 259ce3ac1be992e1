/** The loader's words with one of them disabled: it is still read where that can be, and does nothing any more. */

import type { ActionKeyword } from '../../../lib/config/action.js'
import type { FetchWord, Words } from '../../../lib/config/words.js'
import type { Alias } from '../../../lib/match/alias.js'
import type { ConverterDefinition } from '../../../lib/match/converter.js'
import { Sample } from '../../../lib/match/sample.js'
import type { WordClass } from './vocabulary.js'

const silent = ({ name, type, phases, mayChange }: Sample<unknown, never>): Sample<unknown, never> =>
  new Sample<unknown, never>({ name, type, phases, mayChange, ask: () => undefined })

const silentFetch = ({ definition, derived }: FetchWord): FetchWord => ({
  definition: { ...definition, make: (values, links) => silent(definition.make(values, links)) },
  derived,
})

const silentConverter = (definition: ConverterDefinition): ConverterDefinition => ({
  ...definition,
  prepare: (values, links) => {
    definition.prepare(values, links)
    return () => undefined
  },
})

/** `%o` prints nothing: it can only be unknown. */
const silentAlias = (alias: Alias): Alias | undefined =>
  alias.name === 'o' ? undefined : { ...alias, value: () => undefined }

/** In one rule set only. */
const silentAction = (action: ActionKeyword, set: string): ActionKeyword => ({
  ...action,
  read: (words) => {
    const maker = action.read(words)
    return maker === undefined || words.set !== set ? maker : () => undefined
  },
})

function replaced<T>(table: ReadonlyMap<string, T>, name: string, change: (one: T) => T | undefined): Map<string, T> {
  const copy = new Map(table)
  const present = copy.get(name)
  const changed = present === undefined ? undefined : change(present)
  if (changed === undefined) copy.delete(name)
  else copy.set(name, changed)
  return copy
}

const without = <T>(set: ReadonlySet<T>, name: string): Set<T> => new Set([...set].filter((one) => one !== name))

/** Classes that can be sabotaged. */
export const sabotaged: ReadonlySet<WordClass> = new Set([
  'fetch',
  'converter',
  'action',
  'alias',
  'derived',
  'match',
  'flag',
  'keyword',
  'global',
])

const ruleSets = /^(tcp-request \S+|tcp-response \S+|http-\S+) (.*)$/

/** @param key as in `covers`: `fetch:path` */
export function disable(words: Words, key: string): Words {
  const [kind, name] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)]
  switch (kind) {
    case 'fetch':
      return { ...words, fetches: replaced(words.fetches, name, silentFetch) }
    case 'derived':
      return { ...words, fetches: replaced(words.fetches, name, () => undefined) }
    case 'converter':
      return { ...words, converters: replaced(words.converters, name, silentConverter) }
    case 'alias':
      return { ...words, aliases: replaced(words.aliases, name.slice(1), silentAlias) }
    case 'match':
      return { ...words, matchMethods: without<string>(words.matchMethods, name) as Words['matchMethods'] }
    case 'flag':
      return { ...words, flags: without(words.flags, name) }
    case 'action': {
      const [, set = '', action = ''] = ruleSets.exec(name) ?? []
      return { ...words, actions: replaced(words.actions, action, (one) => silentAction(one, set)) }
    }
    case 'global':
      return {
        ...words,
        processKeywords: replaced(words.processKeywords, name, (keyword) => ({ ...keyword, parse: () => {} })),
      }
    default:
      return {
        ...words,
        proxyKeywords: replaced(words.proxyKeywords, name, (keyword) => ({ ...keyword, parse: () => {} })),
      }
  }
}
