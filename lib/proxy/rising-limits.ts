/** Servers that are full as long as their backend has little to do, in the order in which its load frees them. */
import { Heap, type HeapItem } from '../balance/heap.js'
import type { Server } from './server.js'

interface Waiting extends HeapItem {
  readonly server: Server
  /** The load of the backend from which on there is one more place. */
  from: number
}

export class RisingLimits {
  readonly #heap = new Heap<Waiting>((a, b) => (a.from !== b.from ? a.from < b.from : a.server.id < b.server.id))
  readonly #waiting = new Map<Server, Waiting>()

  /** Is told of a server that is full. */
  note(server: Server, fullConnections: number): void {
    if (this.#waiting.has(server)) return
    const { active, maxConnections } = server
    if (active >= maxConnections) return
    const from = Math.min(fullConnections, Math.ceil(((active + 1) * fullConnections) / maxConnections))
    const waiting = { server, from, place: -1 }
    this.#waiting.set(server, waiting)
    this.#heap.add(waiting)
  }

  /** The next of those that a load frees. */
  take(load: number): Server | undefined {
    const first = this.#heap.first
    if (first === undefined || first.from > load) return undefined
    this.#heap.take()
    this.#waiting.delete(first.server)
    return first.server
  }

  /** Its load is another. */
  forget(server: Server): void {
    const waiting = this.#waiting.get(server)
    if (waiting === undefined) return
    this.#waiting.delete(server)
    this.#heap.remove(waiting)
  }
}
