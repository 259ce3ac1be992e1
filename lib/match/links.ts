/** What expressions name and somebody else has: tables, proxies, servers, lists of users, files. The loader finds them, the rooms that own them look inside. */

import type { Condition } from './condition.js'
import type { EventSink } from './event-sink.js'
import type { Phase } from './phase.js'
import { compileRegex, type RegexCompiler } from './regex.js'

/** Something that may be made only after whoever refers to it. */
export interface Late<T = unknown> {
  readonly name: string
  /** The thing itself. Not to be called before everything has been linked. */
  get(): T
}

/** How the words of an expression reach what they name. Each gives `undefined` when there is none of that name. */
export interface Links {
  /** A stick table; that of the proxy at hand without a name. */
  readonly table: (name: string | undefined) => unknown
  /** A frontend or backend; the proxy at hand without a name, if it is one. */
  readonly frontend: (name: string | undefined) => Late | undefined
  readonly backend: (name: string | undefined) => Late | undefined
  /** A server of a backend; of the proxy at hand without a backend's name. */
  readonly server: (backend: string | undefined, name: string) => Late | undefined
  /** A named ACL of the section at hand. */
  readonly acl: (name: string) => Condition<Phase> | undefined
  /** A list of users. */
  readonly users: (name: string) => unknown
  /** A resolvers section. */
  readonly resolvers: (name: string) => unknown
  /** An event sink: a ring, `stdout`, `stderr`. */
  readonly sink: (name: string) => EventSink | undefined
  /** The patterns of a reference (a file's name, `opt@…`, `virt@…`), one set for all who name it; with values when it is a map. */
  readonly patterns: (reference: string, map: boolean) => unknown
  /** The most bytes that a converter gives: HAProxy's `tune.bufsize`. */
  readonly bufferSize: number
  /** The keys that were read of files, by path: what comes in a variable may only name one of these. */
  readonly keys: { readonly get: (path: string) => unknown; readonly set: (path: string, key: object) => unknown }
  /** Compiles regular expressions. */
  readonly compileRegex: RegexCompiler
  /** The text of a file, as latin1. Throws when it cannot be read. */
  readonly readFile: (path: string) => string
}

const none = (): undefined => undefined

/** For expressions that name nothing. */
export const noLinks: Links = {
  table: none,
  frontend: none,
  backend: none,
  server: none,
  acl: none,
  users: none,
  resolvers: none,
  sink: none,
  patterns: none,
  bufferSize: 16_384,
  keys: { get: none, set: none },
  compileRegex,
  readFile: (path) => {
    throw new Error(`no file '${path}' here`)
  },
}
