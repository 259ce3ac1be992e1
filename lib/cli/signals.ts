/** What the process does at each signal, by HAProxy's customs. Manual (management), chapter 4. */

/** What can be asked of a process that serves. */
export interface Orders {
  /** SIGTERM, SIGINT: stop at once. */
  stop(): void
  /** SIGUSR1: stop listening, finish what runs, then leave. */
  finish(): void
  /** SIGHUP: say how the servers are. */
  describe(): void
  /** SIGUSR2: only a master process reloads. */
  reload(): void
  /** SIGTTOU: a successor has found a port taken, and needs it free. */
  pause(): void
  /** SIGTTIN: it could not start all the same. */
  resume(): void
}

/** The part of `process` that signals come through. */
interface Receiver {
  on(signal: NodeJS.Signals, listener: () => void): unknown
}

/** Takes the signals over. */
export function obey(orders: Orders, receiver: Receiver = process): void {
  receiver.on('SIGTERM', () => orders.stop())
  receiver.on('SIGINT', () => orders.stop())
  receiver.on('SIGUSR1', () => orders.finish())
  receiver.on('SIGHUP', () => orders.describe())
  receiver.on('SIGUSR2', () => orders.reload())
  receiver.on('SIGTTOU', () => orders.pause())
  receiver.on('SIGTTIN', () => orders.resume())
  // Its default would end the process: writing to a closed pipe is an error of that write.
  receiver.on('SIGPIPE', () => {})
}
