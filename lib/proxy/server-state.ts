/** How a server stands: what was observed of it, what was ordered, and what it takes over from another one that it tracks. */
import type { LastCheck } from './check-result.js'
import type { Health } from './health.js'

/** What was ordered: `ready` takes new requests, `drain` finishes what it has, `maint` is out of use and is not checked. */
export type AdminState = 'ready' | 'drain' | 'maint'

/** What was observed: `stopping` finishes what it has, as in a drain, since it said so itself. */
export type ObservedState = 'up' | 'stopping' | 'down'

/** The state of one server. Who is told of changes is the server's part. */
export class ServerState {
  health: Health
  /** Up or down by its agent's word; up as long as that says nothing. */
  agentUp = true
  /** The last check said that the server wants no more. */
  stopping = false
  admin: AdminState
  /** From 0, just up, to 1: as much of its weight and limit counts. */
  warmth = 1
  lastCheck: LastCheck | undefined = undefined
  lastAgentCheck: LastCheck | undefined = undefined
  /** Whose state counts in place of its own observations. */
  tracked: ServerState | undefined = undefined

  constructor(health: Health, admin: AdminState) {
    this.health = health
    this.admin = admin
  }

  get observed(): ObservedState {
    if (this.tracked !== undefined) return this.tracked.observed
    if (!this.health.up || !this.agentUp) return 'down'
    return this.stopping ? 'stopping' : 'up'
  }

  /** What was ordered, of it or of the one that it tracks: the stricter of the two. */
  get ordered(): AdminState {
    if (this.tracked === undefined || this.admin === 'maint') return this.admin
    const { ordered } = this.tracked
    return ordered === 'ready' ? this.admin : ordered
  }

  /** All the way, whatever checks have said. @returns whether that changes what is observed */
  force(to: ObservedState): boolean {
    const before = this.observed
    this.health.force(to !== 'down')
    this.stopping = to === 'stopping'
    if (to !== 'down') this.agentUp = true
    return before !== this.observed
  }
}
