/** The agent of one server: asked in its rhythm, and what it says carried out. */
import { parseServerAddress } from '../base/address.js'
import type { DecidedAgent } from '../proxy/agent.js'
import { type AgentReply, readAgentReply } from '../proxy/agent-reply.js'
import type { Backend } from '../proxy/backend.js'
import { type CheckResult, reasonOf } from '../proxy/check-result.js'
import type { Server } from '../proxy/server.js'
import { AgentProbe } from './agent-probe.js'
import type { Engine } from './engine.js'
import type { Target } from './network.js'
import { Rhythm } from './rhythm.js'
import { askedNothing, from, placeOf, targetOf } from './target.js'

export class AgentWatch extends Rhythm {
  readonly #backend: Backend
  readonly #server: Server
  #probe: AgentProbe | undefined = undefined
  #askedAt = 0

  constructor(engine: Engine, backend: Backend, server: Server) {
    super(engine)
    this.#backend = backend
    this.#server = server
  }

  pause(): number {
    return (this.#server.agent as DecidedAgent).interval
  }

  /** A server in maintenance is asked, too: its agent may end that. */
  protected ask(): void {
    const server = this.#server
    const agent = server.agent as DecidedAgent
    if (!server.agentEnabled) {
      this.later()
      return
    }
    this.#askedAt = this.engine.clock.now()
    const { check, connect } = this.#backend.timeouts
    const patience = check === undefined ? [agent.interval] : [Math.min(connect, agent.interval), check]
    const [reach = agent.interval, answer] = patience
    try {
      const parts = { target: agentTarget(server, agent), send: agent.send, connect: reach, answer }
      this.#probe = new AgentProbe(this.engine, parts, (line) => {
        this.#probe = undefined
        this.#heard(typeof line === 'string' ? readAgentReply(line) : nothingSaid(line))
        this.later()
      })
      this.#probe.start()
    } catch (error) {
      // A place that no connection can be made to (a port from a file of states that is none) is no reason to end.
      this.drop()
      this.engine.complain(error, `the agent of '${server.fullName}'`)
      this.later()
    }
  }

  #heard(reply: AgentReply): void {
    const server = this.#server
    const duration = Math.round(this.engine.clock.now() - this.#askedAt)
    if (reply.weight !== undefined) server.setWeight(reply.weight, 'agent')
    if (reply.maxConnections !== undefined) server.maxConnections = reply.maxConnections || Number.POSITIVE_INFINITY
    if (reply.admin !== undefined) server.order(reply.admin)
    const last = server.lastAgentCheck?.status
    server.takeAgent(reply, duration, () => {
      const { result } = reply
      if (result.status !== last && result.status !== 'CHECKED') this.#tell(result, duration)
    })
  }

  #tell(result: CheckResult, duration: number): void {
    const server = this.#server
    const up = server.agentUp
    const seen = { passed: result.passed, reason: reasonOf(result), result, duration, up, count: up ? 1 : 0, of: 1 }
    this.engine.tellCheck({ backend: this.#backend, server, ...seen, agent: true })
  }

  protected drop(): void {
    this.#probe?.cancel()
    this.#probe = undefined
  }
}

/** An agent that cannot be asked says nothing of its server. */
const nothingSaid = (result: CheckResult): AgentReply => ({
  result,
  up: undefined,
  admin: undefined,
  weight: undefined,
  maxConnections: undefined,
})

function agentTarget(server: Server, { address, port }: DecidedAgent): Target {
  const place =
    address === undefined ? targetOf(server, askedNothing) : placeOf(parseServerAddress(address), undefined, 0)
  if (address !== undefined && 'path' in place) return place
  return 'host' in place ? from(server, { host: place.host, port }) : { host: '127.0.0.1', port }
}
