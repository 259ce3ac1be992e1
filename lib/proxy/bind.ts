/** Where a frontend listens: one place as it is described, and the list of them, which may change while traffic runs. */
import { z } from 'zod'
import { type Address, parseBindAddress } from '../base/address.js'
import { OptionError } from '../base/errors.js'
import { NamedList } from '../base/named-list.js'
import { checkOptions, integerOption } from '../base/options.js'
import { type LeaveOptions, type Leaving, patienceOf } from './leaving.js'

/** One place to listen at. */
export interface BindOptions {
  /** As in a haproxy.cfg: `:8080`, `127.0.0.1:8000-8003`, `[::1]:80`, `/run/x.sock`, `abns@x`, `fd@3`; port 0 takes a free one. */
  readonly address: string
  readonly name?: string
  /** The number that rules and statistics know it by. Default: its place among the frontend's, from 1. HAProxy's `id`. */
  readonly id?: number
  /** Connections that this listener accepts at a time. Default: the frontend's. */
  readonly maxConnections?: number
  /** Connections that the kernel keeps for us. Default 511. */
  readonly backlog?: number
  /** IPv6 listeners take IPv4 clients as well. */
  readonly dualStack?: boolean
  /** Permissions of a unix socket's file, as in 0o660. */
  readonly fileMode?: number
  /** Owner of a unix socket's file. */
  readonly uid?: number
  readonly gid?: number
}

const bindOptions = z.strictObject({
  address: z.string({ error: 'must be an address, as in 127.0.0.1:8080' }),
  name: z.string().optional(),
  id: integerOption(1, 2 ** 31 - 1).optional(),
  maxConnections: integerOption(0, 2 ** 31 - 1).optional(),
  backlog: integerOption(1, 2 ** 31 - 1).optional(),
  dualStack: z.boolean().optional(),
  fileMode: integerOption(0, 0o777).optional(),
  uid: integerOption(0, 2 ** 32 - 1).optional(),
  gid: integerOption(0, 2 ** 32 - 1).optional(),
})
const bind = z.union([z.string(), bindOptions])

/** The option of a frontend. */
export const bindOption = z.union([bind, z.array(bind)], {
  error: "must be an address such as ':8080', or a list of them",
})

/** One place to listen at, understood. */
export interface Bind extends BindOptions {
  readonly parsed: Address
}

/** What a frontend was given, understood. @throws {OptionError} that names the one that is wrong */
export function decideBinds(subject: string, given: z.infer<typeof bindOption> | undefined): readonly Bind[] {
  if (given === undefined) return []
  const list = Array.isArray(given) ? given : [given]
  return list.flatMap((each, index) => {
    const options = typeof each === 'string' ? { address: each } : each
    try {
      return parseBindAddress(options.address).map((parsed) => ({ ...options, parsed }) as Bind)
    } catch (error) {
      const path = Array.isArray(given) ? `bind[${index}]` : 'bind'
      throw new OptionError(subject, path, (error as Error).message)
    }
  })
}

/** Who keeps the list. */
export interface BindListOwner {
  addBinds(binds: readonly Bind[]): Promise<void>
  removeBind(bind: Bind, patience: number): Leaving
}

/**
 * Where a frontend listens, in order. A change gives the frontend another list, and whoever looks at this one sees what was.
 *
 * ```ts
 * await frontend.binds.add('127.0.0.1:8081')
 * await frontend.binds.remove(':8080', { drain: '30s' })?.gone
 * ```
 */
export class BindList extends NamedList<Bind> {
  readonly #owner: BindListOwner

  constructor(owner: BindListOwner, binds: readonly Bind[]) {
    super(binds)
    this.#owner = owner
    Object.freeze(this)
  }

  /**
   * Listens at a further place. All or nothing: when it cannot be had, the promise rejects with {@link OptionError} and nothing has changed.
   */
  async add(given: string | BindOptions): Promise<void> {
    await this.#owner.addBinds(decideBinds('binds.add()', checkOptions('binds.add()', bind, given)))
  }

  /**
   * Stops listening at a place, by the address as it was written or its name. Who is connected finishes the request that is under way, unless
   * {@link LeaveOptions.drain} says otherwise.
   * @returns who is still connected; nothing when there is no such place
   */
  remove(which: Bind | string, options: LeaveOptions = {}): Leaving | undefined {
    const patience = patienceOf('binds.remove()', options)
    const found = this.meant(which) ?? this.find(({ address }) => address === which)
    return found === undefined ? undefined : this.#owner.removeBind(found, patience)
  }
}
