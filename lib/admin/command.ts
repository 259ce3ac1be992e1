/** A command of the runtime API: its words, who may give it, and what it answers. How lines come in and answers go out is not its business. */
import type { Balancer } from '../balancer.js'
import type { CommandTable } from './command-table.js'
import type { MakeServer } from './make-server.js'
import type { ListedPatterns } from './pattern-list.js'
import type { OperatorView } from './session-view.js'

/** Who may do what: `user` looks at statistics, `operator` at everything and clears, `admin` changes things. Manual of management, 9.3. */
export type Level = 'user' | 'operator' | 'admin'

/** How grave an answer is, in syslog's words and numbers; `set severity-output` shows it. */
export type Severity = 'alert' | 'crit' | 'err' | 'warning' | 'notice' | 'info' | 'debug'

/** An answer that has a severity. Text without one is never marked. */
export class Message {
  readonly severity: Severity
  /** As it is answered, with its line end; the empty line that ends every answer is not part of it. */
  readonly text: string

  constructor(severity: Severity, text: string) {
    this.severity = severity
    this.text = text
  }
}

/** Thrown by a command that cannot do what it is told: its message is the answer, of severity `err` unless it says otherwise. */
export class CommandError extends Error {
  readonly severity: Severity

  constructor(text: string, severity: Severity = 'err') {
    super(text)
    this.severity = severity
  }
}

/** What is told piece by piece, as fast as whoever asked reads it. */
export type Stream = AsyncIterable<string> | Iterable<string>
/** What a command says. Text ends its own lines, one character a byte; the empty line behind it is added where it is sent. */
export type Answer = string | Message | Stream | Following

/** An answer that goes on as things happen, until whoever asked says anything or leaves; then the signal fires, and it ends. */
export class Following {
  readonly pieces: (stop: AbortSignal) => AsyncIterable<string>

  constructor(pieces: (stop: AbortSignal) => AsyncIterable<string>) {
    this.pieces = pieces
  }
}

/** What lasts as long as the connection that gives the commands, and what commands may change of it. */
export interface CommandState {
  /** It can be lowered, never raised. */
  level: Level
  /** Whether the connection stays open for further lines (`interactive`), and shows that it waits for them (`prompt`). */
  mode: 'single' | 'interactive' | 'prompt'
  /** The prompt tells how long the process has been running. */
  timed: boolean
  /** How answers tell their severity. */
  severityOutput: 'none' | 'number' | 'string'
  expert: boolean
  experimental: boolean
  /** Milliseconds without a word from whoever is connected. */
  timeout: number
}

/** A place where the runtime API listens. */
export interface SocketView {
  /** As HAProxy shows it: `unix@/run/a.sock`, `127.0.0.1:9999`. */
  readonly address: string
  readonly level: Level
}

/** One command as it was given. */
export interface CommandCall {
  readonly balancer: Balancer
  /** What follows the command's own words. */
  readonly args: readonly string[]
  /** What stood between `<<` and the empty line (or the pattern) that ends it, with its line ends; without one `undefined`. */
  readonly payload: string | undefined
  /** What whoever gives it may do. */
  readonly level: Level
  readonly state: CommandState
  /** The maps and the patterns of ACLs that it knows. */
  readonly patterns: readonly ListedPatterns[]
  /** Makes servers of words, where somebody can. */
  readonly makeServer: MakeServer | undefined
  /** Where the runtime API listens. */
  readonly sockets: readonly SocketView[]
  /** Who is connected to it now. */
  readonly operators: Iterable<OperatorView>
  /** All the commands that there are. */
  readonly table: CommandTable
}

/** A command that the runtime API knows. */
export interface Command {
  /** What it is called by: `['show', 'stat']`. Of two that fit, the one of more words is meant. */
  readonly words: readonly string[]
  /** Its line in `help`, as HAProxy has it: `show stat [desc|json|no-maint|typed|up]*: report counters for each proxy and server`. */
  readonly usage: string
  /** The least level that may give it; below it the answer is `Permission denied`. */
  readonly level: Level
  /** Known only after `expert-mode on`, or `experimental-mode on`. */
  readonly expert?: boolean
  readonly experimental?: boolean
  /** Not in `help`, as HAProxy does not name it there. */
  readonly hidden?: boolean
  run(call: CommandCall): Answer | Promise<Answer>
}

const RANKS: Readonly<Record<Level, number>> = { user: 0, operator: 1, admin: 2 }

/** Whether a level is at least another one. */
export function mayAt(level: Level, least: Level): boolean {
  return RANKS[level] >= RANKS[least]
}

/** A command that only those of level admin may give. */
export const adminCommand = (words: string, usage: string, run: Command['run']): Command => ({
  words: words.split(' '),
  usage,
  level: 'admin',
  run,
})
