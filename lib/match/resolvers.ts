/** Where names are looked up while traffic runs: name servers, patience, and for how long what was known counts. It asks nobody; the engine does. */
import { z } from 'zod'
import { OptionError } from '../base/errors.js'
import { checkOptions, durationOption, integerOption, nameOption } from '../base/options.js'
import { NameServer, type NameServerOptions } from './name-server.js'

/**
 * For how long the last good answer counts against one that is none; after that, the servers that are found by the name are taken out.
 * Milliseconds, or text as in `'30s'`. HAProxy: `hold`.
 */
export interface HoldOptions {
  /** There is no such name. Default 30 seconds. */
  readonly nx?: number | string | undefined
  /** The name server refuses to say. Default 30 seconds. */
  readonly refused?: number | string | undefined
  /** No answer came. Default 30 seconds. */
  readonly timeout?: number | string | undefined
  /** Any other answer that is none: a failure, or no records of the kind. Default 30 seconds. */
  readonly other?: number | string | undefined
  /** How long an answer to {@link doResolve} is good. Default 10 seconds. */
  readonly valid?: number | string | undefined
  /** How long a record counts that is no longer among those of a good answer. Default 0. */
  readonly obsolete?: number | string | undefined
}

/** What a name's look-up goes by. */
export interface ResolversOptions {
  /**
   * Name servers: addresses as `10.0.0.53:53`, `[::1]:53` or without a port for 53, with `tcp@` in front where it is asked by TCP only; or with a
   * name, under which its figures are shown. All are asked at once, and the first good answer counts. Default: those of the system.
   */
  readonly nameservers?: readonly (string | NameServerOptions)[] | undefined
  /** How often a name is asked for before that has failed. Default 3. HAProxy: `resolve_retries`. */
  readonly retries?: number | undefined
  /** Milliseconds, or text as in `'1s'`. HAProxy: `timeout`. */
  readonly timeouts?:
    | {
        /** Between two look-ups of a server's name. Default 1 second. */
        readonly resolve?: number | string | undefined
        /** How long an answer is waited for until the name is asked for again. Default 1 second. */
        readonly retry?: number | string | undefined
      }
    | undefined
  readonly hold?: HoldOptions | undefined
  /** Bytes of an answer by UDP that name servers are told may come; larger ones come by TCP. 512 to 65535, default 512. HAProxy: `accepted_payload_size`. */
  readonly payloadSize?: number | undefined
  /** The families of addresses that are asked for. Default: both. HAProxy 3.x: `dns-accept-family`. */
  readonly families?: readonly (4 | 6)[] | undefined
  /**
   * Whether names are asked for in upper and lower case by chance, which a forged answer has to repeat. An answer that does not repeat it is asked
   * for again by TCP. Say no for a name server that does neither. Default: yes.
   */
  readonly randomCase?: boolean | undefined
}

/** What a look-up that failed has met. */
export type HoldStatus = 'nx' | 'refused' | 'timeout' | 'other'

const resolversOptions = z.strictObject({
  nameservers: z
    .array(
      z.union([z.string(), z.strictObject({ name: z.string(), address: z.string(), source: z.string().optional() })]),
      {
        error: 'must be a list of addresses',
      },
    )
    .optional(),
  retries: integerOption(1, 100).optional(),
  timeouts: z.strictObject({ resolve: durationOption.optional(), retry: durationOption.optional() }).optional(),
  hold: z
    .strictObject({
      nx: durationOption.optional(),
      refused: durationOption.optional(),
      timeout: durationOption.optional(),
      other: durationOption.optional(),
      valid: durationOption.optional(),
      obsolete: durationOption.optional(),
    })
    .optional(),
  payloadSize: integerOption(512, 65_535, 'a number of bytes').optional(),
  families: z
    .array(z.union([z.literal(4), z.literal(6)]), { error: 'must be [4], [6] or [4, 6]' })
    .min(1, 'must name 4, 6 or both')
    .optional(),
  randomCase: z.boolean({ error: 'must be true or false' }).optional(),
})

const HOLD = 30_000

/**
 * A list of name servers. HAProxy: section `resolvers`. Manual, chapter 5.3.2.
 *
 * ```ts
 * const dns = new Resolvers('dns', { nameservers: ['10.0.0.53:53'], timeouts: { resolve: '5s' }, hold: { nx: '10s' } })
 * new Server('api', '_http._tcp.api.service.consul', { resolvers: dns })
 * ```
 *
 * @throws {OptionError} on wrong options
 */
export class Resolvers {
  readonly name: string
  readonly retries: number
  /** Milliseconds, as those below. */
  readonly timeouts: { readonly resolve: number; readonly retry: number }
  readonly hold: Readonly<Record<HoldStatus | 'valid' | 'obsolete', number>>
  readonly payloadSize: number
  readonly families: readonly (4 | 6)[]
  readonly randomCase: boolean
  /** Those of the system are asked, and nobody knows them before they are. */
  readonly system: boolean
  #nameservers: readonly NameServer[]

  constructor(name: string, options: ResolversOptions = {}) {
    const subject = `Resolvers '${name}'`
    this.name = checkOptions(subject, nameOption, name)
    const checked = checkOptions(subject, resolversOptions, options)
    this.retries = checked.retries ?? 3
    this.timeouts = { resolve: checked.timeouts?.resolve ?? 1000, retry: checked.timeouts?.retry ?? 1000 }
    const { nx = HOLD, refused = HOLD, timeout = HOLD, other = HOLD, valid = 10_000, obsolete = 0 } = checked.hold ?? {}
    this.hold = { nx, refused, timeout, other, valid, obsolete }
    this.payloadSize = checked.payloadSize ?? 512
    this.families = checked.families ?? [4, 6]
    this.randomCase = checked.randomCase ?? true
    this.system = (checked.nameservers ?? []).length === 0
    this.#nameservers = (checked.nameservers ?? []).map((one, index) => nameServer(subject, index, one))
    const names = this.#nameservers.map((one) => one.name)
    const twin = names.findIndex((one, index) => names.indexOf(one) !== index)
    if (twin >= 0)
      throw new OptionError(subject, `nameservers[${twin}]`, `there is another one called '${names[twin]}'`)
  }

  /** Whom to ask. */
  get nameservers(): readonly NameServer[] {
    return this.#nameservers
  }

  /** @internal What the system says, where nothing else was said: addresses, as it writes them. */
  useSystem(addresses: readonly string[]): void {
    if (!this.system || this.#nameservers.length > 0) return
    this.#nameservers = [...new Set(addresses)].flatMap((address) => {
      try {
        return [new NameServer({ name: address, address })]
      } catch {
        return []
      }
    })
  }
}

function nameServer(subject: string, index: number, given: string | NameServerOptions): NameServer {
  try {
    return new NameServer(typeof given === 'string' ? { name: given, address: given } : given)
  } catch (error) {
    throw new OptionError(subject, `nameservers[${index}]`, (error as Error).message)
  }
}
