/** Peers: other processes that are told of what stick tables remember, and tell of theirs. What goes on between them is the engine's business. Manual, chapter 3.5. */
import { z } from 'zod'
import { type Address, parseServerAddress } from '../base/address.js'
import { OptionError } from '../base/errors.js'
import { checkOptions, instanceOption, integerOption, nameOption } from '../base/options.js'
import { StickTable } from '../table/stick-table.js'
import { type Bind, type BindOptions, bindOption, decideBinds } from './bind.js'
import type { PeersHost, PeersStanding } from './peers-standing.js'

/** Where a peer is, and what it is told. */
export interface PeerOptions {
  /** `host:port`, or the path of a unix socket. */
  readonly address: string
  /** The share of the keys that it is told of, from 1 to {@link PeersOptions.shards}. Default, and 0: all. HAProxy 3.x: `shard`. */
  readonly shard?: number
}

/** Any stick table, whatever its fields are called. */
export type SharedStickTable = Pick<
  StickTable,
  | 'name'
  | 'key'
  | 'keyLength'
  | 'expire'
  | 'fields'
  | 'rows'
  | 'watchUpdates'
  | 'keyOfBytes'
  | 'keyBytes'
  | 'generation'
  | 'users'
  | 'expiresIn'
  | 'read'
  | 'readRate'
  | 'readText'
  | 'write'
  | 'writeRate'
  | 'writeText'
  | 'learn'
  | 'learns'
>

/** A table, and what peers call it. */
export interface PeerTable {
  readonly table: SharedStickTable
  /** As peers know it: a table `t` of a `peers` section of HAProxy is `/t`, that of a proxy has the proxy's name. */
  readonly name: string
}

/** What a group of peers is made of. */
export interface PeersOptions {
  /** What this process is called among them. HAProxy: `localpeer`, or the host's name. */
  readonly local: string
  /**
   * Where the others connect to, and where this process finds the one that comes after it. Default: the address that {@link peers} says of the local one;
   * without either this process only connects to others.
   */
  readonly bind?: string | BindOptions
  /** The others by name, with their address; the local one may be among them, so that all processes can be given the same list. */
  readonly peers: Readonly<Record<string, string | PeerOptions>>
  /** What is told. A table that is given as it is goes by its own name. */
  readonly tables?: readonly (SharedStickTable | PeerTable)[]
  /** Into how many shares the keys are divided among peers with a `shard`. HAProxy 3.x: `shards`. */
  readonly shards?: number
  /** Nothing is listened for or told. HAProxy: `disabled`. */
  readonly disabled?: boolean
}

const address = z.string({ error: 'must be an address, as in 10.0.0.2:10000' })
const peerOption = z.union([address, z.strictObject({ address, shard: integerOption(0, 65_535).optional() })], {
  error: 'must be an address, as in 10.0.0.2:10000, or options with one',
})
const peerName = z
  .string()
  .regex(/^[A-Za-z0-9_.:-]+$/, { error: "may hold letters, digits, '-', '_', '.' and ':' only, and not be empty" })
const tableOption = z.union(
  [
    instanceOption(StickTable, 'must be a StickTable'),
    z.strictObject({ table: instanceOption(StickTable, 'must be a StickTable'), name: z.string().min(1).max(255) }),
  ],
  { error: 'must be a StickTable, or one with the name that peers have for it' },
)

const schema = z.strictObject({
  local: peerName,
  bind: bindOption.optional(),
  peers: z.custom<object>((given) => typeof given === 'object' && given !== null && !Array.isArray(given), {
    error: "must be addresses by name, as in { lb2: '10.0.0.2:10000' }",
  }),
  tables: z.array(tableOption).optional(),
  shards: integerOption(1, 65_535).optional(),
  disabled: z.boolean().optional(),
})

/** One of the others, or this process itself. */
export interface Peer {
  readonly name: string
  readonly local: boolean
  /** As it was written; empty for a local one without a place. */
  readonly address: string
  readonly parsed: Address | undefined
  /** 0: it is told of all keys. */
  readonly shard: number
}

/**
 * Processes that share what their stick tables remember: each pushes what changes here to all others, and learns from one of them at its start. What is told of a
 * key replaces what the receiver had: counts are not added up. Speaks the peers protocol 2.1, with HAProxy as well.
 *
 * ```ts
 * const peers = new Peers('sharedlb', { local: 'lb1', bind: ':10000', peers: { lb2: '10.0.0.2:10000' }, tables: [clients] })
 * const balancer = new Balancer({ frontends: [site], peers: [peers] })
 * ```
 *
 * Whoever reaches the port can read and write the tables: the names are no secret, and nothing is encrypted. Keep it inside a trusted network.
 *
 * @throws {OptionError} that names the option that is wrong
 */
export class Peers {
  readonly name: string
  readonly local: string
  readonly bind: Bind | undefined
  /** In the order in which they were given; the local one is among them. */
  readonly peers: readonly Peer[]
  readonly tables: readonly PeerTable[]
  readonly shards: number
  readonly disabled: boolean
  #host: PeersHost | undefined = undefined

  constructor(name: string, options: PeersOptions) {
    const subject = `Peers '${name}'`
    this.name = checkOptions(subject, nameOption, name)
    const checked = checkOptions(subject, schema, options)
    this.local = checked.local
    this.shards = checked.shards ?? 0
    this.disabled = checked.disabled ?? false
    const given = Object.entries(options.peers).map(([peer, option]) => this.#peer(subject, peer, option))
    this.bind = this.#bindOf(subject, checked.bind, given)
    this.peers = given.some(({ local }) => local) ? given : [this.#self(), ...given]
    this.tables = (options.tables ?? []).map((table) => ('table' in table ? table : { table, name: table.name }))
    this.#checkTables(subject)
  }

  /** How the connections to the others stand, while the balancer runs. */
  standing(): PeersStanding | undefined {
    return this.#host?.standing()
  }

  /** @internal Who runs it. */
  attach(host: PeersHost | undefined): void {
    this.#host = host
  }

  #peer(subject: string, name: string, given: unknown): Peer {
    const named = peerName.safeParse(name)
    const read = peerOption.safeParse(given)
    const fault = named.error?.issues[0] ?? read.error?.issues[0]
    if (read.data === undefined || fault !== undefined)
      throw new OptionError(subject, `peers.${name}`, fault?.message ?? 'is not usable')
    const { address: text, shard = 0 } = typeof read.data === 'string' ? { address: read.data } : read.data
    if (shard > this.shards)
      throw new OptionError(subject, `peers.${name}.shard`, `must be at most ${this.shards}, as 'shards' says`)
    try {
      const parsed = parseServerAddress(text)
      const portless = (parsed.kind === 'ip' || parsed.kind === 'name') && parsed.port === 0
      if (portless) throw new RangeError(`'${text}': missing port: write it after a colon, as in 10.0.0.2:10000`)
      return { name, local: name === this.local, address: text, parsed, shard }
    } catch (error) {
      throw new OptionError(subject, `peers.${name}`, (error as Error).message)
    }
  }

  #bindOf(subject: string, given: z.infer<typeof bindOption> | undefined, peers: readonly Peer[]): Bind | undefined {
    const own = peers.find(({ local }) => local)
    const binds = decideBinds(subject, given ?? own?.address)
    if (binds.length > 1) throw new OptionError(subject, 'bind', 'must be one place')
    const [bind] = binds
    if (bind !== undefined && 'port' in bind.parsed && bind.parsed.port !== bind.parsed.portEnd)
      throw new OptionError(subject, 'bind', `must be one place, not a range of ports: '${bind.address}'`)
    return bind
  }

  #self(): Peer {
    return { name: this.local, local: true, address: this.bind?.address ?? '', parsed: this.bind?.parsed, shard: 0 }
  }

  #checkTables(subject: string): void {
    const names = new Set<string>()
    for (const [index, { name }] of this.tables.entries()) {
      if (names.has(name)) throw new OptionError(subject, `tables[${index}]`, `there is another one called '${name}'`)
      names.add(name)
    }
  }
}
