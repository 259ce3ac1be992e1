/** Who comes to the balancer of a schedule: requests with and without bodies, some of which come late, and WebSockets that stay. */
import type { InMemory } from '../../../lib/testing/index.js'
import type { MemoryClient } from '../../../lib/testing/memory-client.js'
import type { Dice } from './dice.js'

export interface Customer {
  readonly id: number
  readonly client: MemoryClient
  /** When it sent its request, by the test's clock. */
  readonly sent: number
  readonly kind: 'plain' | 'late' | 'upgrade'
  /** Bytes of its body. */
  readonly size: number
  /** What it has still to send. */
  rest: string
  /** It has left of its own accord. */
  gone: boolean
  /** Its connection may be cut: that was ordered. */
  cut: boolean
}

const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n'

/** The number of the one who sent a request. */
export const idOf = (target: string): number => Number(/\?(\d+)$/.exec(target)?.[1] ?? -1)

export class Customers {
  readonly #lb: InMemory
  readonly #dice: Dice
  readonly #all: Customer[] = []
  #here: Customer[] = []

  constructor(lb: InMemory, dice: Dice) {
    this.#lb = lb
    this.#dice = dice
  }

  /** Everybody who ever came, by number. */
  get all(): readonly Customer[] {
    return this.#all
  }

  /** Those who have not left. */
  get here(): readonly Customer[] {
    return this.#here
  }

  /** One more, with a request. @param http what is more than a plain request may be asked */
  async come(http: boolean): Promise<void> {
    const dice = this.#dice
    const client = await this.#lb.connect({ src: `203.0.113.${dice.below(250)}` })
    const id = this.#all.length
    const kind = http
      ? dice.of(['plain', 'plain', 'plain', 'plain', 'plain', 'plain', 'late', 'upgrade'] as const)
      : 'plain'
    const size =
      kind === 'late' ? dice.between(2, 3000) : kind === 'plain' && dice.often(0.2) ? dice.between(1, 3000) : 0
    const now = size > 0 && kind === 'late' ? dice.below(size) : size
    const customer = {
      id,
      client,
      kind,
      size,
      sent: this.#lb.clock.elapsed,
      rest: 'x'.repeat(size - now),
      gone: false,
      cut: false,
    }
    this.#all.push(customer)
    this.#here.push(customer)
    const fields = kind === 'upgrade' ? UPGRADE : `Content-Length: ${size}\r\n`
    const head = `${size === 0 ? 'GET' : 'POST'} /${dice.below(50)}?${id} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`
    client.socket.write(Buffer.from(head + 'x'.repeat(now)))
    if (dice.often(0.1)) this.leave(customer)
  }

  leave(customer: Customer): void {
    customer.gone = true
    customer.client.socket.destroy()
    this.#here = this.#here.filter((one) => one !== customer)
  }

  /** Some leave; whoever has an answer need not stay, but for WebSockets. */
  disperse(share: number): void {
    for (const customer of this.#here)
      if (this.#dice.often(customer.kind === 'upgrade' ? share / 4 : share)) this.leave(customer)
  }

  /** Bodies go on. */
  continue(share: number): void {
    for (const customer of this.#here)
      if (customer.rest !== '' && this.#dice.often(share)) {
        customer.client.socket.write(Buffer.from(customer.rest))
        customer.rest = ''
      }
  }
}
