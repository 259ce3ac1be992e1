/** `show` and `get` for maps and ACLs: which there are, what is in them, and what a value matches. Manual of management, 9.3. */

import { askedWith } from '../../match/patterns/methods.js'
import type { PatternView } from '../../match/patterns/pattern-set.js'
import { type Command, type CommandCall, CommandError, type Stream } from '../command.js'
import { findPatterns, type ListedPatterns, type PatternKind } from '../pattern-list.js'
import { versionOf } from '../pattern-version.js'

const show =
  (kind: PatternKind) =>
  ({ patterns, args }: CommandCall): Stream => {
    if (args.length === 0) return list(patterns.filter(({ set }) => set.isMap === (kind === 'map')))
    const { version, rest } = versionOf(args)
    const { set } = findPatterns(patterns, kind, rest[0], true)
    return entries(set.entries(version ?? set.version))
  }

function* list(shown: readonly ListedPatterns[]): Generator<string> {
  yield '# id (file) description\n'
  for (const { id, set, description } of shown) {
    const state = `curr_ver=${set.version} next_ver=${set.nextVersion} entry_cnt=${set.size}`
    yield `${id} (${set.name}) ${description}. ${state}\n`
  }
}

function* entries(shown: ReturnType<ListedPatterns['set']['entries']>): Generator<string> {
  for (const { id, pattern, value } of shown)
    yield `0x${id.toString(16)} ${pattern}${value === undefined ? '' : ` ${value}`}\n`
}

const get =
  (kind: PatternKind) =>
  ({ patterns, args: [which, value] }: CommandCall): string => {
    if (which === undefined || value === undefined)
      throw new CommandError(`Missing ${kind === 'map' ? 'map' : 'ACL'} identifier and/or key.\n`)
    const { set } = findPatterns(patterns, kind, which, false)
    return Array.from(set.views(), (view) => `${answer(view, kind, value)}\n`).join('')
  }

function answer(view: PatternView, kind: PatternKind, value: string): string {
  const { method, ignoreCase } = view.use
  const asked = askedWith(method)(value)
  const entry = asked === undefined ? undefined : view.find(asked)
  const word = kind === 'map' ? 'found' : 'match'
  const manner = `type=${method}, case=${ignoreCase ? 'insensitive' : 'sensitive'}, ${word}=`
  if (entry === undefined) return `${manner}no`
  const indexed = !ignoreCase && (method === 'str' || method === 'beg' || method === 'ip')
  const found = `${manner}yes, idx=${indexed ? 'tree' : 'list'}`
  if (kind === 'acl') return `${found}, pattern="${entry.pattern}"`
  const given = entry.value === undefined ? 'value=none' : `value="${entry.value}", type="str"`
  return `${found}, key="${entry.pattern}", ${given}`
}

const view = (words: string, usage: string, run: Command['run']): Command => ({
  words: words.split(' '),
  usage,
  level: 'user',
  run,
})

export const patternViews: readonly Command[] = [
  view(
    'show map',
    "show map [@ver] [map]                   : report available maps or dump a map's contents",
    show('map'),
  ),
  view(
    'show acl',
    "show acl [@<ver>] <acl>]                : report available acls or dump an acl's contents",
    show('acl'),
  ),
  view(
    'get map',
    'get map <acl> <value>                   : report the keys and values matching a sample for a map',
    get('map'),
  ),
  view(
    'get acl',
    'get acl <acl> <value>                   : report the patterns matching a sample for an ACL',
    get('acl'),
  ),
]
