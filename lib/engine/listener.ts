/** One place where a frontend listens, as rules see it. */
import type { ListenerView } from '../match/context.js'

/** A listener that runs, and how many connections it has. */
export class Listener implements ListenerView {
  readonly name: string | undefined
  readonly id: number
  connections = 0

  constructor(name: string | undefined, id: number) {
    this.name = name
    this.id = id
  }
}
