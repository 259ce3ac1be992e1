/** What the engine tells about while it runs, and who listens: the contract of loggers and of the places that they write to. */
import type { Context } from '../match/context.js'
import type { TransactionRecord } from './record.js'
import type { Level } from './syslog.js'

/**
 * The moments of a transaction at which a line may be written: it has begun; its request has been understood and routed; a server was reached; the
 * answer's head has come; it is over. Manual of HAProxy 3.x, `log-steps`.
 */
export type LogStep = 'accept' | 'request' | 'connect' | 'response' | 'close'

export const logSteps: readonly LogStep[] = ['accept', 'request', 'connect', 'response', 'close']

/** Somebody who is told what happens. Nothing that a logger does may throw, wait or steer. */
export interface Logger {
  /**
   * One transaction (in TCP mode: one connection) has ended. The record is closed and does not change any more. The context holds what its rules
   * have seen and set; it is not to be kept.
   */
  transaction(record: TransactionRecord, context: Context): void
  /** The earlier moments at which it wants to be told of a transaction. Default: none. */
  readonly steps?: readonly LogStep[]
  /** A transaction has got so far. Its record is as it is now, and goes on changing. */
  step?(step: LogStep, record: TransactionRecord, context: Context): void
  /** A rule wants a line now: `do-log`. Without it, such rules do nothing for this logger. */
  order?(record: TransactionRecord, context: Context, profile: string | undefined): void
  /** Something else happened: a server went down, a frontend stopped. */
  notice(level: Level, text: string): void
  /** It wants to know our own address towards servers: %bi and %bp. */
  readonly wantsLocalAddress?: boolean
  /** Where its lines go, which others may share: what that has lost stands in `show info`. */
  readonly sink?: Pick<LogSink, 'dropped'>
  /** Gets ready: what cannot be reached is told now instead of at the first line. Called at the balancer's start, if at all. */
  open?(): void
  /**
   * Sends what is still held back and lets go of sockets; the next line opens them again. Called at the balancer's stop, which waits for what
   * this returns.
   */
  close?(): void | Promise<void>
}

/** Where finished lines go. It keeps a bounded number of them; what does not fit is lost and counted. */
export interface LogSink {
  /** Sends one line (one character a byte, its line feed included), or drops it. */
  write(line: string): void
  /** Lines that were lost so far. HAProxy: `DroppedLogs`. */
  readonly dropped: number
  open(): void
  /** What it returns resolves when the lines are where they belong. */
  close(): void | Promise<void>
}
