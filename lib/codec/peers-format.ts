/** The numbers of the peers protocol: classes and types of its messages, what a handshake is answered with, kinds of keys and data. Manual, "peers protocol 2.1". */

/** Classes of messages: the first byte. */
export const CONTROL = 0
export const FAULT = 1
export const TABLE = 10
export const RESERVED = 255

/** Control messages by their second byte. */
export const controls = ['resyncRequest', 'resyncFinished', 'resyncPartial', 'resyncConfirm', 'heartbeat'] as const
/** What a control message says. */
export type Control = (typeof controls)[number]

/** Error messages by their second byte. */
export const faults = ['protocol', 'size'] as const
/** What a peer complains of. */
export type Fault = (typeof faults)[number]

/** Messages about tables by their second byte; the timed ones say when the entry is forgotten. */
export const UPDATE = 128
export const INCREMENTAL = 129
export const DEFINITION = 130
export const SWITCH = 131
export const ACKNOWLEDGED = 132
export const TIMED_UPDATE = 133
export const TIMED_INCREMENTAL = 134

/** Bytes of a whole message at most, as in HAProxy with its usual buffers. */
export const LONGEST_MESSAGE = 16384
/** Texts that either side keeps, to be named by their number. */
export const DICTIONARY_SIZE = 128
/** Elements of an array at most. */
export const MOST_ELEMENTS = 100

/** What a handshake is answered with. */
export const SUCCEEDED = 200
export const TRY_AGAIN = 300
export const PROTOCOL_ERROR = 501
export const BAD_VERSION = 502
/** The peer that is called is not called so. */
export const REMOTE_UNKNOWN = 503
/** The peer that calls is not known. */
export const LOCAL_UNKNOWN = 504

/** Kinds of keys by their number. */
export const keyTypes = { integer: 2, ipv4: 4, ipv6: 5, string: 6, binary: 7 } as const

/** How a kind of data goes over the wire: one number; three of a rate (age of its window, its count, the count of the one before); a text of the dictionary. */
export type WireKind = 'number' | 'rate' | 'text'

/** One kind of data. */
export interface WireType {
  readonly kind: WireKind
  /** Its definition says how many there are. */
  readonly array: boolean
}

const RATES: ReadonlySet<number> = new Set([3, 5, 8, 10, 12, 14, 16, 18, 21, 24, 26])
const ARRAYS: ReadonlySet<number> = new Set([22, 23, 24])
const SERVER_KEY = 19
const COUNT = 27

/** The kinds of data by their number: 0 `server_id` to 24 `gpc_rate`, and the two of `glitch` that came later. */
export const wireTypes: readonly WireType[] = Array.from({ length: COUNT }, (_, number) => ({
  kind: RATES.has(number) ? 'rate' : number === SERVER_KEY ? 'text' : 'number',
  array: ARRAYS.has(number),
}))

/** One kind of data that a table's updates carry. */
export interface WireField {
  readonly number: number
  /** 1, but for arrays. */
  readonly elements: number
  /** Milliseconds that a rate looks back on; 0 for the others, or when the peer does not say. */
  readonly period: number
}

/** What a peer says of a table before it tells of its entries. */
export interface Definition {
  /** The sender's number for it. */
  readonly id: number
  readonly name: string
  readonly keyType: number
  /** Bytes of a key; of text, one more than there may be. */
  readonly keyLength: number
  /** In the order in which updates carry them. */
  readonly fields: readonly WireField[]
  /** Milliseconds; 0 when entries are not forgotten. */
  readonly expire: number
}

/** What is told of an entry: for each element in turn one number, three of a rate, or a text. */
export type Values = readonly (number | string | undefined)[]
