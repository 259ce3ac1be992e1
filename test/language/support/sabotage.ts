/** The loader's words with one of them broken: it is still read where that can be, and does nothing any more, or gives what nobody asked for. */

import { Ip } from '../../../lib/base/ip.js'
import type { ActionKeyword } from '../../../lib/config/action.js'
import type { FetchWord, Words } from '../../../lib/config/words.js'
import type { Alias } from '../../../lib/match/alias.js'
import type { ConverterDefinition } from '../../../lib/match/converter.js'
import { Sample } from '../../../lib/match/sample.js'
import type { StaticType, Value } from '../../../lib/match/value.js'
import type { WordClass } from './vocabulary.js'

/** Nothing at all, or a value that is wrong: where nothing is the right answer, only the other one shows. */
export type Breakage = 'silent' | 'wrong'

const wrongs: Readonly<Record<StaticType, Value>> = {
  bool: true,
  int: 424_242,
  str: 'sabotage',
  meth: 'SABOTAGE',
  bin: Buffer.from('sabotage'),
  ip: Ip.parse('192.0.2.42') as Ip,
  any: 'sabotage',
}

const broken =
  (how: Breakage, type: StaticType) =>
  (value: unknown): Value | undefined => {
    if (how === 'silent') return undefined
    return type === 'bool' ? value !== true : wrongs[type]
  }

function brokenSample(sample: Sample<unknown, never>, how: Breakage): Sample<unknown, never> {
  const { name, type, phases, mayChange, ask } = sample
  const give = broken(how, type)
  return new Sample<unknown, never>({ name, type, phases, mayChange, ask: (context) => give(ask(context)) })
}

const brokenFetch = ({ definition, derived }: FetchWord, how: Breakage): FetchWord => ({
  definition: { ...definition, make: (values, links) => brokenSample(definition.make(values, links), how) },
  derived,
})

const brokenConverter = (definition: ConverterDefinition, how: Breakage): ConverterDefinition => ({
  ...definition,
  prepare: (values, links, given) => {
    definition.prepare(values, links, given)
    return broken(how, definition.type === 'same' ? 'any' : definition.type)
  },
})

/** `%o` has no value of its own. */
const brokenAlias = (alias: Alias, how: Breakage): Alias | undefined =>
  alias.name === 'o' ? undefined : { ...alias, value: () => (how === 'silent' ? undefined : 'sabotage') }

/** In one rule set only. */
const silentAction = (action: ActionKeyword, set: string): ActionKeyword => ({
  ...action,
  read: (words) => {
    const maker = action.read(words)
    return maker === undefined || words.set !== set ? maker : () => undefined
  },
})

/** One that has no effect to lose is not known any more where it stands. */
const brokenAction = (action: ActionKeyword, set: string, how: Breakage): ActionKeyword =>
  how === 'silent' ? silentAction(action, set) : { ...action, sets: action.sets.filter((one) => one !== set) }

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
export function disable(words: Words, key: string, how: Breakage): Words {
  const [kind, name] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)]
  switch (kind) {
    case 'fetch':
      return { ...words, fetches: replaced(words.fetches, name, (word) => brokenFetch(word, how)) }
    case 'derived':
      return { ...words, fetches: replaced(words.fetches, name, () => undefined) }
    case 'converter':
      return { ...words, converters: replaced(words.converters, name, (one) => brokenConverter(one, how)) }
    case 'alias':
      return { ...words, aliases: replaced(words.aliases, name.slice(1), (alias) => brokenAlias(alias, how)) }
    case 'match':
      return { ...words, matchMethods: without<string>(words.matchMethods, name) as Words['matchMethods'] }
    case 'flag':
      return { ...words, flags: without(words.flags, name) }
    case 'action': {
      const [, set = '', action = ''] = ruleSets.exec(name) ?? []
      return { ...words, actions: replaced(words.actions, action, (one) => brokenAction(one, set, how)) }
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
