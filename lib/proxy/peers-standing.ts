/** How peers stand, as plain data: for people, the runtime API and tests. */

/** What a handshake has come to, in HAProxy's words: none yet, connecting, established, or what the other side answered. */
export type PeerStatus = 'NONE' | 'CONN' | 'ESTA' | 'RETR' | 'PROT' | 'VERS' | 'NAME' | 'UNKN'

/** A table between this process and one peer. Numbers of updates have 32 bits. */
export interface PeerTableStanding {
  /** The table's own name. */
  readonly table: string
  /** What peers call it. */
  readonly name: string
  /** Our number for it, and the peer's; 0 while it has told none. */
  readonly localId: number
  readonly remoteId: number
  /** The kinds of data that the peer tells of, a bit each. */
  readonly remoteData: number
  /** Our last update that it has acknowledged, and that it was sent. */
  readonly acknowledged: number
  readonly pushed: number
  /** Its last update that came. */
  readonly received: number
}

/** One peer. */
export interface PeerStanding {
  readonly name: string
  readonly local: boolean
  readonly address: string
  readonly status: PeerStatus
  /** A connection is there, or being made. */
  readonly active: boolean
  /** Both sides may tell. */
  readonly established: boolean
  /** It has called us, not we it. */
  readonly incoming: boolean
  /** Where it has called us from, and where we were called: a connection that we have made has none. */
  readonly from: string | undefined
  readonly at: string | undefined
  /** Milliseconds since the last handshake was tried; undefined without one. */
  readonly lastHandshake: number | undefined
  /** Milliseconds until it is called again. */
  readonly reconnectIn: number | undefined
  /** Milliseconds until a heartbeat is sent. */
  readonly heartbeatIn: number | undefined
  /** Finished lessons whose confirmation is awaited. */
  readonly confirmations: number
  /** It is telling us all that it knows; we are telling it. */
  readonly teachingUs: boolean
  readonly taught: boolean
  readonly heartbeatsSent: number
  readonly heartbeatsReceived: number
  /** Connections that were given up since nothing was heard. */
  readonly silences: number
  readonly connections: number
  readonly protocolErrors: number
  /** Connections that both sides had made at the same time. */
  readonly collisions: number
  readonly tables: readonly PeerTableStanding[]
  /** The tables that it, and we, have spoken of last, by their own names. */
  readonly heardOf: string | undefined
  readonly toldOf: string | undefined
  /** Texts that have a number, in the order of the numbers. */
  readonly sentTexts: readonly (string | undefined)[]
  readonly receivedTexts: readonly (string | undefined)[]
}

/** A group of peers. */
export interface PeersStanding {
  /** From whom everything is to be learned yet: a predecessor, one of the others, or nobody any more. */
  readonly learning: 'local' | 'remote' | 'done'
  /** Milliseconds until that is given up; undefined when nothing is to be learned. */
  readonly giveUpIn: number | undefined
  readonly peers: readonly PeerStanding[]
  /** Of each table: its last local update, and all that have been numbered. */
  readonly tables: readonly { readonly table: string; readonly localUpdate: number }[]
}

/** Who runs a group. */
export interface PeersHost {
  standing(): PeersStanding
}
