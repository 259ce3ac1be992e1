/** What changes maps and ACLs: entries one by one or many in a payload, and whole versions at once. Manual of management, 9.3. */
import { OptionError } from '../../base/errors.js'
import { PatternMap } from '../../match/patterns/pattern-map.js'
import type { PatternSet } from '../../match/patterns/pattern-set.js'
import { adminCommand, type Command, type CommandCall, CommandError } from '../command.js'
import { entryId, findPatterns, type PatternKind } from '../pattern-list.js'
import { versionOf } from '../pattern-version.js'

const noun = (kind: PatternKind): string => (kind === 'map' ? 'map' : 'ACL')

/** What a set says of a pattern or a value that it cannot take. */
function attempt<T>(change: () => T): T {
  try {
    return change()
  } catch (error) {
    if (!(error instanceof OptionError)) throw error
    throw new CommandError(
      `${error.message.replace(/^(?:pattern|value|PatternMap|PatternSet)[^:]*: /, '').replace(/:.*/s, '')}.\n`,
    )
  }
}

function putIn(set: PatternSet, kind: PatternKind, version: number | undefined, entries: readonly Entry[]): void {
  const into = version ?? set.version
  if (into > set.nextVersion && into !== set.version)
    throw new CommandError(`Version number in the future, please use 'prepare ${kind}' before.\n`)
  // What belongs to a version that is gone is nowhere to be seen.
  if (into < set.version) return
  for (const { pattern, value } of entries) attempt(() => set.add(pattern, value, into))
}

interface Entry {
  readonly pattern: string
  readonly value: string | undefined
}

function addToMap({ patterns, args, payload }: CommandCall): string {
  const { version, rest } = versionOf(args)
  const [which, pattern, value] = rest
  if (which === undefined || (payload === undefined && (pattern === undefined || value === undefined)))
    throw new CommandError(
      "'add map' expects three parameters (map identifier, key and value) or one parameter (map identifier) and a payload\n",
    )
  const { set } = findPatterns(patterns, 'map', which, false)
  const lines = payload === undefined ? [{ pattern: pattern as string, value }] : linesOf(payload)
  putIn(set, 'map', version, set.isMap ? lines : lines.map((line) => ({ ...line, value: undefined })))
  return ''
}

/** A key, blanks, and its value: one a line. */
function linesOf(payload: string): Entry[] {
  return payload
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [, pattern = line, value] = /^(\S+)[ \t]+(.*)$/s.exec(line) ?? []
      if (value === undefined) throw new CommandError(`Missing value for key '${pattern}'.\n`)
      return { pattern, value }
    })
}

function addToAcl({ patterns, args }: CommandCall): string {
  const { version, rest } = versionOf(args)
  const [which, pattern] = rest
  if (which === undefined || pattern === undefined)
    throw new CommandError("'add acl' expects two parameters: ACL identifier and pattern.\n")
  const { set } = findPatterns(patterns, 'acl', which, false)
  if (set.isMap)
    throw new CommandError(
      "This ACL is shared with a map containing samples. You must use the command 'add map' to add values.\n",
    )
  putIn(set, 'acl', version, [{ pattern, value: undefined }])
  return ''
}

function setInMap({ patterns, args: [which, key, value] }: CommandCall): string {
  if (which === undefined || key === undefined || value === undefined)
    throw new CommandError("'set map' expects three parameters: map identifier, key and value.\n")
  const { set } = findPatterns(patterns, 'map', which, false)
  const id = entryId(key)
  const changed =
    set instanceof PatternMap && attempt(() => (id === undefined ? set.replace(key, value) : set.setEntry(id, value)))
  if (!changed) throw new CommandError(id === undefined ? 'entry not found.\n' : 'key or pattern not found.\n')
  return ''
}

const remove =
  (kind: PatternKind) =>
  ({ patterns, args: [which, key] }: CommandCall): string => {
    if (which === undefined || key === undefined)
      throw new CommandError(`This command expects two parameters: ${noun(kind)} identifier and key.\n`)
    const { set } = findPatterns(patterns, kind, which, true)
    const id = entryId(key)
    const gone = id === undefined ? set.delete(key) > 0 : set.deleteEntry(id)
    if (!gone) throw new CommandError('Key not found.\n')
    return ''
  }

const clear =
  (kind: PatternKind) =>
  ({ patterns, args }: CommandCall): string => {
    const { version, rest } = versionOf(args)
    if (rest[0] === undefined) throw new CommandError(`Missing ${noun(kind)} identifier.\n`)
    const { set } = findPatterns(patterns, kind, rest[0], true)
    set.clear(version ?? set.version)
    return ''
  }

const prepare =
  (kind: PatternKind) =>
  ({ patterns, args: [which] }: CommandCall): string =>
    `New version created: ${findPatterns(patterns, kind, which, true).set.prepare()}\n`

const commit =
  (kind: PatternKind) =>
  ({ patterns, args }: CommandCall): string => {
    const { version, rest } = versionOf(args)
    if (version === undefined) throw new CommandError('Missing version number.\n')
    if (rest[0] === undefined) throw new CommandError(`Missing ${noun(kind)} identifier.\n`)
    const { set } = findPatterns(patterns, kind, rest[0], true)
    if (version <= set.version || version > set.nextVersion) throw new CommandError('Version number out of range.\n')
    set.commit(version)
    return ''
  }

export const patternOrders: readonly Command[] = [
  adminCommand(
    'add map',
    'add map [@<ver>] <map> <key> <val>      : add a map entry (payload supported instead of key/val)',
    addToMap,
  ),
  adminCommand('add acl', 'add acl [@<ver>] <acl> <pattern>        : add an acl entry', addToAcl),
  adminCommand('set map', 'set map <map> [<key>|#<ref>] <value>    : modify a map entry', setInMap),
  adminCommand('del map', 'del map <map> [<key>|#<ref>]            : delete map entries matching <key>', remove('map')),
  adminCommand('del acl', 'del acl <acl> [<key>|#<ref>]            : delete acl entries matching <key>', remove('acl')),
  adminCommand('clear map', 'clear map [@<ver>] <map>                : clear the contents of this map', clear('map')),
  adminCommand('clear acl', 'clear acl [@<ver>] <acl>                : clear the contents of this acl', clear('acl')),
  adminCommand(
    'prepare map',
    'prepare map <acl>                       : prepare a new version for atomic map replacement',
    prepare('map'),
  ),
  adminCommand(
    'prepare acl',
    'prepare acl <acl>                       : prepare a new version for atomic ACL replacement',
    prepare('acl'),
  ),
  adminCommand('commit map', 'commit map @<ver> <map>                 : commit the map at this version', commit('map')),
  adminCommand('commit acl', 'commit acl @<ver> <acl>                 : commit the ACL at this version', commit('acl')),
]
