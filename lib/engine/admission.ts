/** Clients that come when there is no room, or too fast: they are held unread, as the kernel's backlog would hold them, and let in as soon as they may. */
import type { Timer } from '../base/clock.js'
import type { Frontend } from '../proxy/frontend.js'
import type { RateCounter } from '../table/rate.js'
import type { Engine } from './engine.js'
import type { Listener } from './listener.js'
import type { Socket } from './network.js'

/** Connections beyond the limits that are held. */
const LONGEST_BACKLOG = 1024

/** Somebody who waits for room. */
export interface Arrival {
  readonly socket: Socket
  /** What was read from it already. */
  readonly head: Buffer | undefined
  readonly listener: Listener | undefined
}

interface Waiting extends Arrival {
  readonly drop: () => void
}

/** The door of one frontend. */
export class Admission {
  readonly #engine: Engine
  readonly #frontend: Frontend
  readonly #serve: (arrival: Arrival) => void
  readonly #waiting: Waiting[] = []
  #timer: Timer | undefined = undefined

  constructor(engine: Engine, frontend: Frontend, serve: (arrival: Arrival) => void) {
    this.#engine = engine
    this.#frontend = frontend
    this.#serve = serve
  }

  /** Lets a client in, now or later. */
  arrive(arrival: Arrival): void {
    if (this.#waiting.length === 0 && this.#hasRoom && !this.#isFull(arrival.listener) && !this.#tooFast)
      this.#serve(arrival)
    else {
      this.#hold(arrival)
      this.letIn()
    }
  }

  /** There may be room: those who have waited longest come in. */
  letIn(): void {
    while (this.#waiting.length > 0 && this.#hasRoom) {
      if (this.#tooFast) {
        this.#comeBack()
        return
      }
      const index = this.#waiting.findIndex(({ listener }) => !this.#isFull(listener))
      if (index === -1) return
      const [next] = this.#waiting.splice(index, 1) as [Waiting]
      next.socket.off('close', next.drop)
      this.#serve(next)
    }
  }

  /** Nobody comes in any more. */
  close(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    for (const waiting of this.#waiting.splice(0)) waiting.socket.destroy()
  }

  get #hasRoom(): boolean {
    const { counters, maxConnections } = this.#frontend
    return counters.current < maxConnections && this.#engine.sessions < this.#engine.maxConnections
  }

  #isFull(listener: Listener | undefined): boolean {
    return listener !== undefined && listener.connections >= listener.maxConnections
  }

  /** As many have come within the last second as may. */
  get #tooFast(): boolean {
    const { rates, maxConnectionRate, maxSessionRate } = this.#engine
    const ours = this.#frontend.maxSessionRate
    if (
      ours === Number.POSITIVE_INFINITY &&
      maxConnectionRate === Number.POSITIVE_INFINITY &&
      maxSessionRate === Number.POSITIVE_INFINITY
    )
      return false
    return (
      this.#reached(this.#frontend.rates.sessions, ours) ||
      this.#reached(rates.connections, maxConnectionRate) ||
      this.#reached(rates.sessions, maxSessionRate)
    )
  }

  #reached(rate: RateCounter, most: number): boolean {
    return most !== Number.POSITIVE_INFINITY && rate.read(this.#engine.clock.now(), 1000) >= most
  }

  /** The next may come about so much later. */
  #comeBack(): void {
    if (this.#timer !== undefined) return
    const { maxConnectionRate, maxSessionRate, clock } = this.#engine
    const slowest = Math.min(this.#frontend.maxSessionRate, maxConnectionRate, maxSessionRate)
    this.#timer = clock.after(Math.ceil(1000 / slowest), () => {
      this.#timer = undefined
      this.letIn()
    })
  }

  #hold({ socket, head, listener }: Arrival): void {
    if (this.#waiting.length >= LONGEST_BACKLOG) {
      socket.destroy()
      return
    }
    socket.pause()
    const drop = (): void => {
      const index = this.#waiting.findIndex((waiting) => waiting.socket === socket)
      if (index !== -1) this.#waiting.splice(index, 1)
    }
    socket.once('close', drop)
    this.#waiting.push({ socket, head, listener, drop })
  }
}
