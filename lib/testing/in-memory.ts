/** The whole engine on a network in memory: requests go in, answers and records come out, and time only moves when nothing else can. */
import { Balancer, type BalancerStats } from '../balancer.js'
import { parseDuration } from '../base/duration.js'
import { OptionError } from '../base/errors.js'
import type { BalancerOptions, StartOptions, StopOptions } from '../engine/balancer-options.js'
import type { HealthChange } from '../engine/engine.js'
import { Headers } from '../message/headers.js'
import type { Request } from '../message/request.js'
import type { Response } from '../message/response.js'
import type { TransactionRecord } from '../observe/record.js'
import { Frontend, type FrontendAddress } from '../proxy/frontend.js'
import { AnswerReader, MemoryClient } from './memory-client.js'
import type { MemoryNames, NameAnswer } from './memory-names.js'
import { MemoryNetwork } from './memory-network.js'
import type { MemorySocket, Place } from './memory-socket.js'
import { type Origins, OriginTable } from './origins.js'
import type { Origin } from './reply.js'
import { bodyBytes, makeRequest, type RequestInit, sessionOf } from './request.js'
import { TestClock } from './test-clock.js'
import { TestRandom } from './test-random.js'

/** What to run: the balancer's options, without its network. */
export interface InMemoryOptions extends Omit<BalancerOptions, 'clock' | 'network'> {
  /** Default: a new one. */
  readonly clock?: TestClock
  /**
   * Another one that this one shares time and network with: what listens in one can be connected to from the other, as {@link Peers} do. No two can listen at the
   * same place.
   */
  readonly beside?: InMemory
  /** Who else listens in this network from the start, by place: peers, for one. Servers are what the second argument of {@link inMemory} is about. */
  readonly listeners?: Readonly<Record<string, (socket: MemorySocket) => void>>
  /** How the balancer is started; see {@link Balancer.start}. */
  readonly start?: StartOptions
  /**
   * Whether {@link InMemory.inject} moves the clock to the next timer when nothing else can move any more. Default `true`. Say `false` when rules
   * wait for something outside (a file, another process), which looks like nothing from here, and move the clock yourself.
   */
  readonly autoAdvance?: boolean
  /** What name servers say from the start, by name; see {@link InMemory.names}. */
  readonly names?: Readonly<Record<string, NameAnswer>>
  /** How long an answer may take by the test's clock before {@link InMemory.inject} gives up. Default 1h. */
  readonly patience?: number | string
}

/** Who sends a request, and to which frontend. */
export interface InjectInit extends Omit<RequestInit, 'at'> {
  /** The name of the frontend. Default: the first. */
  readonly frontend?: string
}

/** What came back. */
export interface Injected {
  /** 0 when the connection was closed without an answer. */
  readonly status: number
  readonly reason: string
  readonly headers: Headers
  /** As text; UTF-8. */
  readonly body: string
  readonly bytes: Buffer
  readonly trailers: Headers | undefined
  /** Answers with a status of 1xx that came before. */
  readonly interim: readonly Response[]
  /** Why the answer is not whole, when it is not. */
  readonly broken: Error | undefined
  /** What a logger would be told; `undefined` when nothing is (a connection that rules closed at once). */
  readonly record: TransactionRecord | undefined
}

interface Waiting {
  readonly address: string | undefined
  readonly port: number
  record: TransactionRecord | undefined
}

const FIRST_CLIENT_PORT = 40_000

/**
 * Runs a frontend, with its backends, in memory. Nothing leaves the process and nothing waits in real time.
 *
 * ```ts
 * const lb = inMemory(site(), { api1: refuse, api2: () => reply(200, 'ok') })
 * t.match(await lb.inject('/api/users'), { status: 200, record: { server: 'api2', termination: '--' } })
 * ```
 *
 * @param what a frontend, or the options of a balancer (what `loadConfig()` gives, for one)
 * @param origins what stands for each server, by name; one that is not named refuses connections
 * @throws {OptionError} when a name is no server's, and when origins do not come by name
 */
export function inMemory(what: Frontend | InMemoryOptions, origins: Origins = {}): InMemory {
  return new InMemory(what instanceof Frontend ? { frontends: [what] } : what, origins)
}

/** A balancer in memory; see {@link inMemory}. */
export class InMemory implements AsyncDisposable {
  readonly clock: TestClock
  readonly balancer: Balancer
  /** Every transaction that is over, in order. */
  readonly records: TransactionRecord[] = []
  /** Servers that went up or down, in order. */
  readonly health: HealthChange[] = []
  /** What rules, loggers and listeners threw. */
  readonly faults: unknown[] = []
  /**
   * What name servers say, by name: addresses, places of a service, or what becomes of asking. Names that are not here have an address of their own.
   * Write down what is there from the start in {@link InMemoryOptions.names}.
   */
  readonly names: MemoryNames
  /** Resolves when the balancer has started; rejects when it could not. */
  readonly started: Promise<void>
  readonly #network: MemoryNetwork
  readonly #origins: OriginTable
  readonly #waiting: Waiting[] = []
  readonly #autoAdvance: boolean
  readonly #patience: number
  #thrown: { readonly error: unknown } | undefined = undefined
  #nextPort = FIRST_CLIENT_PORT

  constructor(options: InMemoryOptions, origins: Origins) {
    // One function for all servers is easily written, and every server would refuse.
    if (typeof origins !== 'object' || origins === null)
      throw new OptionError(
        'inMemory()',
        'origins',
        "must be by the servers' names, as in { api1: () => reply(200, 'ok') }",
      )
    const { beside } = options
    const joined = beside === undefined ? undefined : beside.#network
    this.#network = new MemoryNetwork((target) => this.#origins.lookup(target), joined)
    for (const [place, connected] of Object.entries(options.listeners ?? {})) this.#network.serve(place, connected)
    this.names = this.#network.names
    for (const [name, said] of Object.entries(options.names ?? {})) this.names.set(name.toLowerCase(), said)
    this.clock = options.clock ?? beside?.clock ?? new TestClock()
    this.clock.settle = this.#network.settle
    this.#autoAdvance = options.autoAdvance ?? true
    this.#patience = parseDuration(options.patience ?? '1h')
    this.balancer = new Balancer({
      ...ownOptions(options),
      random: options.random ?? new TestRandom(),
      clock: this.clock,
      network: this.#network,
    })
    this.#origins = new OriginTable(
      () => this.balancer.backends,
      origins,
      (error) => {
        this.#thrown ??= { error }
      },
    )
    this.balancer.on('record', (record) => this.#recorded(record))
    this.balancer.on('health', (change) => void this.health.push(change))
    this.balancer.on('fault', (error) => void this.faults.push(error))
    this.started = this.balancer.start(options.start)
    this.started.catch(() => {})
  }

  /**
   * Sends one request on a connection of its own, and gives the answer and the record. Where nothing but time can bring the answer (a retry, a
   * time-out), the clock is moved to the next timer; see {@link InMemoryOptions.autoAdvance}.
   *
   * @throws what a handler threw; {Error} when there is nothing left that could bring an answer
   */
  async inject(path: string, init: InjectInit = {}): Promise<Injected> {
    await this.started
    const request = makeRequest(path, init)
    const socket = this.#dial(init)
    const waiting: Waiting = { address: socket.localAddress, port: socket.localPort ?? 0, record: undefined }
    this.#waiting.push(waiting)
    const reader = new AnswerReader(socket, request.method, request.headers.has('upgrade'))
    socket.write(requestBytes(request, init.body))
    try {
      await this.#until(() => reader.over || this.#thrown !== undefined)
      await this.settle()
      socket.end()
      await this.settle()
    } finally {
      socket.destroy()
      await this.settle()
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
    }
    this.#rethrow()
    const { response, interim, trailers, broken, body } = reader
    return {
      status: response?.status ?? 0,
      reason: response?.reason ?? '',
      headers: response?.headers ?? new Headers(),
      body: body.toString(),
      bytes: body,
      trailers,
      interim,
      broken,
      record: waiting.record,
    }
  }

  /** Opens a connection for bytes as they are. Time moves only when you move {@link clock}. */
  async connect(init: Omit<InjectInit, 'method' | 'headers' | 'body' | 'version'> = {}): Promise<MemoryClient> {
    await this.started
    const client = new MemoryClient(this.#dial(init), this.settle)
    await this.settle()
    return client
  }

  /**
   * Connects to whatever listens at a place, as in `'10.0.0.1:10000'`: for what is no frontend.
   * @throws {Error} `ECONNREFUSED` when nothing does
   */
  reach(place: string): MemorySocket {
    return this.#network.reach(place)
  }

  /**
   * Puts something else in a server's place, from its next connection on: a server goes down, comes back, answers otherwise. One that is added
   * while the balancer runs refuses until it is told of here, unless there was one of that name.
   * @throws {OptionError} when the name is no server's
   */
  serve(name: string, origin: Origin): void {
    this.#origins.set(name, origin)
  }

  /** Waits until nothing moves any more without time moving on. */
  readonly settle = (): Promise<void> => this.#network.settle()

  /** Numbers as they are now; see {@link Balancer.stats}. */
  stats(): BalancerStats {
    return this.balancer.stats()
  }

  /** Stops the balancer; see {@link Balancer.stop}. */
  async stop(options: StopOptions = {}): Promise<void> {
    await this.started.catch(() => {})
    await this.balancer.stop(options)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  #dial(init: InjectInit): MemorySocket {
    const frontend = this.#frontend(init.frontend)
    const listener = frontend.addresses()[0]
    const view = sessionOf('inject()', { srcPort: this.#nextPort++, ...init })
    const client: Place = { address: view.source?.toString(), port: view.sourcePort }
    if (listener === undefined) {
      const asked = { address: view.destination?.toString(), port: view.destinationPort }
      return this.#network.meet((socket) => frontend.accept(socket), client, asked)
    }
    if (listener.port === 0) return this.#network.connect(listener, UNNAMED, UNNAMED)
    return this.#network.connect(listener, client, askedOf(listener, init, view.destination?.toString()))
  }

  #frontend(name: string | undefined): Frontend {
    const frontend = name === undefined ? this.balancer.frontends[0] : this.balancer.frontend(name)
    if (frontend !== undefined) return frontend
    const known = this.balancer.frontends.map((each) => each.name).join(', ')
    throw new OptionError('inject()', 'frontend', `there is no frontend '${name ?? ''}'; there are ${known}`)
  }

  #recorded(record: TransactionRecord): void {
    this.records.push(record)
    const waiting = this.#waiting.find(
      (each) =>
        each.record === undefined &&
        each.port === record.clientPort &&
        (each.address === undefined || each.address === record.clientAddress),
    )
    if (waiting !== undefined) waiting.record = record
  }

  /** Lets everything move, and time when nothing else does, until something is so. */
  async #until(so: () => boolean): Promise<void> {
    const end = this.clock.elapsed + this.#patience
    for (;;) {
      await this.settle()
      if (so()) return
      if (!this.#autoAdvance) continue
      if (this.clock.next === Number.POSITIVE_INFINITY)
        throw new Error('there is no answer, and nothing is under way that could bring one')
      if (this.clock.elapsed + this.clock.next > end)
        throw new Error(`there is no answer after ${this.#patience} ms of the test's clock`)
      await this.clock.step()
    }
  }

  #rethrow(): void {
    const thrown = this.#thrown
    this.#thrown = undefined
    if (thrown !== undefined) throw thrown.error
  }
}

const UNNAMED: Place = { address: undefined, port: undefined }

/** A Config is not plain data: only what a balancer takes is passed on. */
function ownOptions(options: InMemoryOptions): BalancerOptions {
  const { frontends, backends, maxConnections, maxConnectionRate, maxSessionRate } = options
  const { errorCodes, failureCodes } = options
  const { bufferSize, rewriteRoom, maxHeaders, process, checks, resolvers, sinks, peers, tables } = options
  return {
    frontends,
    ...(backends === undefined ? {} : { backends }),
    ...(maxConnections === undefined ? {} : { maxConnections }),
    ...(maxConnectionRate === undefined ? {} : { maxConnectionRate }),
    ...(maxSessionRate === undefined ? {} : { maxSessionRate }),
    ...(bufferSize === undefined ? {} : { bufferSize }),
    ...(rewriteRoom === undefined ? {} : { rewriteRoom }),
    ...(errorCodes === undefined ? {} : { errorCodes }),
    ...(failureCodes === undefined ? {} : { failureCodes }),
    ...(process === undefined ? {} : { process }),
    ...(maxHeaders === undefined ? {} : { maxHeaders }),
    ...(checks === undefined ? {} : { checks }),
    ...(resolvers === undefined ? {} : { resolvers }),
    ...(sinks === undefined ? {} : { sinks }),
    ...(peers === undefined ? {} : { peers }),
    ...(tables === undefined ? {} : { tables }),
  }
}

/** A client of a listener for all addresses has chosen one of them; its port is the listener's. */
function askedOf(listener: FrontendAddress, init: InjectInit, fallback: string | undefined): Place {
  const any = listener.address === '0.0.0.0' || listener.address === '::'
  return { address: init.dst ?? (any ? fallback : listener.address), port: init.dstPort ?? listener.port }
}

function requestBytes({ method, target, version, headers }: Request, body: InjectInit['body']): Buffer {
  let head = `${method} ${target} HTTP/${version}\r\n`
  for (const [name, value] of headers) head += `${name}: ${value}\r\n`
  const bytes = body === undefined ? Buffer.alloc(0) : bodyBytes(body)
  const parts: Buffer[] = [Buffer.from(`${head}\r\n`, 'latin1')]
  if (!headers.has('transfer-encoding')) parts.push(bytes)
  else {
    if (bytes.length > 0) parts.push(Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n'))
    parts.push(Buffer.from('0\r\n\r\n'))
  }
  return Buffer.concat(parts)
}
