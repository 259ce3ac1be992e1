/**
 * What happened in one transaction, as plain data: logs, statistics and tests all read this record, which is closed once.
 * Times are milliseconds; -1 stands for a stage that was never reached, as in HAProxy's logs.
 */
import type { Outcome } from '../base/errors.js'
import type { Captures } from '../match/context.js'

/** How long each stage took. Manual, "Timing events". */
export interface Timers {
  /** Handshakes before the first request: %Th. */
  handshake: number
  /** From the connection's (or the previous answer's) end to the request's first byte: HAProxy's %Ti. */
  idle: number
  /** From the request's first byte to the end of its head: %TR. */
  request: number
  /** Waiting in queues: %Tw. */
  queue: number
  /** Reaching the server: %Tc. */
  connect: number
  /** From the request's end to the response's head: %Tr. */
  response: number
  /** From the request's first byte to the end: %Ta. */
  active: number
  /** From the connection's acceptance to the end: %Tt. */
  total: number
}

/** How busy each part was when the transaction ended, itself included, as `%ac/%fc/%bc/%sc`. */
export interface Load {
  process: number
  frontend: number
  backend: number
  server: number
}

/** One transaction (or, in TCP mode, one connection) from its first byte to its last. */
export interface TransactionRecord {
  readonly mode: 'http' | 'tcp'
  readonly frontend: string
  /** The frontend's own name when no backend was reached, as HAProxy logs it. */
  backend: string
  /** `undefined` when no server was reached; logs show `<NOSRV>`. */
  server: string | undefined
  /** Our own end of the server connection; `undefined` unless a log line of this frontend shows it. */
  localAddress: string | undefined
  localPort: number
  clientAddress: string
  clientPort: number
  /** Where the client connected to; empty and 0 when nobody has asked for it. */
  destinationAddress: string
  destinationPort: number
  /** The client came over TLS; logs show `~` behind the frontend's name. */
  tls: boolean
  /** Milliseconds since 1970 when the request's first byte came (in TCP mode, the connection). */
  startedAt: number
  /** Counts the transactions of this process: %rt. */
  number: number
  /** Counts what was logged for its frontend before: %lc. */
  logNumber: number
  /** On whose behalf a line is being written: %OG. */
  logOrigin: string
  method: string
  target: string
  version: string
  /** 0 before any answer; logs show -1. */
  status: number
  /** Bytes that the client sent, and that it was sent. */
  bytesIn: number
  bytesOut: number
  /** HAProxy's two letters; `--` is a normal end. */
  termination: string
  /** The two letters behind them, about persistence cookies. */
  cookieFlags: string
  /** The outcome's stable code, `OK` for a normal end. */
  code: string
  retries: number
  redispatched: boolean
  /** How many had their turn in the server's and in the backend's queue until it had its own, which counts as well; 0: it did not wait. */
  serverQueue: number
  backendQueue: number
  /** The server connection had served another request before. */
  reused: boolean
  /** What was captured of the messages. Manual, `capture`. */
  captures: Captures | undefined
  /** Its own id, where the frontend makes one. Manual, `unique-id-format`. */
  uniqueId: string | undefined
  readonly timers: Timers
  readonly load: Load
  /** What a rule, a server or a peer did wrong, when something did. */
  error: unknown
}

/** A record for a transaction that begins. */
export function openRecord(
  mode: 'http' | 'tcp',
  frontend: string,
  clientAddress: string,
  clientPort: number,
  startedAt: number,
): TransactionRecord {
  return {
    mode,
    frontend,
    backend: frontend,
    server: undefined,
    localAddress: undefined,
    localPort: 0,
    clientAddress,
    clientPort,
    destinationAddress: '',
    destinationPort: 0,
    tls: false,
    startedAt,
    number: 0,
    logNumber: 0,
    logOrigin: 'unspec',
    method: '',
    target: '',
    version: '',
    status: 0,
    bytesIn: 0,
    bytesOut: 0,
    termination: '--',
    cookieFlags: '--',
    code: 'OK',
    retries: 0,
    redispatched: false,
    serverQueue: 0,
    backendQueue: 0,
    reused: false,
    captures: undefined,
    uniqueId: undefined,
    timers: { handshake: 0, idle: -1, request: -1, queue: -1, connect: -1, response: -1, active: -1, total: -1 },
    load: { process: 0, frontend: 0, backend: 0, server: 0 },
    error: undefined,
  }
}

/** When the client was accepted, or could send its next request: %t. Milliseconds since 1970. */
export const acceptedAt = ({ startedAt, timers }: TransactionRecord): number =>
  startedAt - Math.max(timers.idle, 0) - Math.max(timers.handshake, 0)

/** Writes how it ended. The first outcome counts: what breaks afterwards is its consequence. */
export function closeRecord(record: TransactionRecord, outcome: Outcome, error?: unknown): void {
  if (record.termination !== '--') return
  record.code = outcome.code
  record.termination = outcome.termination
  if (error !== undefined) record.error = error
}

/**
 * Something went wrong or was tried again: what `option dontlog-normal` still logs and `option log-separate-errors` raises. A refused or failed
 * transaction, a retry or redispatch, an answer of 5xx.
 */
export function isTroubled({ termination, retries, redispatched, status, mode }: TransactionRecord): boolean {
  if (retries > 0 || redispatched) return true
  if (mode === 'http' && status >= 500) return true
  return termination[0] !== '-' && termination[0] !== 'L'
}
