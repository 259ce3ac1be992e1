/** A frontend that runs: its listeners, its connections, and the limit on how many there may be. */
import { OptionError } from '../base/errors.js'
import { begin } from '../observe/counters.js'
import type { Bind, Frontend, FrontendAddress, FrontendHost } from '../proxy/frontend.js'
import type { Engine } from './engine.js'
import { Http1Session } from './http1-session.js'
import { Listener } from './listener.js'
import type { Listening, Socket } from './network.js'
import { Session } from './session.js'
import { TcpSession } from './tcp-session.js'
import type { Transaction } from './transaction.js'

/** A client connection that is being served, whatever it speaks. */
export interface Served {
  /** What is under way on it. */
  readonly transaction: Transaction | undefined
  /** Takes nothing further, and ends when what is under way is done. */
  stop(): void
  /** Ends at once. */
  kill(): void
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
  #listening: Listening[] = []
  readonly #served = new Set<Served>()
  readonly #waiting: Waiting[] = []
  #stopping = false

  constructor(engine: Engine, frontend: Frontend) {
    this.#engine = engine
    this.frontend = frontend
  }

  /** Listens at all of its places. Rejects when one cannot be had; whoever starts several then closes the others. */
  async listen(): Promise<void> {
    let number = 0
    for (const bind of this.frontend.binds) {
      for (const place of eachPort(bind)) {
        number = bind.id ?? number + 1
        const listener = new Listener(bind.name, number)
        const connected = (socket: Socket): void => this.#connected(socket, undefined, listener)
        try {
          this.#listening.push(await this.#engine.network.listen(place, connected))
        } catch (error) {
          throw new OptionError(
            `Frontend '${this.frontend.name}'`,
            'bind',
            listenFault(bind, error as NodeJS.ErrnoException),
          )
        }
      }
    }
  }

  address(): FrontendAddress | undefined {
    return this.addresses()[0]
  }

  addresses(): readonly FrontendAddress[] {
    return this.#listening.map(({ address, port }) => ({ address, port }))
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
    const listening = this.#listening
    this.#listening = []
    await Promise.all(listening.map((each) => each.close()))
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
