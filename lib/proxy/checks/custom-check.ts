/** A check that is a function of the host app. */
import type { Duplex } from 'node:stream'
import type { Backend } from '../backend.js'
import type { Server } from '../server.js'
import type { CheckStatus } from './status.js'

/** Where {@link CheckCall.dial} connects to, when not where the server's checks go. */
export interface CheckPlace {
  readonly address?: string
  readonly port?: number
}

/** What the function has to work with. */
export interface CheckCall {
  readonly backend: Backend
  readonly server: Server
  /** Fires when the check's time is over, or nobody wants its answer any more. */
  readonly signal: AbortSignal
  /** Opens a connection to the server, which is closed when the check is over. Rejects when it cannot be had. */
  readonly dial: (place?: CheckPlace) => Promise<Duplex>
}

/** What it found, when there is more to say than yes or no. */
export interface CheckFinding {
  readonly passed: boolean
  /** Default `L7OK`, or `L7RSP`. `L7OKC` passes, and the server gets nothing new. */
  readonly status?: CheckStatus
  readonly code?: number
  /** Shown with it. */
  readonly info?: string
}

/** Asks a server; `false`, and an error, say that it does not work. */
export type CheckFunction = (
  call: CheckCall,
) => Promise<CheckFinding | boolean | undefined> | CheckFinding | boolean | undefined

/** Such a check. */
export class CustomCheck {
  readonly ask: CheckFunction

  constructor(ask: CheckFunction) {
    this.ask = ask
  }
}
