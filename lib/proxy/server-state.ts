/** How a server stands: what was observed of it, what was ordered, and what it takes over from another one that it tracks. */
import type { AgentReply } from './agent-reply.js'
import type { CheckResult, LastCheck } from './check-result.js'
import type { Health } from './health.js'

/** What was ordered: `ready` takes new requests, `drain` finishes what it has, `maint` is out of use and is not checked. */
export type AdminState = 'ready' | 'drain' | 'maint'

/** What was observed: `stopping` finishes what it has, as in a drain, since it said so itself. */
export type ObservedState = 'up' | 'stopping' | 'down'

const strictness: readonly AdminState[] = ['ready', 'drain', 'maint']

/** The state of one server. Who is told of changes is the server's part. */
export class ServerState {
  health: Health
  /** By its agent's word; up as long as that has said nothing. */
  agentUp = true
  admin: AdminState
  /** From 0, just up, to 1: as much of its weight and limit counts. */
  warmth = 1
  lastCheck: LastCheck | undefined = undefined
  lastAgentCheck: LastCheck | undefined = undefined
  /** What was ordered of the server that it tracks. */
  inherited: AdminState = 'ready'
  observed: ObservedState

  constructor(health: Health, admin: AdminState) {
    this.health = health
    this.admin = admin
    this.observed = health.up ? 'up' : 'down'
  }

  /** What was ordered, of it or of the one that it tracks: the stricter of the two. */
  get ordered(): AdminState {
    return strictness.indexOf(this.admin) >= strictness.indexOf(this.inherited) ? this.admin : this.inherited
  }

  /**
   * A check's result. A server that says that it wants no more has to be up to be heard: of one that is down, it is a failure.
   * @returns the result as it counts
   */
  takeCheck(given: CheckResult): CheckResult {
    const wrong = given.stopping === true && this.observed === 'down'
    const result = wrong ? { ...given, passed: false, stopping: false, status: 'L7STS' } : given
    this.health.observe(result.passed)
    if (!result.passed) {
      if (!this.health.up) this.observed = 'down'
    } else if (this.health.up && this.agentUp) this.observed = result.stopping === true ? 'stopping' : 'up'
    return result
  }

  /** What its agent says of its being up. */
  takeAgent({ up }: Pick<AgentReply, 'up'>): void {
    if (up === undefined) return
    this.agentUp = up
    if (!up) this.observed = 'down'
    else if (this.observed === 'down' && this.health.up) this.observed = 'up'
  }

  /** All the way, whatever checks and agents have said. */
  force(to: ObservedState): void {
    this.health.force(to !== 'down')
    this.observed = to
  }

  /** It goes on, after maintenance: little is known of it. */
  renew(health: Health): void {
    this.health = health
    this.observed = health.up && this.agentUp ? 'up' : 'down'
  }
}
