/** A frontend that runs: its listeners, its connections, and the limit on how many there may be. */
import type { Timer } from '../base/clock.js'
import { OptionError } from '../base/errors.js'
import type { Backend } from '../proxy/backend.js'
import type { Bind } from '../proxy/bind.js'
import type { Frontend, FrontendAddress, FrontendHost, ListenerStanding } from '../proxy/frontend.js'
import type { Leaving } from '../proxy/leaving.js'
import { Admission, type Arrival } from './admission.js'
import type { Engine } from './engine.js'
import { Http1Session } from './http1-session.js'
import { enterListener, Listener, leaveListener } from './listener.js'
import type { Listening, Socket } from './network.js'
import { Session } from './session.js'
import { countAdmitted, countConnection } from './tally.js'
import { TcpSession } from './tcp-session.js'
import type { Transaction } from './transaction.js'

/** A client connection that is being served, whatever it speaks. */
export interface Served {
  readonly session: Session
  /** What is under way on it. */
  readonly transaction: Transaction | undefined
  /** Takes nothing further, and ends when what is under way is done. */
  stop(): void
  /** Ends at once. */
  kill(): void
}

/** One place that it listens at. */
interface Door {
  readonly bind: Bind
  /** One of its ports. */
  readonly place: Bind
  readonly listener: Listener
  readonly listening: Listening
}

/** One running frontend. */
export class Entrance implements FrontendHost {
  readonly frontend: Frontend
  readonly #engine: Engine
  #doors: readonly Door[] = []
  /** Those that were closed for a while. */
  #shut: readonly Door[] = []
  /** It has begun: further places may be opened. */
  #began = false
  #lastNumber = 0
  readonly #served = new Set<Served>()
  readonly #admission: Admission
  #stopping = false
  /** Those that will be asked to go in a while. */
  readonly #leaving = new Map<Served, Timer>()

  constructor(engine: Engine, frontend: Frontend) {
    this.#engine = engine
    this.frontend = frontend
    this.#admission = new Admission(engine, frontend, (arrival) => this.#serve(arrival))
  }

  /** Listens at all of its places. Rejects when one cannot be had; whoever starts several then closes the others. */
  async listen(): Promise<void> {
    await this.#openDoors(this.frontend.binds)
    this.#began = true
  }

  /** Listens at further places while it runs: at all of them, or it rejects and listens at none. */
  async open(binds: readonly Bind[]): Promise<void> {
    if (!this.#began) throw new Error(`frontend '${this.frontend.name}' is about to start or to stop`)
    await this.#openDoors(binds)
  }

  async #openDoors(binds: readonly Bind[]): Promise<void> {
    const doors: Door[] = []
    try {
      for (const bind of binds) for (const place of eachPort(bind)) doors.push(await this.#openDoor(bind, place))
      if (this.#stopping) throw new Error(`frontend '${this.frontend.name}' has been stopped`)
    } catch (error) {
      await Promise.all(doors.map(({ listening }) => listening.close()))
      throw error
    }
    this.#doors = [...this.#doors, ...doors]
  }

  async #openDoor(bind: Bind, place: Bind): Promise<Door> {
    this.#lastNumber = bind.id ?? this.#lastNumber + 1
    const listener = new Listener(bind.name, this.#lastNumber, this.frontend.socketStats)
    listener.maxConnections = bind.maxConnections || Number.POSITIVE_INFINITY
    return this.#listen(bind, place, listener)
  }

  async #listen(bind: Bind, place: Bind, listener: Listener): Promise<Door> {
    const connected = (socket: Socket): void => this.#connected(socket, undefined, listener)
    try {
      return { bind, place, listener, listening: await this.#engine.network.listen(place, connected) }
    } catch (error) {
      const fault = listenFault(bind, error as NodeJS.ErrnoException)
      throw new OptionError(`Frontend '${this.frontend.name}'`, 'bind', fault)
    }
  }

  /** Listens at a place no more; who came in there has so many milliseconds for what is under way. */
  close(bind: Bind, patience: number): Leaving {
    const closed = this.#doors.filter((door) => door.bind === bind)
    this.#doors = this.#doors.filter((door) => door.bind !== bind)
    for (const { listening } of closed) void listening.close()
    const listeners = new Set<Listener | undefined>(closed.map(({ listener }) => listener))
    const there = (): readonly Served[] => [...this.#served].filter(({ session }) => listeners.has(session.listener))
    for (const served of there()) served.stop()
    return this.#engine.depart(
      () => closed.reduce((sum, { listener }) => sum + listener.connections, 0),
      () => {
        for (const served of there()) served.kill()
      },
      patience,
    )
  }

  async pause(): Promise<void> {
    this.#shut = this.#doors
    this.#doors = []
    await Promise.all(this.#shut.map(({ listening }) => listening.close()))
  }

  async resume(): Promise<void> {
    const doors: Door[] = []
    try {
      for (const { bind, place, listener } of this.#shut) doors.push(await this.#listen(bind, place, listener))
      if (this.#stopping) throw new Error(`frontend '${this.frontend.name}' has been stopped`)
    } catch (error) {
      await Promise.all(doors.map(({ listening }) => listening.close()))
      throw error
    }
    this.#shut = []
    this.#doors = [...this.#doors, ...doors]
  }

  limitsChanged(): void {
    this.#admission.letIn()
  }

  /** Whether a backend runs beside it. */
  serves(backend: Backend): boolean {
    return this.#engine.backends.has(backend)
  }

  address(): FrontendAddress | undefined {
    return this.addresses()[0]
  }

  addresses(): readonly FrontendAddress[] {
    return this.#doors.map(({ listening: { address, port } }) => ({ address, port }))
  }

  accept(socket: unknown, head?: Uint8Array): void {
    const taken = socket as Socket
    // Ours are made so. A client that has said all it had to say still gets its answer.
    taken.allowHalfOpen = true
    this.#connected(taken, head === undefined ? undefined : Buffer.from(head))
  }

  /** Connections that are being served. */
  get connections(): number {
    return this.#served.size
  }

  listeners(): readonly ListenerStanding[] {
    return [...this.#doors, ...this.#shut].map(({ listener, listening, bind }) => ({
      name: listener.name,
      id: listener.id,
      address: listening.address,
      port: listening.port,
      maxConnections: bind.maxConnections,
      counters: listener.counters,
    }))
  }

  /** What is under way on them. */
  *transactions(): Iterable<Transaction> {
    for (const { transaction } of this.#served) if (transaction !== undefined) yield transaction
  }

  /** Closes the listeners; those who are connected stay. */
  async closeListeners(): Promise<void> {
    this.#stopping = true
    const doors = this.#doors
    this.#doors = []
    await Promise.all(doors.map(({ listening }) => listening.close()))
  }

  /**
   * Takes nothing further: idle connections close, the others after what is under way.
   * @param spread milliseconds within which each of them does, at a moment of its own; `Infinity` leaves them to their time-outs
   */
  stop(spread = 0): void {
    this.#stopping = true
    this.#admission.close()
    for (const served of [...this.#served]) {
      if (spread === 0) served.stop()
      else if (spread !== Number.POSITIVE_INFINITY) this.#stopLater(served, spread)
    }
  }

  #stopLater(served: Served, spread: number): void {
    const { clock, random } = this.#engine
    this.#leaving.set(
      served,
      clock.after(Math.floor(random.next() * spread), () => {
        this.#leaving.delete(served)
        served.stop()
      }),
    )
  }

  /** Ends whatever is left. */
  kill(): void {
    for (const served of [...this.#served]) served.kill()
  }

  #connected(socket: Socket, head?: Buffer, listener?: Listener): void {
    // Stands for the socket's whole life: nothing that a peer does may end the process.
    socket.on('error', ignore)
    if (this.#stopping) {
      socket.destroy()
      return
    }
    this.#admission.arrive({ socket, head, listener })
  }

  #serve({ socket, head, listener }: Arrival): void {
    if (listener !== undefined) enterListener(listener)
    this.#engine.sessions++
    const { tcpKeepAlive } = this.frontend
    if (tcpKeepAlive !== undefined) socket.setKeepAlive?.(true, tcpKeepAlive)
    const session = new Session(this.#engine, this, socket, listener)
    countConnection(this.#engine, this.frontend, session.acceptedAt)
    const admitted = this.#admit(session)
    if (admitted instanceof Promise) {
      socket.pause()
      admitted.then(
        (may) => this.#open(session, may, head),
        (error: unknown) => this.#refuse(session, error),
      )
      return
    }
    this.#open(session, admitted, head)
  }

  #admit(session: Session): boolean | Promise<boolean> {
    const { frontend } = this
    if (frontend.tcpRequestConnection.length === 0 && frontend.tcpRequestSession.length === 0) return true
    try {
      const admitted = frontend.admit(session.context)
      const go = (refused: unknown): boolean | Promise<boolean> =>
        refused === undefined ? this.#greet(session) : this.#denied(session, 'deniedConnections')
      return admitted instanceof Promise ? admitted.then(go) : go(admitted)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  #greet(session: Session): boolean | Promise<boolean> {
    const greeted = this.frontend.open(session.context)
    const go = (refused: unknown): boolean => refused === undefined || this.#denied(session, 'deniedSessions')
    return greeted instanceof Promise ? greeted.then(go) : go(greeted)
  }

  #denied({ listener }: Session, which: 'deniedConnections' | 'deniedSessions'): false {
    this.frontend.counters[which]++
    if (listener?.counters !== undefined) listener.counters[which]++
    return false
  }

  #refuse(session: Session, error: unknown): void {
    this.#engine.complain(error, `frontend '${this.frontend.name}'`)
    this.#open(session, false, undefined)
  }

  #open(session: Session, admitted: boolean, head: Buffer | undefined): void {
    if (!admitted || session.socket.destroyed) {
      session.socket.destroy()
      this.left(undefined, session)
      return
    }
    countAdmitted(this.#engine, this.frontend, session)
    session.context.count('sessions', 1)
    if (this.frontend.mode === 'tcp') {
      const served = new TcpSession(session)
      this.#served.add(served)
      served.start(head)
    } else this.serveHttp(new Http1Session(session), head)
  }

  /** Serves HTTP on a connection, one that was a TCP connection until now included. */
  serveHttp(served: Http1Session, head: Buffer | undefined): void {
    this.#served.add(served)
    served.start(head)
  }

  /** A connection has become something else, and keeps its place. */
  replaced(served: Served): void {
    this.#served.delete(served)
  }

  /** A connection is gone: its place is free. */
  left(served: Served | undefined, session: Session): void {
    if (served !== undefined) {
      this.#served.delete(served)
      this.#leaving.get(served)?.cancel()
      this.#leaving.delete(served)
    }
    session.context.release()
    if (session.listener !== undefined) leaveListener(session.listener)
    this.frontend.counters.current--
    this.#engine.sessionLeft()
    this.#admission.letIn()
    if (this.#engine.sessions === this.#engine.maxConnections - 1)
      for (const other of this.#engine.entrances) if (other !== this) other.#admission.letIn()
  }
}

const ignore = (): void => {}

/** A port range is as many listeners. */
function eachPort(bind: Bind): Bind[] {
  const { parsed } = bind
  if (parsed.kind !== 'ip' && parsed.kind !== 'name') return [bind]
  const binds: Bind[] = []
  for (let port = parsed.port; port <= parsed.portEnd; port++)
    binds.push({ ...bind, parsed: { ...parsed, port, portEnd: port } })
  return binds
}

function listenFault(bind: Bind, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `'${bind.address}' is in use by another program: stop it, or choose another port`
    case 'EACCES':
      return `'${bind.address}' may not be used by this user: ports below 1024 need privileges`
    case 'EADDRNOTAVAIL':
      return `'${bind.address}' is not an address of this machine`
    default:
      return `cannot listen at '${bind.address}': ${error.message}`
  }
}
