/** A frontend that runs: its listeners, its connections, and the limit on how many there may be. */
import { OptionError } from '../base/errors.js'
import { begin } from '../observe/counters.js'
import type { Backend } from '../proxy/backend.js'
import type { Bind } from '../proxy/bind.js'
import type { Frontend, FrontendAddress, FrontendHost } from '../proxy/frontend.js'
import type { Leaving } from '../proxy/leaving.js'
import type { Engine } from './engine.js'
import { Http1Session } from './http1-session.js'
import { Listener } from './listener.js'
import type { Listening, Socket } from './network.js'
import { Session } from './session.js'
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
  readonly listener: Listener
  readonly listening: Listening
}

/** Connections beyond the limit that are held unread until there is room, as the kernel's backlog would hold them. */
const LONGEST_BACKLOG = 1024

/** Somebody who waits for room. */
interface Waiting {
  readonly socket: Socket
  readonly head: Buffer | undefined
  readonly listener: Listener | undefined
  readonly drop: () => void
}

/** One running frontend. */
export class Entrance implements FrontendHost {
  readonly frontend: Frontend
  readonly #engine: Engine
  #doors: readonly Door[] = []
  /** It has begun: further places may be opened. */
  #began = false
  #lastNumber = 0
  readonly #served = new Set<Served>()
  readonly #waiting: Waiting[] = []
  #stopping = false

  constructor(engine: Engine, frontend: Frontend) {
    this.#engine = engine
    this.frontend = frontend
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
    const listener = new Listener(bind.name, this.#lastNumber)
    const connected = (socket: Socket): void => this.#connected(socket, undefined, listener)
    try {
      return { bind, listener, listening: await this.#engine.network.listen(place, connected) }
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

  /** Takes nothing further: idle connections close, the others after what is under way. */
  stop(): void {
    this.#stopping = true
    for (const waiting of this.#waiting.splice(0)) waiting.socket.destroy()
    for (const served of [...this.#served]) served.stop()
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
    if (this.#full()) this.#hold(socket, head, listener)
    else this.#serve(socket, head, listener)
  }

  #full(): boolean {
    const { counters, maxConnections } = this.frontend
    return counters.current >= maxConnections || this.#engine.sessions >= this.#engine.maxConnections
  }

  #hold(socket: Socket, head: Buffer | undefined, listener: Listener | undefined): void {
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

  #serve(socket: Socket, head: Buffer | undefined, listener: Listener | undefined): void {
    if (listener !== undefined) listener.connections++
    this.#engine.sessions++
    const { tcpKeepAlive } = this.frontend
    if (tcpKeepAlive !== undefined) socket.setKeepAlive?.(true, tcpKeepAlive)
    begin(this.frontend.counters)
    const session = new Session(this.#engine, this, socket, listener)
    this.frontend.rates.sessions.add(1, session.acceptedAt, 1000)
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
      if (admitted instanceof Promise) return admitted.then((settled) => settled === undefined && this.#greet(session))
      return admitted === undefined && this.#greet(session)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  #greet(session: Session): boolean | Promise<boolean> {
    const greeted = this.frontend.open(session.context)
    return greeted instanceof Promise ? greeted.then((settled) => settled === undefined) : greeted === undefined
  }

  #refuse(session: Session, error: unknown): void {
    this.#engine.complain(error, `frontend '${this.frontend.name}'`)
    this.#open(session, false, undefined)
  }

  #open(session: Session, admitted: boolean, head: Buffer | undefined): void {
    if (!admitted || session.socket.destroyed) {
      if (!admitted) this.frontend.counters.deniedRequests++
      session.socket.destroy()
      this.left(undefined, session)
      return
    }
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
    if (served !== undefined) this.#served.delete(served)
    session.context.release()
    if (session.listener !== undefined) session.listener.connections--
    this.frontend.counters.current--
    this.#engine.sessionLeft()
    this.#admitWaiting()
    if (this.#engine.sessions === this.#engine.maxConnections - 1)
      for (const other of this.#engine.entrances) if (other !== this) other.#admitWaiting()
  }

  #admitWaiting(): void {
    while (this.#waiting.length > 0 && !this.#full()) {
      const next = this.#waiting.shift()
      if (next === undefined) return
      next.socket.off('close', next.drop)
      this.#serve(next.socket, next.head, next.listener)
    }
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
