/** A machine that a server of a schedule stands for: how well it is, and what it does about what comes. */
import type { Server } from '../../../lib/index.js'
import {
  type Answer,
  type HandlerInput,
  hang,
  type InMemory,
  type Origin,
  raw,
  refuse,
  reply,
  reset,
  unreachable,
} from '../../../lib/testing/index.js'
import type { Dice } from './dice.js'

export const CHECK_PATH = '/health'

/** Conditions, the usual one more often. */
export const conditions = [
  'well',
  'well',
  'well',
  'well',
  'refusing',
  'unreachable',
  'hanging',
  'slow',
  'failing',
  'unwell',
  'resetting',
  'half',
] as const
export type Condition = (typeof conditions)[number]

const SWITCHING =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=\r\n'

export class Machine {
  readonly server: Server
  condition: Condition = 'well'
  /** Timers of its own: requests that it takes its time with. */
  resting = 0
  readonly #lb: InMemory
  readonly #dice: Dice
  readonly #arrived: (machine: Machine, target: string) => void

  /** @param arrived told of every request, checks included */
  constructor(server: Server, lb: InMemory, dice: Dice, arrived: (machine: Machine, target: string) => void) {
    this.server = server
    this.#lb = lb
    this.#dice = dice
    this.#arrived = arrived
  }

  /** Whoever takes connections at its place. */
  get origin(): Origin {
    if (this.condition === 'refusing') return refuse
    if (this.condition === 'unreachable') return unreachable
    return (input) => this.#answer(input)
  }

  async #answer({ request: { target, headers } }: HandlerInput): Promise<Answer> {
    this.#arrived(this, target)
    switch (this.condition) {
      case 'hanging':
        return hang
      case 'slow':
        await this.#rest(this.#dice.between(10, 6000))
        break
      case 'failing':
        return reply(this.#dice.of([500, 503]), 'no')
      case 'unwell':
        if (target === CHECK_PATH) return reply(503, 'no')
        break
      case 'resetting':
        return reset
      case 'half':
        return raw('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf')
      default:
        if (this.#dice.often(0.2)) await this.#rest(this.#dice.between(1, 300))
    }
    if (headers.has('upgrade')) return raw(`${SWITCHING}x-server: ${this.server.name}\r\n\r\n`, 'keep')
    return reply(200, 'ok')
  }

  #rest(milliseconds: number): Promise<void> {
    this.resting++
    return new Promise((resolve) => {
      this.#lb.clock.after(milliseconds, () => {
        this.resting--
        resolve()
      })
    })
  }
}
