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
  // The default of these would end or stop the process: writing to a closed pipe is an error of that write, and the other two are what a
  // successor sends when it finds a port taken.
  for (const signal of ['SIGPIPE', 'SIGTTOU', 'SIGTTIN'] as const) receiver.on(signal, () => {})
}
