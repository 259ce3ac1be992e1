/** The sets of patterns that the runtime API knows, by number and by file. */
import type { PatternSet } from '../match/patterns/pattern-set.js'
import { CommandError } from './command.js'

/** A set as the runtime API knows it. */
export interface ListedPatterns {
  /** Behind a `#`. */
  readonly id: number
  readonly set: PatternSet
  /** What `show acl` and `show map` tell of its use. */
  readonly description: string
}

/** What commands call it. */
export type PatternKind = 'map' | 'acl'

/** What a command is about; what it is called by is a number behind a `#`, or the name of its file. */
export function findPatterns(
  all: readonly ListedPatterns[],
  kind: PatternKind,
  word: string | undefined,
  strict: boolean,
): ListedPatterns {
  const number = /^#(\d{1,10})$/.exec(word ?? '')?.[1]
  const found = all.find(({ id, set }) =>
    number === undefined ? word !== undefined && word !== '' && set.name === word : id === Number(number),
  )
  if (found === undefined || (strict && found.set.isMap !== (kind === 'map'))) throw unknown(kind)
  return found
}

const unknown = (kind: PatternKind): CommandError =>
  new CommandError(`Unknown ${kind === 'map' ? 'map' : 'ACL'} identifier. Please use #<id> or <file>.\n`)

/** The number behind a `#0x`, by which `show` tells of entries. */
export function entryId(word: string): number | undefined {
  const hex = /^#0x([0-9a-f]{1,13})$/i.exec(word)?.[1]
  return hex === undefined ? undefined : Number.parseInt(hex, 16)
}
