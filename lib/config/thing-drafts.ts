/** What the sections describe that are neither the process nor proxies, by name: for the rules and proxies that name it. */
import type { EventSink, Page, Resolvers, ResolversOptions, Ring, UserList } from '../index.js'
import type { Place } from './diagnostic.js'
import type { AclDraft } from './expression.js'
import type { LogProfileDraft, LogTarget } from './log-target.js'
import type { BindDraft, ProxyDraft, TableDraft } from './proxy-draft.js'

/** A `user` line. */
export interface UserDraft extends Place {
  readonly password: { readonly kind: 'password' | 'insecurePassword'; readonly text: string } | undefined
  readonly groups: readonly string[]
}

/** A `group` line. */
export interface GroupDraft extends Place {
  readonly users: readonly string[]
}

/** A `userlist` section. */
export interface UserListDraft {
  readonly name: string
  readonly users: Map<string, UserDraft>
  readonly groups: Map<string, GroupDraft>
  /** Once all sections have been read. */
  made: UserList | undefined
}

/** A `resolvers` section. */
export interface ResolversDraft {
  readonly name: string
  readonly options: ResolversOptions
  /** Once all sections have been read. */
  made: Resolvers | undefined
}

/** An `http-errors` section. */
export interface HttpErrorsDraft extends Place {
  readonly pages: ReadonlyMap<number, Page>
}

/** A `healthcheck` section: a proxy that has nothing but a check. */
export interface HealthCheckDraft extends Place {
  readonly draft: ProxyDraft
}

/** A `peer` or `server` line of a `peers` section. */
export interface PeerDraft extends Place {
  readonly name: string
  readonly local: boolean
  readonly address: string | undefined
  /** 0: all keys. */
  readonly shard: number
}

/** A `peers` section. */
export interface PeersDraft extends Place {
  readonly name: string
  /** What this process is called. */
  readonly local: string
  disabled: boolean
  shards: number
  bind: (BindDraft & Place) | undefined
  readonly peers: PeerDraft[]
  readonly tables: { readonly name: string; readonly table: TableDraft }[]
  readonly logs: (LogTarget | 'global')[]
}

/** What expressions have of the files and limits of a configuration. */
export interface ExpressionFiles {
  /** The bytes of a file as latin1. Throws when it cannot be read. */
  readonly readFile: (path: string, place: Place) => string
  /** The keys that were read of files, by path. */
  readonly keys: Map<string, object>
  /** `tune.bufsize`, where it is set; asked when all has been read. */
  readonly bufferSize: () => number | undefined
}

export interface ThingDrafts {
  readonly files: ExpressionFiles
  /** The ACLs that everybody knows, for expressions that name one. */
  readonly predefined: (name: string, place: Place) => AclDraft | undefined
  readonly resolvers: Map<string, ResolversDraft>
  /** `dns-accept-family` of `global`: whatever the sections are. */
  families: readonly (4 | 6)[] | undefined
  readonly users: Map<string, UserListDraft>
  readonly peers: Map<string, PeersDraft>
  readonly httpErrors: Map<string, HttpErrorsDraft>
  readonly healthChecks: Map<string, HealthCheckDraft>
  readonly rings: Map<string, Ring>
  /** `stdout` and `stderr`, where expressions show something there. */
  readonly printers: Map<string, EventSink>
  readonly logProfiles: Map<string, LogProfileDraft>
}

export const thingDrafts = (files: ExpressionFiles, predefined: ThingDrafts['predefined']): ThingDrafts => ({
  files,
  predefined,
  resolvers: new Map(),
  families: undefined,
  users: new Map(),
  peers: new Map(),
  httpErrors: new Map(),
  healthChecks: new Map(),
  rings: new Map(),
  printers: new Map(),
  logProfiles: new Map(),
})
