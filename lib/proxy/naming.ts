/** How a server's name becomes its address: who is asked, what is preferred, and what it starts with. It asks nobody. */
import { z } from 'zod'
import type { Address } from '../base/address.js'
import { Cidr } from '../base/cidr.js'
import { OptionError } from '../base/errors.js'
import { Ip } from '../base/ip.js'
import { instanceOption } from '../base/options.js'
import { Resolvers } from '../match/resolvers.js'

/** What a server's users say of its name. */
export interface NamingOptions {
  /**
   * Looks its name up again and again while it runs, and moves the server with the answers. A name that begins with `_` is a service's (SRV): the
   * servers of a backend with that name share what is found of it, with its ports and weights. Default: the system says the address, once, at the
   * start. HAProxy: `resolvers`.
   */
  readonly resolvers?: Resolvers
  /** The family of addresses that is taken when there are both. Default 6. HAProxy: `resolve-prefer`. */
  readonly resolvePrefer?: 4 | 6
  /** Networks whose addresses are taken first, as in `10.0.0.0/8`. HAProxy: `resolve-net`. */
  readonly resolveNet?: readonly string[]
  /** May have the address of another server of its backend with the same name. Default: no. HAProxy: `resolve-opts allow-dup-ip`. */
  readonly allowDuplicateIp?: boolean
  /** Leaves its weight as it is, whatever the answers say. Default: no. HAProxy: `resolve-opts ignore-weight`. */
  readonly ignoreServiceWeight?: boolean
  /**
   * Where its first address comes from; the first of these that has one. `'last'` is the one that it had when its state was kept, `'libc'` what
   * the system says, `'none'` starts it without, out of use; or an IP address. Default: `['last', 'libc']`, and `'none'` with {@link resolvers}.
   * HAProxy: `init-addr`.
   */
  readonly initialAddress?: readonly string[]
}

const flag = z.boolean({ error: 'must be true or false' }).optional()

/** How {@link NamingOptions} are checked. */
export const namingOptions = {
  resolvers: instanceOption(Resolvers, 'must be Resolvers').optional(),
  resolvePrefer: z.union([z.literal(4), z.literal(6)], { error: 'must be 4 or 6' }).optional(),
  resolveNet: z.array(z.string(), { error: 'must be a list of networks, as in 10.0.0.0/8' }).optional(),
  allowDuplicateIp: flag,
  ignoreServiceWeight: flag,
  initialAddress: z
    .array(z.string(), { error: "must be a list of 'last', 'libc', 'none' and addresses" })
    .min(1, "must hold one of 'last', 'libc', 'none' and addresses")
    .optional(),
}

/** What was decided; options of their own ways are left as they were. */
export interface Naming {
  /** Looks the name up while it runs, if it has one. */
  readonly resolvers: Resolvers | undefined
  /** The service that it is one of. */
  readonly service: string | undefined
  readonly prefer: 4 | 6
  readonly networks: readonly Cidr[]
  readonly allowDuplicateIp: boolean
  readonly ignoreServiceWeight: boolean
  /** `last`, `libc`, `none`, or an address. */
  readonly initial: readonly string[]
}

/** @throws {OptionError} on what is no network or no address */
export function decideNaming(
  subject: string,
  address: Address,
  checked: { readonly [K in keyof NamingOptions]?: NamingOptions[K] | undefined },
): Naming {
  const named = address.kind === 'name'
  const resolvers = named ? checked.resolvers : undefined
  const service = resolvers !== undefined && named && address.name.startsWith('_') ? address.name : undefined
  return {
    resolvers,
    service,
    prefer: checked.resolvePrefer ?? (named ? address.family : undefined) ?? 6,
    networks: (checked.resolveNet ?? []).map((text, index) => network(subject, index, text)),
    allowDuplicateIp: checked.allowDuplicateIp ?? false,
    ignoreServiceWeight: checked.ignoreServiceWeight ?? false,
    initial: service === undefined ? initial(subject, checked.initialAddress, resolvers) : ['none'],
  }
}

function network(subject: string, index: number, text: string): Cidr {
  try {
    return Cidr.parse(text)
  } catch (error) {
    throw new OptionError(subject, `resolveNet[${index}]`, (error as Error).message)
  }
}

function initial(
  subject: string,
  given: readonly string[] | undefined,
  resolvers: Resolvers | undefined,
): readonly string[] {
  for (const [index, way] of (given ?? []).entries())
    if (!['last', 'libc', 'none'].includes(way) && Ip.parse(way) === undefined)
      throw new OptionError(
        subject,
        `initialAddress[${index}]`,
        `'${way}' is none of 'last', 'libc', 'none' and an IP address`,
      )
  const ways = given ?? ['last', 'libc']
  return resolvers === undefined || ways.includes('none') ? ways : [...ways, 'none']
}
