/** `show peers`: how the connections between peers stand, in HAProxy's form. Manual of management, 9.3. */
import { DICTIONARY_SIZE } from '../../codec/peers-format.js'
import type { PeerStanding, Peers, PeersStanding, PeerTableStanding } from '../../index.js'
import { datePrinter } from '../../observe/dates.js'
import { type Command, type CommandCall, CommandError, type Stream } from '../command.js'

/** Nothing of ours has an address in memory. */
const POINTER = '0x0'
/** Entries of a dictionary in a line. */
const IN_A_LINE = 4

/** What HAProxy's flags say of the lesson at the start: from a predecessor, and from others, it is over. */
const lessonFlags: Readonly<Record<PeersStanding['learning'], string>> = { local: '0x0', remote: '0x1', done: '0x3' }

function showPeers({ balancer, args }: CommandCall): Stream {
  const [first] = args
  const withTexts = first === 'dict'
  const name = withTexts || first === '-' ? args[1] : first
  // What is switched off is not there, as in HAProxy.
  const running = balancer.peers.filter(({ disabled }) => !disabled)
  const wanted = name === undefined ? running : running.filter((peers) => peers.name === name)
  if (name !== undefined && wanted.length === 0) throw new CommandError('No such peers\n')
  const date = datePrinter()(balancer.engine.process.startedAt).slice(0, 20)
  return sections([...wanted].reverse(), date, withTexts)
}

function* sections(wanted: readonly Peers[], date: string, withTexts: boolean): Iterable<string> {
  for (const [index, peers] of wanted.entries()) {
    const standing = peers.standing()
    if (standing === undefined) continue
    const { learning, giveUpIn } = standing
    if (index > 0) yield '\n'
    const timeout = giveUpIn === undefined ? '<PAST>' : time(giveUpIn)
    yield `${POINTER}: [${date}] id=${peers.name} disabled=0 flags=${lessonFlags[learning]} resync_timeout=${timeout} task_calls=0\n`
    const updates = new Map(standing.tables.map(({ table, localUpdate }) => [table, localUpdate]))
    for (const peer of [...standing.peers].reverse()) yield* peerLines(peer, updates, withTexts)
  }
}

function* peerLines(peer: PeerStanding, updates: ReadonlyMap<string, number>, withTexts: boolean): Iterable<string> {
  const { name, local, active, status, lastHandshake, reconnectIn, heartbeatIn, established } = peer
  const kind = `${local ? 'local' : 'remote'},${active ? 'active' : 'inactive'}`
  yield `  ${POINTER}: id=${name}(${kind}) addr=${placeOf(peer)} last_status=${status} last_hdshk=${time(lastHandshake)}\n`
  const { confirmations, heartbeatsSent, heartbeatsReceived, silences, connections, protocolErrors, collisions } = peer
  yield `        reconnect=${time(reconnectIn)} heartbeat=${time(heartbeatIn)} confirm=${confirmations} tx_hbt=${heartbeatsSent} rx_hbt=${heartbeatsReceived} no_hbt=${silences} new_conn=${connections} proto_err=${protocolErrors} coll=${collisions}\n`
  const handler = active
    ? ` appctx:${POINTER} st0=${established ? 7 : 6} st1=0 task_calls=0 state=${established ? 'EST' : 'TAR'}`
    : ''
  yield `        flags=0x0${handler}\n`
  if (peer.from !== undefined) yield `        xprt=RAW src=${peer.from} addr=${peer.at}\n`
  yield* spokenOf('remote_table', peer.heardOf, peer)
  yield* spokenOf('last_local_table', peer.toldOf, peer)
  if (peer.tables.length === 0) return
  yield '        shared tables:\n'
  for (const table of [...peer.tables].reverse()) {
    yield tableLines(table, updates.get(table.table) ?? 0)
    if (withTexts)
      yield `        TX dictionary cache:\n${texts(peer.sentTexts)}        RX dictionary cache:\n${texts(received(peer))}`
    else yield '        Dictionary cache not dumped (use "show peers dict")\n'
  }
}

/** A unix socket has no place, and a name is one. */
function placeOf({ address }: PeerStanding): string {
  return address.startsWith('/') || address.includes('@') ? 'unix:0' : address.replace(/^\[(.*)\](?=:\d+$)/, '$1')
}

function* spokenOf(word: string, name: string | undefined, { tables }: PeerStanding): Iterable<string> {
  const table = tables.find((one) => one.table === name)
  if (table !== undefined)
    yield `        ${word}:${POINTER} id=${table.table} local_id=${table.localId} remote_id=${table.remoteId}\n`
}

function tableLines(table: PeerTableStanding, update: number): string {
  const { localId, remoteId, remoteData, acknowledged, pushed, received: got } = table
  return [
    `          ${POINTER} local_id=${localId} remote_id=${remoteId} flags=0x0 remote_data=0x${remoteData.toString(16)}`,
    `              last_acked=${got} last_pushed=${pushed} last_get=${got} teaching_origin=0 update=0`,
    `              table:${POINTER} id=${table.table} update=${update} localupdate=${update} commitupdate=${acknowledged} refcnt=1`,
    '',
  ].join('\n')
}

const received = ({ receivedTexts }: PeerStanding): readonly string[] =>
  Array.from({ length: DICTIONARY_SIZE }, (_, index) => receivedTexts[index] ?? '-')

/** What a peer tells may hold anything, and must not look like lines of ours. */
const printable = (text: string): string => text.replace(/[^ -~\x80-\xff]/g, '?')

function texts(list: readonly (string | undefined)[]): string {
  let lines = ''
  for (let at = 0; at < list.length; at += IN_A_LINE) {
    const line = list
      .slice(at, at + IN_A_LINE)
      .map((text, index) => `  ${String(at + index).padStart(3)} -> ${printable(text ?? '')}`)
    lines += `        ${line.join('')}\n`
  }
  return lines
}

/** `3s`, `1m7s`; what is not going to happen is never. */
function time(milliseconds: number | undefined): string {
  if (milliseconds === undefined || !Number.isFinite(milliseconds)) return '<NEVER>'
  const seconds = Math.floor(milliseconds / 1000)
  const units = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const
  const first = units.findIndex(([count]) => count > 0)
  if (first === -1) return '0s'
  const [one, other] = [units[first], units[first + 1]]
  return `${one?.join('')}${other === undefined || other[0] === 0 ? '' : other.join('')}`
}

export const peerViews: readonly Command[] = [
  {
    words: ['show', 'peers'],
    usage: 'show peers [dict|-] [section]           : dump some information about all the peers or this peers section',
    level: 'user',
    run: showPeers,
  },
]
