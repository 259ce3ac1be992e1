/** What a stick table is made of: its options, and how they are checked. */
import { z } from 'zod'
import { OptionError } from '../base/errors.js'
import { checkOptions, durationOption, integerOption } from '../base/options.js'
import { parseSize } from '../base/size.js'
import type { Field } from './field.js'
import { type KeyType, keyTypes } from './key.js'
import type { SharedStore } from './shared-store.js'
import type { AnyStickTable } from './stick-table.js'

/** What a table is made of. `F` are the names of what it stores. */
export interface StickTableOptions<F extends string> {
  /**
   * What the keys are. `ip` takes addresses of both families, `ipv4` (HAProxy's `type ip`) only IPv4, `ipv6` both, but IPv4 in IPv6 form; `integer` has 32 bits;
   * `string` and `binary` have up to `keyLength` bytes.
   */
  readonly key: KeyType
  /** Bytes of a `string` or `binary` key that count; longer ones are cut, shorter binaries filled with zeros. Default 32. HAProxy: `len`. */
  readonly keyLength?: number | undefined
  /** How many keys at most, as a number or `'100k'`. When it is full, the one that was tracked longest ago makes room. */
  readonly size: number | string
  /** A key that is not tracked for this long is forgotten. Default: never. */
  readonly expire?: number | string | undefined
  /** What is remembered of each key, by a name of your choice. */
  readonly store?: Readonly<Record<F, Field>> | undefined
  /** When it is full, new keys are refused, and nobody makes room. Default `false`. HAProxy: `nopurge`. */
  readonly noPurge?: boolean | undefined
  /** How servers are remembered for stickiness: by their name, or by address and port. Default `name`. HAProxy: `srvkey`. */
  readonly serverKey?: 'name' | 'address' | undefined
  /** A table of the same keys into which the servers and tags that peers teach this one are copied. HAProxy: `write-to`. */
  readonly writeTo?: AnyStickTable | undefined
  /** Rates of bytes count blocks of so many (1 to 1024), so that they do not overflow 32 bits. Default 1. HAProxy: `brates-factor`. */
  readonly bytesFactor?: number | undefined
  /** It is only taught by peers, and learns what is each node's own as well (`conn_cur`). Default `false`. HAProxy: `recv-only`. */
  readonly receiveOnly?: boolean | undefined
  /**
   * Where several nodes count together: `redisStore()` of `fairlead/redis`. Each node keeps what it has counted apart, tells the others of it through the store, and reads the sum
   * of all, so that a limit holds over all of them. Counters, rates and `concurrent()` are counted together; tags and servers are each node's own.
   */
  readonly shared?: SharedStore | undefined
}

/** The same, checked and with its defaults. */
export interface CheckedOptions {
  readonly key: KeyType
  readonly keyLength: number
  readonly capacity: number
  readonly expire: number
  readonly noPurge: boolean
  readonly serverKey: 'name' | 'address'
  readonly bytesFactor: number
  readonly receiveOnly: boolean
}

const isField = (given: unknown): boolean =>
  typeof given === 'object' && given !== null && typeof (given as Field).period === 'number' && 'type' in given

const known = `${keyTypes
  .slice(0, -1)
  .map((type) => `'${type}'`)
  .join(', ')} or '${keyTypes.at(-1)}'`
const flag = z.boolean({ error: 'must be true or false' }).optional()

const schema = z.strictObject({
  key: z.enum(keyTypes, { error: `must be ${known}` }),
  keyLength: integerOption(1, 2 ** 16, 'a whole number of bytes').optional(),
  size: z.union([z.number(), z.string()], { error: "must be a number of keys, or text as in '100k'" }),
  expire: durationOption.optional(),
  store: z
    .record(
      z.string(),
      z.custom<Field>(isField, { error: 'must be rate(), counter(), concurrent() or another of their kind' }),
    )
    .optional(),
  noPurge: flag,
  serverKey: z.enum(['name', 'address'], { error: "must be 'name' or 'address'" }).optional(),
  writeTo: z
    .custom((given) => typeof given === 'object' && given !== null && 'learn' in given, {
      error: 'must be a StickTable',
    })
    .optional(),
  bytesFactor: integerOption(1, 1024).optional(),
  receiveOnly: flag,
  shared: z
    .custom((given) => typeof given === 'object' && given !== null && 'join' in given, {
      error: "must be a store, as redisStore() of 'fairlead/redis' makes it",
    })
    .optional(),
})

/** A name like others, or `peers-section/table`. */
export const tableName: z.ZodType<string> = z.string({ error: 'must be a string' }).regex(/^[A-Za-z0-9_.:/-]+$/, {
  error: "may hold letters, digits, '-', '_', '.', ':' and '/' only, and not be empty",
})

/** @throws {OptionError} that names what is wrong */
export function checkTable(subject: string, options: StickTableOptions<string>): CheckedOptions {
  const checked = checkOptions(subject, schema, options)
  return {
    key: checked.key,
    keyLength: checked.keyLength ?? 32,
    capacity: readSize(subject, checked.size),
    expire: checked.expire ?? Number.POSITIVE_INFINITY,
    noPurge: checked.noPurge ?? false,
    serverKey: checked.serverKey ?? 'name',
    bytesFactor: checked.bytesFactor ?? 1,
    receiveOnly: checked.receiveOnly ?? false,
  }
}

function readSize(subject: string, size: number | string): number {
  const capacity = typeof size === 'number' ? size : parseSize(size)
  if (Number.isInteger(capacity) && capacity > 0) return capacity
  throw new OptionError(subject, 'size', `must be a whole number of keys, at least 1, but is ${size}`)
}
