/** One look-up of a name: all name servers are asked, again when none answers, and for the other family of addresses when there is none of the first. */
import type { Clock, Timer } from '../base/clock.js'
import type { Random } from '../base/random.js'
import type { DnsAnswer, RecordType } from '../codec/dns-message.js'
import type { NameServer } from '../match/name-server.js'
import type { HoldStatus, Resolvers } from '../match/resolvers.js'
import { NameQuestion } from './name-question.js'
import { type Found, isAliased, recordsIn } from './name-records.js'
import type { Network } from './network.js'

/** What the look-ups of an engine have in common. */
export interface NameWorld {
  readonly clock: Clock
  readonly random: Random
  readonly network: Network
}

/** What is looked up: addresses, those of one family first, or services. */
export type Sought = { readonly kind: 'address'; readonly prefer: 4 | 6 } | { readonly kind: 'service' }

/** What came of it. */
export type Outcome =
  | { readonly kind: 'found'; readonly records: readonly Found[]; readonly by: NameServer }
  | { readonly kind: 'failed'; readonly status: HoldStatus }

const REFUSED = 5
const NO_SUCH_NAME = 3

/** See the head of the file. */
export class NameInquiry {
  readonly #world: NameWorld
  readonly #resolvers: Resolvers
  readonly #name: string
  readonly #types: readonly RecordType[]
  readonly #done: (outcome: Outcome) => void
  #questions: readonly NameQuestion[] = []
  /** How many have said something that is no good answer. */
  #failures = 0
  #status: HoldStatus = 'timeout'
  #type = 0
  #left: number
  #timer: Timer | undefined
  /** When the first family was asked for last. */
  #askedAt = 0
  #over = false

  constructor(world: NameWorld, resolvers: Resolvers, name: string, sought: Sought, done: (outcome: Outcome) => void) {
    this.#world = world
    this.#resolvers = resolvers
    this.#name = name
    this.#types = typesOf(resolvers, sought)
    this.#done = done
    this.#left = resolvers.retries
    if (resolvers.system) resolvers.useSystem(world.network.nameservers())
  }

  start(): void {
    this.#round()
  }

  /** Nobody waits for it any more. */
  cancel(): void {
    this.#over = true
    this.#hush()
  }

  #hush(): void {
    this.#timer?.cancel()
    for (const question of this.#questions) question.cancel()
    this.#questions = []
  }

  #round(): void {
    this.#askedAt = this.#world.clock.now()
    this.#left--
    this.#type = 0
    this.#ask()
  }

  #ask(): void {
    this.#hush()
    this.#failures = 0
    const type = this.#types[this.#type] as RecordType
    const { payloadSize: payload, randomCase, timeouts } = this.#resolvers
    const asked = { name: this.#name, type, payload, randomCase }
    this.#timer = this.#world.clock.after(timeouts.retry, () => this.#late())
    this.#questions = this.#resolvers.nameservers.map(
      (server) => new NameQuestion(this.#world, server, asked, (answer) => this.#heard(server, type, answer)),
    )
    if (this.#questions.length === 0) this.#fail('other')
    for (const question of this.#questions) question.ask()
  }

  #heard(server: NameServer, type: RecordType, answer: DnsAnswer | undefined): void {
    if (this.#over) return
    const records = answer === undefined ? undefined : this.#judge(server, type, answer)
    if (answer === undefined && this.#questions.some(({ doubtful }) => doubtful)) this.#status = 'other'
    if (records === undefined) {
      this.#failures++
      if (this.#failures >= this.#questions.length) this.#next()
      return
    }
    server.figures.valid++
    if (answer !== undefined && isAliased(answer)) server.figures.cname++
    this.#end({ kind: 'found', records, by: server })
  }

  /** What an answer gives; nothing when it is a failure, which is kept. */
  #judge({ figures }: NameServer, type: RecordType, answer: DnsAnswer): readonly Found[] | undefined {
    if (answer.code === 0) {
      const records = recordsIn(answer, this.#name, type)
      if (typeof records === 'object') return records
      figures[records === 'cname' ? 'cnameErrors' : 'anyErrors']++
      this.#status = 'other'
    } else if (answer.code === NO_SUCH_NAME) {
      figures.nx++
      this.#status = 'nx'
    } else if (answer.code === REFUSED) {
      figures.refused++
      this.#status = 'refused'
    } else {
      figures.other++
      this.#status = 'other'
    }
    return undefined
  }

  /** All have failed: the other family, or all of it again, when it is time. */
  #next(): void {
    if (this.#type + 1 < this.#types.length) {
      this.#type++
      this.#ask()
      return
    }
    if (this.#left <= 0) {
      this.#fail(this.#status)
      return
    }
    this.#hush()
    const { clock } = this.#world
    const pause = Math.max(this.#askedAt + this.#resolvers.timeouts.retry - clock.now(), 0)
    this.#timer = clock.after(pause, () => this.#round())
  }

  /** Some are silent: what the others said counts, if there are any. */
  #late(): void {
    if (this.#over) return
    this.#resolvers.nameservers.forEach(({ figures }, index) => {
      if (this.#questions[index]?.over === false) figures.timeout++
    })
    if (this.#failures > 0) this.#next()
    else if (this.#left > 0) this.#round()
    else this.#fail(this.#questions.some(({ doubtful }) => doubtful) ? 'other' : 'timeout')
  }

  #fail(status: HoldStatus): void {
    this.#end({ kind: 'failed', status })
  }

  #end(outcome: Outcome): void {
    if (this.#over) return
    this.cancel()
    this.#done(outcome)
  }
}

function typesOf({ families }: Resolvers, sought: Sought): readonly RecordType[] {
  if (sought.kind === 'service') return ['SRV']
  const order = sought.prefer === 6 ? ([6, 4] as const) : ([4, 6] as const)
  return order.filter((family) => families.includes(family)).map((family) => (family === 6 ? 'AAAA' : 'A'))
}
