/** The runtime API: the sockets where operators look and give orders, and the same for the program that runs the balancer. */
import { z } from 'zod'
import { Balancer } from '../balancer.js'
import { checkOptions, durationOption, instanceOption, integerOption } from '../base/options.js'
import type { Listening, Socket } from '../engine/network.js'
import { CliSession } from './cli-session.js'
import type { Command, CommandState, Level } from './command.js'
import { CommandInput, type InputLimits } from './command-input.js'
import { CommandTable } from './command-table.js'
import { builtInCommands } from './commands/index.js'
import { interpret, type Surroundings } from './interpreter.js'
import type { MakeServer } from './make-server.js'
import type { ListedPatterns } from './pattern-list.js'
import { decideSocket, type StatsSocket, type StatsSocketOptions } from './stats-socket.js'

/** What the runtime API is told. */
export interface RuntimeApiOptions {
  /** Commands of yours, beside those that there are; one with the same words takes the place of ours. */
  readonly commands?: readonly Command[]
  /** The maps and the patterns of ACLs that commands may look at and change. Default: none. A configuration has `listedPatterns`. */
  readonly patterns?: readonly ListedPatterns[]
  /** Makes a server of the words of a `server` line, for `add server`: `serverFromWords` of `fairlead/config`. Default: nobody does. */
  readonly makeServer?: MakeServer
  /** How long a connection may be silent. Default 10 s. Manual, `stats timeout`. */
  readonly timeout?: number | string
  /** Connections at a time over all sockets; more wait. Default 10. Manual, `stats maxconn`. */
  readonly maxConnections?: number
  /** Bytes of a payload. Default 131072. HAProxy's `tune.cli.max-payload-size`. */
  readonly maxPayload?: number
}

/** On whose behalf a line is carried out. */
export interface ExecuteOptions {
  /** Default `admin`. */
  readonly level?: Level
}

const options = z.strictObject({
  commands: z.array(z.custom<Command>((given) => typeof given === 'object' && given !== null)).optional(),
  patterns: z.array(z.custom<ListedPatterns>((given) => typeof given === 'object' && given !== null)).optional(),
  makeServer: z.custom<MakeServer>((given) => typeof given === 'function', { error: 'must be a function' }).optional(),
  timeout: durationOption.optional(),
  maxConnections: integerOption(1, 2 ** 31 - 1).optional(),
  maxPayload: integerOption(1, 2 ** 31 - 1).optional(),
})

const TIMEOUT = 10_000
const MAX_CONNECTIONS = 10
const MAX_PAYLOAD = 131_072
/** Connections beyond the limit that are held unread until there is room. */
const LONGEST_BACKLOG = 1024

/** A socket that listens, or is about to: somebody may come before it has been told so. */
interface Open extends StatsSocket {
  listening: Listening | undefined
  connections: number
}

/** Somebody who waits for room. */
interface Waiting {
  readonly socket: Socket
  readonly at: Open
}

/**
 * HAProxy's runtime API for a balancer. Manual of management, chapter 9.3.
 *
 * ```ts
 * const api = new RuntimeApi(balancer)
 * await api.listen({ address: '/run/fairlead.sock', fileMode: 0o600, level: 'admin' })
 * console.log(await api.execute('show stat'))
 * ```
 *
 * Who can connect to a socket of level `admin` rules the balancer: protect the file, or the port.
 *
 * @throws {OptionError} that names the option that is wrong
 */
export class RuntimeApi implements AsyncDisposable {
  readonly #balancer: Balancer
  readonly #table: CommandTable
  readonly #timeout: number
  readonly #maxConnections: number
  readonly #limits: InputLimits
  readonly #patterns: readonly ListedPatterns[]
  readonly #makeServer: MakeServer | undefined
  readonly #open: Open[] = []
  readonly #sessions = new Set<CliSession>()
  readonly #waiting: Waiting[] = []
  #closed = false
  /** Settles when all is closed that was to be. */
  #closing: Promise<unknown> = Promise.resolve()

  constructor(balancer: Balancer, given: RuntimeApiOptions = {}) {
    checkOptions('RuntimeApi', instanceOption(Balancer, 'must be a Balancer'), balancer)
    const checked = checkOptions('RuntimeApi', options, given)
    this.#balancer = balancer
    this.#table = new CommandTable([...builtInCommands, ...(checked.commands ?? [])])
    this.#timeout = checked.timeout || TIMEOUT
    this.#patterns = checked.patterns ?? []
    this.#makeServer = checked.makeServer
    this.#maxConnections = checked.maxConnections ?? MAX_CONNECTIONS
    this.#limits = { line: balancer.engine.bufferSize, payload: checked.maxPayload ?? MAX_PAYLOAD }
  }

  /**
   * Carries out a line, or several, as a socket would, and gives the answers as they would be sent, each with the empty line that ends it.
   * Never rejects for what a command says of its arguments: that is an answer.
   */
  async execute(line: string, { level = 'admin' }: ExecuteOptions = {}): Promise<string> {
    const state = this.#state(level, 'none')
    const input = new CommandInput({ line: Number.POSITIVE_INFINITY, payload: Number.POSITIVE_INFINITY })
    input.push(line.endsWith('\n') ? line : `${line}\n`)
    let answer = ''
    for (;;) {
      const given = input.next()
      if (given === undefined || (given !== 'more' && given.words[0] === 'quit')) return answer
      if (given === 'more') continue
      // Nobody could be told what comes later.
      const follow = (): AbortSignal => AbortSignal.abort()
      for await (const text of interpret(given, state, this.#surroundings, follow)) answer += text
    }
  }

  /**
   * Listens at one more place, by the balancer's network.
   * @param takeOver the path of a unix socket is taken from whoever listens there still: a process that this one follows
   * @throws {OptionError} when the address is none; otherwise rejects with what the network says
   */
  async listen(where: string | StatsSocketOptions, takeOver = false): Promise<void> {
    this.#closed = false
    for (const place of decideSocket(where)) {
      const at: Open = { ...place, listening: undefined, connections: 0 }
      this.#open.push(at)
      try {
        const connected = (socket: Socket): void => this.#connected(socket, at)
        at.listening = await this.#balancer.engine.network.listen(place.bind, connected, takeOver)
      } catch (error) {
        const index = this.#open.indexOf(at)
        if (index !== -1) this.#open.splice(index, 1)
        throw error
      }
      // It was closed meanwhile.
      if (!this.#open.includes(at)) await at.listening.close()
    }
  }

  /** Where it listens: the address or path, and the port that it got. */
  addresses(): readonly { readonly address: string; readonly port: number }[] {
    return this.#open.flatMap(({ listening }) =>
      listening === undefined ? [] : [{ address: listening.address, port: listening.port }],
    )
  }

  /** Listens no longer, and cuts those who are connected. */
  async close(): Promise<void> {
    this.#closed = true
    for (const { socket } of this.#waiting.splice(0)) socket.destroy()
    for (const session of [...this.#sessions]) session.kill()
    const closing = this.#open.splice(0).map(({ listening }) => listening?.close())
    this.#closing = Promise.all([this.#closing, ...closing])
    await this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  get #surroundings(): Surroundings {
    const sockets = this.#open.map(({ shown, level }) => ({ address: shown, level }))
    return {
      balancer: this.#balancer,
      table: this.#table,
      sockets,
      patterns: this.#patterns,
      makeServer: this.#makeServer,
      operators: this.#sessions,
    }
  }

  #state(level: Level, severityOutput: CommandState['severityOutput']): CommandState {
    return {
      level,
      mode: 'single',
      timed: false,
      severityOutput,
      expert: false,
      experimental: false,
      timeout: this.#timeout,
    }
  }

  #connected(socket: Socket, at: Open): void {
    socket.on('error', ignore)
    if (this.#closed) socket.destroy()
    else if (this.#hasRoom(at)) this.#serve(socket, at)
    else if (this.#waiting.length >= LONGEST_BACKLOG) socket.destroy()
    else {
      socket.pause()
      this.#waiting.push({ socket, at })
    }
  }

  #hasRoom(at: Open): boolean {
    return this.#sessions.size < this.#maxConnections && (!at.maxConnections || at.connections < at.maxConnections)
  }

  #serve(socket: Socket, at: Open): void {
    at.connections++
    const { engine } = this.#balancer
    const session: CliSession = new CliSession({
      socket,
      clock: engine.clock,
      number: engine.transactions++,
      place: this.#open.indexOf(at) + 1,
      limits: this.#limits,
      state: this.#state(at.level, at.severityOutput ?? 'none'),
      surroundings: this.#surroundings,
      left: () => {
        at.connections--
        this.#sessions.delete(session)
        this.#admitWaiting()
      },
    })
    this.#sessions.add(session)
    session.start()
  }

  #admitWaiting(): void {
    for (let next = 0; next < this.#waiting.length; ) {
      const { socket, at } = this.#waiting[next] as Waiting
      if (!socket.destroyed && !this.#hasRoom(at)) {
        next++
        continue
      }
      this.#waiting.splice(next, 1)
      if (!socket.destroyed) this.#serve(socket, at)
    }
  }
}

const ignore = (): void => {}
