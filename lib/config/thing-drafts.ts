/** What the sections describe that are neither the process nor proxies, by name: for the rules and proxies that name it. */
import type { Resolvers } from '../index.js'

export interface ThingDrafts {
  readonly resolvers: Map<string, Resolvers>
}

export const thingDrafts = (): ThingDrafts => ({ resolvers: new Map() })
