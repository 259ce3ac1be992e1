/** What the engine tells about while it runs, and who listens: the contract of loggers and of the places that they write to. */
import type { TransactionRecord } from './record.js'
import type { Level } from './syslog.js'

/** Somebody who is told what happens. Nothing that a logger does may throw, wait or steer. */
export interface Logger {
  /** One transaction (in TCP mode: one connection) has ended. The record is closed and does not change any more. */
  transaction(record: TransactionRecord): void
  /** Something else happened: a server went down, a frontend stopped. */
  notice(level: Level, text: string): void
  /** Gets ready: what cannot be reached is told now instead of at the first line. Called at the balancer's start, if at all. */
  open?(): void
  /** Sends what is still held back and lets go of sockets; the next line opens them again. Called at the balancer's stop. */
  close?(): void
}

/** Where finished lines go. It keeps a bounded number of them; what does not fit is lost and counted. */
export interface LogSink {
  /** Sends one line (one character a byte, its line feed included), or drops it. */
  write(line: string): void
  /** Lines that were lost so far. HAProxy: `DroppedLogs`. */
  readonly dropped: number
  open(): void
  close(): void
}
