/** `peers` sections → groups of peers, with the tables of their own and those of proxies that name them. */
import { type BindOptions, type Logger, type PeerOptions, Peers, type PeerTable, type StickTable } from '../index.js'
import { didYouMean } from './advice.js'
import type { Diagnostics, Place } from './diagnostic.js'
import type { LoggerMaker } from './log-link.js'
import type { BindDraft, TableDraft } from './proxy-draft.js'
import { linkWriteTo, makeTable } from './table-link.js'
import type { PeersDraft } from './thing-drafts.js'

/** A table of a proxy, and the line that made it. */
export interface ProxyTable {
  readonly name: string
  readonly draft: TableDraft
}

/** Makes the tables of the sections, which expressions know as `section/table`. */
export function makePeerTables(sections: Iterable<PeersDraft>, tables: Map<string, StickTable>): void {
  for (const { name: section, tables: own } of sections)
    for (const { name, table } of own) tables.set(`${section}/${name}`, makeTable(`${section}/${name}`, table))
}

/** Has them write to the tables that they name. */
export function linkPeerTables(
  sections: Iterable<PeersDraft>,
  tables: ReadonlyMap<string, StickTable>,
  diagnostics: Diagnostics,
): void {
  for (const { name: section, tables: own } of sections)
    for (const { name, table: draft } of own) {
      const table = tables.get(`${section}/${name}`)
      if (table !== undefined) linkWriteTo(table, draft, tables, diagnostics)
    }
}

/** The groups that are to run, and whom each tells of what happens to its peers. */
export interface LinkedPeers {
  readonly peers: readonly Peers[]
  readonly loggers: ReadonlyMap<string, readonly Logger[]>
}

/** Makes the groups. */
export function linkPeers(
  sections: ReadonlyMap<string, PeersDraft>,
  proxies: readonly ProxyTable[],
  tables: ReadonlyMap<string, StickTable>,
  loggers: LoggerMaker,
  diagnostics: Diagnostics,
): LinkedPeers {
  for (const { name, draft } of proxies) checkSection(name, draft, sections, diagnostics)
  const whole = [...sections.values()].filter((section) => isWhole(section, diagnostics))
  return {
    peers: whole.flatMap((section) => makePeers(section, tablesOf(section, proxies, tables), diagnostics) ?? []),
    loggers: new Map(whole.map(({ name, logs }) => [name, loggers.ofTargets(logs)])),
  }
}

function checkSection(
  proxy: string,
  draft: TableDraft,
  sections: ReadonlyMap<string, PeersDraft>,
  diagnostics: Diagnostics,
): void {
  if (draft.peers === undefined || sections.has(draft.peers)) return
  const advice = didYouMean(draft.peers, sections.keys()) ?? `add a section 'peers ${draft.peers}'`
  diagnostics.alert(draft, `Proxy '${proxy}': unable to find sync peers '${draft.peers}'.`, advice)
}

/** As in HAProxy, one file may serve processes of which some are no members: they do not take part. */
function isWhole({ name, local, peers, bind, ...place }: PeersDraft, diagnostics: Diagnostics): boolean {
  if (!peers.some((peer) => peer.local)) {
    diagnostics.warning(
      place,
      `Removing incomplete section 'peers ${name}' (no peer named '${local}').`,
      `add it, or say what this process is called with 'localpeer' or -L`,
    )
    return false
  }
  if (bind === undefined && peers.every((peer) => !peer.local || peer.address === undefined))
    diagnostics.warning(
      place,
      `peers '${name}': this process has no address, so that no peer can connect to it.`,
      `add one behind '${local}', or a 'bind' line`,
    )
  return true
}

function tablesOf(
  { name: section, tables: own }: PeersDraft,
  proxies: readonly ProxyTable[],
  tables: ReadonlyMap<string, StickTable>,
): readonly PeerTable[] {
  const named = [
    // In HAProxy's order, which its numbers follow.
    ...own.map(({ name }) => ({ key: `${section}/${name}`, name: `/${name}` })).reverse(),
    ...proxies.filter(({ draft }) => draft.peers === section).map(({ name }) => ({ key: name, name })),
  ]
  return named.flatMap(({ key, name }) => {
    const table = tables.get(key)
    return table === undefined ? [] : [{ table, name }]
  })
}

function makePeers(draft: PeersDraft, tables: readonly PeerTable[], diagnostics: Diagnostics): Peers | undefined {
  const { name, local, disabled, shards, bind } = draft
  for (const peer of draft.peers) {
    if (peer.shard <= shards) continue
    const said = shards === 0 ? "there is no 'shards' line" : `there are ${shards}`
    diagnostics.alert(peer, `'peer ${peer.name}' : 'shard ${peer.shard}' is out of range: ${said}.`)
  }
  const known = draft.peers.flatMap(({ name: peer, address, shard }): [string, PeerOptions][] =>
    address === undefined || shard > shards ? [] : [[peer, { address, shard }]],
  )
  try {
    return new Peers(name, {
      local,
      peers: Object.fromEntries(known),
      tables,
      disabled,
      ...(bind === undefined ? {} : { bind: bindOptions(bind) }),
      ...(shards === 0 ? {} : { shards }),
    })
  } catch (error) {
    diagnostics.alert(draft, (error as Error).message)
    return undefined
  }
}

function bindOptions({ file: _file, line: _line, ...bind }: BindDraft & Place): BindOptions {
  const given = Object.entries(bind).filter(([, value]) => value !== undefined)
  return { address: bind.address, ...Object.fromEntries(given) }
}
