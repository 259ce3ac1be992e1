/** How one request would go: the same rules and routes as for traffic, run against copies, so that nothing that others share is touched. */
import { type Outcome, outcomes } from '../base/errors.js'
import { requestHead, responseHead } from '../codec/writer.js'
import { MessageCaptures } from '../match/captures.js'
import { Context, type MessageBody, type ProcessView, type SessionView } from '../match/context.js'
import { stripConnection, stripNamed } from '../message/hop-by-hop.js'
import type { Request } from '../message/request.js'
import type { Response } from '../message/response.js'
import { openRecord, type TransactionRecord } from '../observe/record.js'
import { pageAnswer } from '../rules/actions/answer.js'
import type { RuleSighting } from '../rules/rule.js'
import type { RuleSet } from '../rules/rule-set.js'
import type { Reject, ReplyBody, Respond, Verdict } from '../rules/verdict.js'
import type { Backend } from './backend.js'
import { type Decision, Explainer } from './decision.js'
import {
  type ExplainedAnswer,
  type ExplainedRequest,
  type ExplainedServer,
  type ExplainedStep,
  type ExplainedVerdict,
  Explanation,
  plainStep,
} from './explanation.js'
import type { Frontend } from './frontend.js'
import { strongerMode } from './mode.js'
import { finishResponse } from './response-end.js'
import type { Server } from './server.js'
import { chooseServer } from './server-choice.js'
import { tellServer } from './tell-server.js'

/** What else is known of the request. */
export interface ExplainOptions {
  /** Why this frontend, for whoever reads it. Default: it was asked. */
  readonly why?: string
  /** What the server would answer: its way back is explained as well. */
  readonly response?: Response
}

/**
 * Explains what a frontend, its backend and their rules would do with a request. What `context` holds stays as it is; counters, tables, maps and the variables of
 * connection and process are read and not written, servers take no turn, nothing is connected to. Rules in code do run: what they do elsewhere is done.
 *
 * ```ts
 * console.log(String(await explain(site(), request('/api/users', { src: '203.0.113.7' }))))
 * ```
 */
export function explain(frontend: Frontend, context: Context, options: ExplainOptions = {}): Promise<Explanation> {
  return new Rehearsal(frontend, context, options).run()
}

class Rehearsal {
  readonly #frontend: Frontend
  readonly #options: ExplainOptions
  readonly #given: Request | undefined
  readonly #connection: Context
  readonly #context: Context
  readonly #steps: ExplainedStep[] = []
  readonly #responseSteps: ExplainedStep[] = []
  #backend: Backend | undefined = undefined
  #verdict: ExplainedVerdict = 'failed'
  #fault: string | undefined = undefined

  constructor(frontend: Frontend, context: Context, options: ExplainOptions) {
    this.#frontend = frontend
    this.#options = options
    const session = copyOf(context.session)
    const process = context.process === undefined ? undefined : rehearsedProcess(context.process)
    const fresh = (): Context => {
      const made = new Context(session, context.now, context.wall)
      made.rehearsal = true
      made.clock = context.clock
      made.bufferSize = context.bufferSize
      made.process = process
      made.frontend = frontend
      made.identify = frontend.uniqueId?.make
      return made
    }
    this.#connection = fresh()
    this.#context = fresh()
    this.#context.connection = this.#connection
    this.#context.input = context.input
    this.#context.bodies = context.bodies
    this.#given = context.request as Request | undefined
    this.#context.record = recordOf(frontend, this.#context, this.#given)
  }

  async run(): Promise<Explanation> {
    const decision = await this.#decide().catch((error: unknown) => this.#failed(error))
    this.#verdict = decision === undefined ? 'failed' : verdictOf(decision)
    const backend = this.#verdict === 'forward' ? this.#backend : undefined
    const server = backend === undefined ? undefined : chooseServer(backend, this.#context)
    const sent =
      backend !== undefined && this.#context.request !== undefined ? this.#sent(backend, server?.name) : undefined
    const answer = await this.#answer(decision, backend?.server(server?.name ?? '')).catch((error: unknown) => {
      this.#failed(error)
      return this.#page(outcomes.proxyResponseError)
    })
    return this.#explanation(server, sent, answer)
  }

  #failed(error: unknown): undefined {
    this.#fault = error instanceof Error ? error.message : String(error)
  }

  #explanation(
    server: ExplainedServer | undefined,
    sent: ExplainedRequest | undefined,
    answer: ExplainedAnswer | undefined,
  ): Explanation {
    const backend = this.#backend
    const fault = this.#fault
    const { session, wall } = this.#context
    return new Explanation({
      time: wall,
      client: { address: session.source?.toString() ?? '', port: session.sourcePort },
      destination: { address: session.destination?.toString() ?? '', port: session.destinationPort },
      ...(this.#given === undefined ? {} : { request: plainRequest(this.#given, this.#bodyLength()) }),
      frontend: { name: this.#frontend.name, mode: this.#frontend.mode, why: this.#options.why ?? 'it was asked' },
      steps: this.#steps,
      verdict: this.#verdict,
      ...(backend === undefined ? {} : { backend: { name: backend.name, mode: backend.mode } }),
      ...(server === undefined ? {} : { server }),
      ...(sent === undefined ? {} : { sent }),
      responseSteps: this.#responseSteps,
      ...(answer === undefined ? {} : { answer }),
      ...(fault === undefined ? {} : { fault }),
    })
  }

  /** The connection's rules, the frontend's, the routes, the backend's. */
  async #decide(): Promise<Decision> {
    const frontend = this.#frontend
    const closed =
      (await this.#told(frontend, (explain) => frontend.admit(this.#connection, { explain }))) ??
      (await this.#told(frontend, (explain) => frontend.open(this.#connection, { explain })))
    if (closed !== undefined) return closed
    // Rules of the connection may have given it other addresses.
    this.#context.session = this.#connection.session
    this.#context.beginRequest()
    if (frontend.mode === 'http') this.#takeRequest()
    const decision = await this.#told(frontend, (explain) => frontend.route(this.#context, { explain }))
    if (decision.kind !== 'forward') return decision
    const { backend } = decision
    this.#backend = backend
    // A tcp frontend's bytes are read as a request when a backend wants one.
    if (frontend.mode === 'tcp' && backend.mode === 'http') this.#takeRequest()
    return this.#told(backend, (explain) => backend.route(this.#context, { explain }))
  }

  #takeRequest(): void {
    const given = this.#given
    if (given === undefined) return
    this.#context.request = given.clone()
    stripNamed(this.#context.request.headers)
    const { captures } = this.#frontend
    if (captures === undefined) return
    const kept = new MessageCaptures(captures)
    kept.takeRequest(this.#context.request.headers)
    this.#context.captures = kept
  }

  /** Asks for a decision, and takes down every rule that was looked at on the way. */
  async #told<D>(proxy: Frontend | Backend, ask: (explainer: Explainer) => D | Promise<D>): Promise<D> {
    const explainer = new Explainer()
    try {
      return await ask(explainer)
    } finally {
      this.#steps.push(...explainer.sightings.map((sighting) => this.#step(proxy, sighting)))
    }
  }

  #step(proxy: Frontend | Backend, sighting: RuleSighting): ExplainedStep {
    return plainStep(proxy === this.#frontend ? 'frontend' : 'backend', proxy.name, sighting)
  }

  #bodyLength(): number | undefined {
    const body: MessageBody | undefined = this.#context.requestBody
    if (body === undefined) return undefined
    return body.complete ? body.bytes.length : body.length
  }

  #sent(backend: Backend, server: string | undefined): ExplainedRequest {
    const request = this.#context.request.clone()
    const context = this.#context
    const kept = context.request
    context.request = request
    stripConnection(request.headers)
    tellServer(context, this.#frontend, backend, server)
    context.request = kept
    const mode = strongerMode(this.#frontend.connectionMode, backend.connectionMode)
    const word = mode !== 'keepAlive' && request.version === '1.1' ? 'close' : ''
    const length = this.#bodyLength()
    const [line = '', ...fields] = headLines(requestHead(request, length ?? 0, word))
    const [, method = '', target = ''] = /^(\S+) (.*) HTTP\/\S+$/s.exec(line) ?? []
    return {
      method,
      target,
      version: request.version,
      headers: fields.map(fieldOf),
      ...(length === undefined ? {} : { bodyLength: length }),
    }
  }

  /** What the client would get, as far as it is known without asking a server. */
  async #answer(decision: Decision | undefined, server: Server | undefined): Promise<ExplainedAnswer | undefined> {
    const verdict = this.#verdict
    if (decision?.kind === 'respond') return this.#own(decision)
    if (decision?.kind === 'tarpit') return this.#own(decision.answer)
    if (verdict === 'failed') return this.#page(outcomes.proxyRequestError)
    if (verdict === 'no backend') return this.#frontend.mode === 'http' ? this.#page(outcomes.proxyNoServer) : undefined
    if (verdict !== 'forward' || this.#backend?.mode !== 'http') return undefined
    if (server === undefined) return this.#page(outcomes.proxyNoServer)
    const { response } = this.#options
    return response === undefined ? undefined : this.#wayBack(this.#backend, server, response)
  }

  #page(outcome: Outcome): Promise<ExplainedAnswer | undefined> {
    return this.#own(pageAnswer(this.#context, outcome.status, outcome))
  }

  /** An answer of ours; the rules for all answers see it first. */
  async #own({ response, body, outcome, silent }: Respond): Promise<ExplainedAnswer | undefined> {
    this.#context.response = response
    const fault = await this.#afterResponse()
    // The page that tells of this stays as it is, when they cannot change it either.
    if (fault !== undefined && fault !== outcome) return this.#page(fault)
    if (silent === true) return undefined
    const { request, response: last } = this.#context
    const bodiless = request?.method === 'HEAD' || last.status === 204 || last.status === 304
    return this.#shown(outcome, bodiless ? undefined : body)
  }

  async #wayBack(backend: Backend, server: Server, response: Response): Promise<ExplainedAnswer | undefined> {
    this.#context.response = response.clone()
    stripNamed(this.#context.response.headers)
    this.#context.captures?.takeResponse?.(this.#context.response.headers)
    const frontend = this.#frontend
    for (const [proxy, rules] of [
      [backend, backend.tcpResponseContent],
      [backend, backend.httpResponse],
      [frontend, frontend.httpResponse],
    ] as const) {
      const verdict = await this.#back(proxy, rules)
      if (verdict?.kind === 'respond') return this.#own(verdict)
      if (verdict?.kind === 'reject') return this.#refused(verdict)
      if (verdict?.kind === 'tarpit') return this.#page(outcomes.proxyResponseDenied)
    }
    if (!finishResponse(backend, this.#context, server)) return this.#page(outcomes.proxyResponseCacheable)
    const fault = await this.#afterResponse()
    if (fault !== undefined) return this.#page(fault)
    stripConnection(this.#context.response.headers)
    return this.#shown(outcomes.ok, undefined)
  }

  async #refused({ outcome, atOnce }: Reject): Promise<ExplainedAnswer | undefined> {
    if (atOnce !== true && outcome.status !== 0) return this.#page(outcome)
    this.#verdict = 'closed'
    return undefined
  }

  /** These rules give no answers: one that says something could not change the one that there is. */
  async #afterResponse(): Promise<Outcome | undefined> {
    for (const proxy of [this.#backend, this.#frontend]) {
      const verdict = proxy && (await this.#back(proxy, proxy.httpAfterResponse))
      if (verdict?.kind === 'respond') return verdict.outcome
    }
    return undefined
  }

  async #back(
    proxy: Frontend | Backend,
    rules: RuleSet<'responseContent'> | RuleSet<'response'> | RuleSet<'afterResponse'>,
  ): Promise<Verdict> {
    const explainer = new Explainer()
    try {
      return await rules.run(this.#context, explainer)
    } finally {
      this.#responseSteps.push(...explainer.sightings.map((sighting) => this.#step(proxy, sighting)))
    }
  }

  #shown(outcome: Outcome, body: ReplyBody | undefined): ExplainedAnswer {
    const { response } = this.#context
    const bytes = body === undefined ? undefined : Buffer.from(body as string, 'latin1')
    const [, ...fields] = headLines(responseHead(response, bytes?.length ?? 'close', '', false))
    return {
      status: response.status,
      reason: response.reason,
      version: response.version,
      headers: fields.map(fieldOf),
      ...(bytes === undefined ? {} : { body: bytes.toString('latin1') }),
      termination: outcome.termination,
    }
  }
}

function verdictOf(decision: Decision): ExplainedVerdict {
  switch (decision.kind) {
    case 'forward':
      return 'forward'
    case 'respond':
      return 'answer'
    case 'tarpit':
      return 'tarpit'
    case 'serve':
      return 'service'
    case 'wait':
      return 'waits'
    case 'nowhere':
      return 'no backend'
    default:
      return 'closed'
  }
}

/** Rules may give a connection other addresses. */
function copyOf({
  frontend,
  source,
  sourcePort,
  destination,
  destinationPort,
  tls,
  listener,
}: SessionView): SessionView {
  return { frontend, source, sourcePort, destination, destinationPort, tls, listener }
}

/** Its variables are copies, and nobody's name servers are asked. */
/** What log variables and the like ask of a transaction that has only just begun. */
function recordOf(
  { mode, name }: Frontend,
  { session, wall }: Context,
  request: Request | undefined,
): TransactionRecord {
  const record = openRecord(mode, name, session.source?.toString() ?? '', session.sourcePort, wall)
  record.destinationAddress = session.destination?.toString() ?? ''
  record.destinationPort = session.destinationPort
  if (request === undefined) return record
  record.method = request.method
  record.target = request.target
  record.version = `HTTP/${request.version}`
  record.timers.idle = 0
  record.timers.request = 0
  return record
}

function rehearsedProcess(view: ProcessView): ProcessView {
  const own = {
    variables: view.variables === undefined ? undefined : new Map(view.variables),
    resolve: async (): Promise<undefined> => undefined,
  }
  return Object.assign(Object.create(view) as ProcessView, own)
}

const headLines = (head: string): readonly string[] => head.split('\r\n').filter((line) => line !== '')

function fieldOf(line: string): readonly [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon), line.slice(colon + 2)]
}

function plainRequest({ method, target, version, headers }: Request, length: number | undefined): ExplainedRequest {
  return {
    method,
    target,
    version,
    headers: [...headers].map(([name, value]) => [name, value] as const),
    ...(length === undefined ? {} : { bodyLength: length }),
  }
}
