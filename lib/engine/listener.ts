/** One place where a frontend listens, as rules see it. */
import type { ListenerView } from '../match/context.js'
import { type Counters, counters, occupy } from '../observe/counters.js'

/** A listener that runs, and how many connections it has. */
export class Listener implements ListenerView {
  readonly name: string | undefined
  readonly id: number
  connections = 0
  /** More wait. */
  maxConnections = Number.POSITIVE_INFINITY
  /** What comes in here alone, where somebody wants to know (HAProxy's `option socket-stats`). */
  readonly counters: Counters | undefined

  constructor(name: string | undefined, id: number, counted = false) {
    this.name = name
    this.id = id
    this.counters = counted ? counters() : undefined
  }
}

/** One more has come in here. */
export function enterListener(listener: Listener): void {
  listener.connections++
  if (listener.counters !== undefined) occupy(listener.counters)
}

/** One of those who came in here is gone. */
export function leaveListener(listener: Listener): void {
  listener.connections--
  if (listener.counters !== undefined) listener.counters.current--
}
