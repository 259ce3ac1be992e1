/** The connection to Redis: the official client, which connects again by itself; what is asked meanwhile fails at once. */
import { createRequire } from 'node:module'
import { OptionError } from '../base/errors.js'

/** A word of a command. */
export type Word = string | Buffer
export type Command = readonly Word[]
/** Texts are bytes. */
export type Reply = Buffer | string | number | null | readonly Reply[]

/** What is asked of the client. */
export interface RedisClient {
  readonly isOpen: boolean
  readonly isReady: boolean
  on(event: 'ready' | 'error', listener: (error: unknown) => void): unknown
  connect(): Promise<unknown>
  withTypeMapping(mapping: Readonly<Record<number, unknown>>): { sendCommand(words: readonly Word[]): Promise<unknown> }
  destroy(): void
}

/** What is asked of its package. */
export interface RedisPackage {
  createClient(options: Readonly<Record<string, unknown>>): RedisClient
}

/** @throws {OptionError} when the package is not installed */
export function loadRedis(load: (name: string) => unknown = createRequire(import.meta.url)): RedisPackage {
  try {
    return load('redis') as RedisPackage
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    throw new OptionError('redisStore()', '', "needs the package 'redis', the official client: npm install redis")
  }
}

export interface LinkOptions {
  readonly url: string
  /** Milliseconds without a word after which a connection is given up. */
  readonly silence: number
  /** More options of the client. */
  readonly client: Readonly<Record<string, unknown>>
}

const FIRST_PAUSE = 50
const LONGEST_PAUSE = 1000
/** The client's number for texts. */
const BLOB_STRING = 36

/** It is there from its making until {@link close}. */
export class RedisLink {
  readonly #client: RedisClient
  readonly #place: string
  #problem = 'not connected yet'
  /** Fulfilled once it is known for the first time whether it can be reached. */
  readonly #known: Promise<void>
  #settle: () => void = () => {}

  constructor({ createClient }: RedisPackage, { url, silence, client }: LinkOptions) {
    // The whole of it may hold a password.
    this.#place = new URL(url).host
    this.#client = createClient({
      ...client,
      url,
      RESP: 2,
      disableOfflineQueue: true,
      socket: {
        connectTimeout: silence,
        socketTimeout: silence,
        reconnectStrategy: (tries: number) => Math.min(FIRST_PAUSE * 2 ** Math.min(tries, 10), LONGEST_PAUSE),
        ...(client['socket'] as object | undefined),
      },
    })
    this.#known = new Promise((resolve) => {
      this.#settle = resolve
    })
    this.#client.on('ready', () => this.#settle())
    this.#client.on('error', (error) => this.#failed(error))
    this.#client.connect().catch((error) => this.#failed(error))
  }

  /** All of them in one go, in that order. Rejects when one cannot be done. */
  async ask(commands: readonly Command[]): Promise<readonly Reply[]> {
    await this.#known
    // No transaction: the client takes what a transaction answers for text, whatever it is told.
    const client = this.#ready().withTypeMapping({ [BLOB_STRING]: Buffer })
    return (await Promise.all(commands.map((command) => client.sendCommand(command)))) as Reply[]
  }

  close(): void {
    this.#settle()
    if (this.#client.isOpen) this.#client.destroy()
  }

  #ready(): RedisClient {
    if (this.#client.isReady) return this.#client
    throw new Error(`Redis at ${this.#place} is away: ${this.#problem}`)
  }

  #failed(error: unknown): void {
    const { message, code } = error as NodeJS.ErrnoException
    this.#problem = message || code || String(error)
    this.#settle()
  }
}
