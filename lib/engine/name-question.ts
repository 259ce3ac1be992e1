/** One question to one name server: sent so that nobody else can answer it, by UDP, and by TCP where the answer is too long or could be forged. */
import type { Random } from '../base/random.js'
import { type DnsAnswer, decodeAnswer, encodeQuestion, type RecordType } from '../codec/dns-message.js'
import type { NameServer } from '../match/name-server.js'
import type { Datagrams, Network, Socket } from './network.js'

/** What is asked. */
export interface Asked {
  readonly name: string
  readonly type: RecordType
  /** How long an answer by UDP may be. */
  readonly payload: number
  /** Letters in upper and lower case by chance. */
  readonly randomCase: boolean
}

/** So many datagrams that are no answer, and somebody is guessing: the question goes on from another port, when it is asked again. */
const MOST_STRANGERS = 32
const LONGEST_MESSAGE = 65_535

/** See the head of the file. */
export class NameQuestion {
  readonly #network: Network
  readonly #random: Random
  readonly #server: NameServer
  readonly #asked: Asked
  readonly #answered: (answer: DnsAnswer | undefined) => void
  readonly #id: number
  readonly #name: string
  #datagrams: Datagrams | undefined
  #socket: Socket | undefined
  #held: Buffer = Buffer.alloc(0)
  #strangers = 0
  #over = false
  #doubtful = false

  /** @param answered told once: the answer, or nothing when there will be none */
  constructor(
    { network, random }: { readonly network: Network; readonly random: Random },
    server: NameServer,
    asked: Asked,
    answered: (answer: DnsAnswer | undefined) => void,
  ) {
    this.#network = network
    this.#random = random
    this.#server = server
    this.#asked = asked
    this.#answered = answered
    this.#id = Math.floor(this.#chance() * 65_536)
    this.#name = asked.randomCase ? this.#mixed(asked.name) : asked.name
  }

  ask(): void {
    this.#server.figures.sent++
    if (this.#server.transport === 'tcp') this.#askByTcp()
    else this.#askByUdp()
  }

  /** Nobody waits any more. */
  cancel(): void {
    this.#over = true
    this.#datagrams?.close()
    this.#socket?.destroy()
  }

  /** Something came that was about it, and was no good answer. */
  get doubtful(): boolean {
    return this.#doubtful
  }

  get over(): boolean {
    return this.#over
  }

  #chance(): number {
    return this.#random.secret?.() ?? this.#random.next()
  }

  #mixed(name: string): string {
    let mixed = ''
    for (const letter of name) mixed += this.#chance() < 0.5 ? letter.toLowerCase() : letter.toUpperCase()
    return mixed
  }

  #bytes(): Buffer {
    return encodeQuestion(this.#id, this.#name, this.#asked.type, this.#asked.payload)
  }

  #askByUdp(): void {
    this.#datagrams = this.#network.datagrams(
      this.#server,
      (bytes) => this.#heard(bytes),
      () => this.#failed(),
    )
    this.#datagrams.send(this.#bytes())
  }

  #heard(bytes: Buffer): void {
    if (this.#over) return
    const { figures } = this.#server
    const answer = decodeAnswer(bytes)
    if (answer === undefined || answer.id !== this.#id || !this.#isAsked(answer)) {
      if (answer !== undefined && answer.id !== this.#id) figures.outdated++
      else figures.invalid++
      if (answer?.id === this.#id) this.#doubtful = true
      if (++this.#strangers >= MOST_STRANGERS) this.#settle(undefined)
      return
    }
    if (bytes.length > this.#asked.payload) figures.tooBig++
    if (answer.truncated) figures.truncated++
    if (answer.truncated || !this.#repeats(answer)) {
      this.#doubtful = true
      this.#datagrams?.close()
      this.#askByTcp()
    } else this.#settle(answer)
  }

  #askByTcp(): void {
    const { host, port, localAddress } = this.#server
    const socket = this.#network.dial({ host, port, ...(localAddress === undefined ? {} : { localAddress }) })
    this.#socket = socket
    socket.on('error', () => this.#failed())
    socket.on('close', () => this.#settle(undefined))
    socket.on('end', () => this.#settle(undefined))
    socket.on('data', (bytes: Buffer) => this.#read(bytes))
    const question = this.#bytes()
    const length = Buffer.alloc(2)
    length.writeUInt16BE(question.length)
    socket.write(Buffer.concat([length, question]))
  }

  #read(bytes: Buffer): void {
    if (this.#over) return
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes])
    if (this.#held.length < 2) return
    const length = this.#held.readUInt16BE(0)
    if (this.#held.length < 2 + length && this.#held.length <= LONGEST_MESSAGE) return
    const answer = decodeAnswer(this.#held.subarray(2, 2 + length))
    const good = answer !== undefined && answer.id === this.#id && this.#isAsked(answer)
    if (!good) this.#server.figures.invalid++
    this.#settle(good ? answer : undefined)
  }

  #isAsked({ question }: DnsAnswer): boolean {
    return question?.type === this.#asked.type && bare(question.name).toLowerCase() === bare(this.#name).toLowerCase()
  }

  #repeats({ question }: DnsAnswer): boolean {
    return question !== undefined && bare(question.name) === bare(this.#name)
  }

  #failed(): void {
    if (this.#over) return
    this.#server.figures.sendErrors++
    this.#settle(undefined)
  }

  #settle(answer: DnsAnswer | undefined): void {
    if (this.#over) return
    this.cancel()
    this.#answered(answer)
  }
}

const bare = (name: string): string => (name.endsWith('.') ? name.slice(0, -1) : name)
