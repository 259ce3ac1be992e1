/** One connection with a peer behind its handshake: what each side tells, in turns that are short, and at the pace of the other. */
import { type PeerEvent, PeersDecoder, type UpdateEvent } from '../../codec/peers-decoder.js'
import { PeersWriter } from '../../codec/peers-writer.js'
import { Deadline } from '../deadline.js'
import type { Socket } from '../network.js'
import type { LinkTable } from './link-table.js'
import type { Surroundings } from './surroundings.js'
import { Teaching, tellChanges, type Wanted } from './telling.js'

/** A peer that says nothing for so long is gone; we say something in time. Milliseconds, as in HAProxy. */
const SILENCE = 5000
const HEARTBEAT = 3000
/** How long the peer may take to read why we part with it. */
const LAST_WORD = 1000
/** Bytes of answers that a peer may leave unread. */
const MOST_UNREAD = 262_144
/** What is understood in one go. */
const MOST_EVENTS = 64

/** Who is told of what comes of it. */
export interface SessionOwner {
  readonly tables: readonly LinkTable[]
  readonly wanted: Wanted
  /** It has told all that it knows; `complete` when it knows all that there is. */
  lessonOver(complete: boolean): void
  /** It has learned all that we know. */
  taught(): void
  /** Whether what we know is all that there is. */
  readonly knowsAll: boolean
  over(why: Ending): void
}

/** How a connection ended: it was closed or broke; the peer fell silent, broke the rules, or complained of us; we want it no more. */
export type Ending = 'gone' | 'silent' | 'broken' | 'complaint' | 'unwanted'

/** One connection. */
export class PeerSession {
  readonly socket: Socket
  readonly incoming: boolean
  readonly writer = new PeersWriter()
  readonly decoder: PeersDecoder
  heartbeatsSent = 0
  heartbeatsReceived = 0
  /** Lessons that we have finished, whose confirmation is awaited. */
  confirmations = 0
  readonly #owner: SessionOwner
  readonly #surroundings: Surroundings
  readonly #byName: ReadonlyMap<string, LinkTable>
  readonly #heartbeat: Deadline
  readonly #silence: Deadline
  #teaching: Teaching | undefined = undefined
  /** What the peer tells now is about this one. */
  #current: LinkTable | undefined = undefined
  #listening = false
  #telling = false
  #closed = false

  constructor(owner: SessionOwner, socket: Socket, incoming: boolean, surroundings: Surroundings) {
    this.#owner = owner
    this.socket = socket
    this.incoming = incoming
    this.#surroundings = surroundings
    this.#byName = new Map(owner.tables.map((table) => [table.shared.definition.name, table]))
    this.decoder = new PeersDecoder((name) => this.#byName.has(name))
    this.#heartbeat = new Deadline(surroundings.clock, () => this.#beat())
    this.#silence = new Deadline(surroundings.clock, () => this.close('silent'))
  }

  /** Milliseconds until a heartbeat is sent. */
  get heartbeatIn(): number {
    return this.#heartbeat.left
  }

  /** What the peer has spoken of last. */
  get heardOf(): LinkTable | undefined {
    return this.#current
  }

  /** We are telling all that we know. */
  get teaching(): boolean {
    return this.#teaching !== undefined
  }

  /** Begins. @param rest what came behind the handshake */
  start(rest: Uint8Array): void {
    for (const table of this.#owner.tables) table.begin()
    this.socket.on('data', (chunk: Buffer) => this.#take(chunk))
    this.socket.on('drain', () => this.tell())
    this.socket.on('end', () => this.close('gone'))
    this.socket.on('close', () => this.close('gone'))
    this.socket.resume()
    this.#silence.set(SILENCE)
    this.#heartbeat.set(HEARTBEAT)
    if (rest.length > 0) this.#take(rest)
    this.tell()
  }

  /** Asks for all that the peer knows. */
  ask(): void {
    this.writer.control('resyncRequest')
    this.#flush()
  }

  /** Tells all that we know. */
  teach(): void {
    this.#teaching ??= new Teaching(this.#owner.tables, this.#owner.wanted)
    this.tell()
  }

  /** Tells what there is to tell, a little now and the rest in later turns. */
  tell(): void {
    if (this.#telling || this.#closed || this.socket.writableNeedDrain) return
    this.#telling = true
    setImmediate(() => {
      this.#telling = false
      if (this.#closed) return
      const done = this.#tellSome()
      this.#flush()
      if (!done) this.tell()
    })
  }

  #tellSome(): boolean {
    const now = this.#surroundings.clock.now()
    if (this.#teaching !== undefined && this.confirmations === 0) {
      if (!this.#teaching.tell(this.writer, now)) return false
      this.writer.control(this.#owner.knowsAll ? 'resyncFinished' : 'resyncPartial')
      this.confirmations = 1
    }
    // What changes meanwhile is told when the lesson has been confirmed.
    if (this.#teaching !== undefined) return true
    return tellChanges(this.#owner.tables, this.#owner.wanted, this.writer, now)
  }

  /** Ends it. */
  close(why: Ending): void {
    if (this.#closed) return
    this.#closed = true
    this.#heartbeat.stop()
    this.#silence.stop()
    if (why === 'broken') this.#partWithComplaint()
    else this.socket.destroy()
    this.#owner.over(why)
  }

  /** What we have to say is sent, if the peer takes it. */
  #partWithComplaint(): void {
    const { socket } = this
    const timer = this.#surroundings.clock.after(LAST_WORD, () => socket.destroy())
    socket.once('close', () => timer.cancel())
    socket.end(this.writer.take(), () => socket.destroy())
  }

  #beat(): void {
    this.writer.control('heartbeat')
    this.heartbeatsSent++
    this.#flush()
  }

  #flush(): void {
    if (this.writer.length === 0 || this.#closed) return
    this.#heartbeat.set(HEARTBEAT)
    this.socket.write(this.writer.take())
    // Lessons wait for the peer to read; answers to what it says do not, and it may say much.
    if (this.socket.writableLength > MOST_UNREAD) this.close('broken')
  }

  #take(chunk: Uint8Array): void {
    if (this.#closed) return
    this.#silence.set(SILENCE)
    this.decoder.feed(chunk)
    this.#listen()
  }

  /** Understands some of what has come; while there is more, nothing further is read. */
  #listen(): void {
    if (this.#listening || this.#closed) return
    for (let count = 0; count < MOST_EVENTS; count++) {
      const event = this.decoder.next()
      if (event === undefined) {
        this.decoder.keep()
        this.#acknowledge()
        this.#flush()
        return
      }
      this.#hear(event)
      if (this.#closed) return
    }
    this.#acknowledge()
    this.#flush()
    if (this.#closed) return
    this.#listening = true
    this.decoder.keep()
    this.socket.pause()
    setImmediate(() => {
      this.#listening = false
      if (this.#closed) return
      // It is being worked on, not waited for.
      this.#silence.set(SILENCE)
      this.socket.resume()
      this.#listen()
    })
  }

  #hear(event: PeerEvent): void {
    switch (event.type) {
      case 'control':
        this.#obey(event.control)
        break
      case 'definition':
        this.#define(event)
        break
      case 'update':
        this.#learn(event)
        break
      case 'acknowledged':
        // What is acknowledged of a lesson says nothing of what comes before it.
        if (this.#teaching === undefined)
          this.#owner.tables.find(({ shared }) => shared.definition.id === event.table)?.acknowledge(event.update)
        break
      case 'complaint':
        this.close('complaint')
        break
      case 'broken':
        this.writer.complain(event.fault)
        this.close('broken')
    }
  }

  #obey(control: (PeerEvent & { type: 'control' })['control']): void {
    switch (control) {
      case 'resyncRequest':
        this.teach()
        break
      case 'resyncFinished':
      case 'resyncPartial':
        this.#acknowledge()
        this.writer.control('resyncConfirm')
        this.#owner.lessonOver(control === 'resyncFinished')
        break
      case 'resyncConfirm':
        if (this.confirmations === 0) break
        this.confirmations = 0
        this.#teaching?.confirm()
        this.#teaching = undefined
        this.#owner.taught()
        this.tell()
        break
      case 'heartbeat':
        this.heartbeatsReceived++
    }
  }

  #define({ definition }: PeerEvent & { type: 'definition' }): void {
    const table = this.#byName.get(definition.name)
    this.#current = table
    if (table === undefined) return
    table.remoteId = definition.id
    table.remoteData = definition.fields.reduce((bits, { number }) => bits + 2 ** number, 0)
    table.lesson = table.shared.lesson(definition)
  }

  #learn(event: UpdateEvent): void {
    const table = event.definition === this.#current?.lesson?.definition ? this.#current : this.#switched(event)
    if (table?.lesson === undefined) return
    table.shared.learn(table.lesson, event, this.#surroundings.clock.now())
    table.received = event.id
    table.owing = true
  }

  /** The peer went on with a table that it had defined before. */
  #switched({ definition }: UpdateEvent): LinkTable | undefined {
    this.#current = this.#byName.get(definition.name)
    return this.#current
  }

  #acknowledge(): void {
    for (const table of this.#owner.tables) {
      if (!table.owing) continue
      table.owing = false
      table.answered = table.received
      this.writer.acknowledge(table.remoteId, table.received)
    }
  }
}
