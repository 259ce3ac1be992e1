/** `resolvers` sections → the name servers that rules and servers ask; each is made once, when it is asked for first. */
import { Resolvers } from '../index.js'
import type { ThingDrafts } from './thing-drafts.js'

/** The section that is there though nobody wrote it: the system's name servers. */
const DEFAULT = 'default'

/** The name servers of a section. */
export function findResolvers(things: ThingDrafts, name: string): Resolvers | undefined {
  const draft = things.resolvers.get(name) ?? (name === DEFAULT ? addDefault(things) : undefined)
  if (draft === undefined) return undefined
  const families = things.families === undefined ? {} : { families: things.families }
  draft.made ??= new Resolvers(draft.name, { ...draft.options, ...families })
  return draft.made
}

function addDefault(things: ThingDrafts) {
  const draft = { name: DEFAULT, options: {}, made: undefined as Resolvers | undefined }
  things.resolvers.set(DEFAULT, draft)
  return draft
}

/** All of them, that of the system included. */
export function allResolvers(things: ThingDrafts): readonly Resolvers[] {
  findResolvers(things, DEFAULT)
  return [...things.resolvers.keys()].flatMap((name) => findResolvers(things, name) ?? [])
}
