/** `hash-type` and `hash-balance-factor`: how keys become numbers, and whether numbers lead to a map or to a ring. */
import { z } from 'zod'
import { OptionError } from '../base/errors.js'
import {
  avalanche,
  crc32,
  djb2,
  type HashFunction,
  type HashFunctionName,
  type HashKey,
  sdbm,
  wt6,
} from '../base/hash.js'
import { checkOptions } from '../base/options.js'

/** When a key stays with its server, though that has no place for it; see {@link HashOptions.preserveAffinity}. */
export type HashAffinity = 'always' | 'maxConnections' | 'maxQueue'

/** How hashing algorithms hash. Manual, `hash-type`, `hash-balance-factor`. */
export interface HashOptions {
  /**
   * `mapBased` (default) spreads evenly and moves most keys when a server comes or goes; `consistent` moves few and takes
   * weight changes at run time.
   */
  readonly method?: 'mapBased' | 'consistent'
  /** Default `sdbm`. `none` takes the key for a decimal number, which is the hash. */
  readonly function?: HashFunctionName
  /** Mixes the hash's bits once more. Default: no, but yes for `consistent` without a `function`. */
  readonly avalanche?: boolean
  /** With `consistent`: per cent of the average load, above 100, beyond which a server is passed over; 0 (default) is no bound. */
  readonly balanceFactor?: number
  /**
   * With `consistent`: a key waits for its server when that is full (`always`, the default), goes on to the next one that is not (`maxConnections`; when all are full
   * it waits for the last one before its own), or does so when nobody else may wait there either (`maxQueue`). HAProxy 3.x: `hash-preserve-affinity`.
   */
  readonly preserveAffinity?: HashAffinity
}

const balanceFactor = z
  .number({ error: 'must be 0 or a whole percentage above 100' })
  .refine((factor) => factor === 0 || (Number.isInteger(factor) && factor > 100 && factor <= 65535), {
    error: 'must be 0 or a whole percentage from 101 to 65535',
  })

/** The options' shape, for algorithms that have more of them. */
export const hashOptionShape = {
  method: z.enum(['mapBased', 'consistent'], { error: "must be 'mapBased' or 'consistent'" }).optional(),
  function: z
    .enum(['sdbm', 'djb2', 'wt6', 'crc32', 'none'], { error: "must be 'sdbm', 'djb2', 'wt6', 'crc32' or 'none'" })
    .optional(),
  avalanche: z.boolean({ error: 'must be true or false' }).optional(),
  balanceFactor: balanceFactor.optional(),
  preserveAffinity: z
    .enum(['always', 'maxConnections', 'maxQueue'], { error: "must be 'always', 'maxConnections' or 'maxQueue'" })
    .optional(),
}

const hashOptions = z.strictObject(hashOptionShape)

/** The bound alone, for `random`. */
export const balanceFactorOption = balanceFactor

/** Options, decided. */
export class HashType {
  readonly consistent: boolean
  readonly function: HashFunction
  readonly mixes: boolean
  readonly balanceFactor: number
  readonly affinity: HashAffinity
  /** No function: what is a number already is its own hash. */
  readonly none: boolean

  constructor(subject: string, options: HashOptions = {}) {
    const { method, function: name, avalanche: mixes, balanceFactor: factor } = pickHashOptions(options)
    checkOptions(subject, hashOptions, pickHashOptions(options))
    this.consistent = method === 'consistent'
    if (!this.consistent && factor !== undefined && factor !== 0)
      throw new OptionError(subject, 'balanceFactor', "works with method 'consistent' only")
    this.function = FUNCTIONS[name ?? 'sdbm']
    this.none = name === 'none'
    this.mixes = mixes ?? (this.consistent && name === undefined)
    this.balanceFactor = factor ?? 0
    this.affinity = options.preserveAffinity ?? 'always'
    if (!this.consistent && this.affinity !== 'always')
      throw new OptionError(subject, 'preserveAffinity', "works with method 'consistent' only")
  }

  /** What is looked up for a hash. */
  finish(hash: number): number {
    return this.mixes ? avalanche(hash) : hash
  }
}

function pickHashOptions(options: HashOptions): HashOptions {
  const { method, function: name, avalanche, balanceFactor, preserveAffinity } = options
  return {
    ...(method !== undefined && { method }),
    ...(name !== undefined && { function: name }),
    ...(avalanche !== undefined && { avalanche }),
    ...(balanceFactor !== undefined && { balanceFactor }),
    ...(preserveAffinity !== undefined && { preserveAffinity }),
  }
}

/** The decimal number that a key begins with, modulo 2³². */
function decimal(key: HashKey, from: number, to: number): number {
  let number = 0
  for (let i = from; i < to; i++) {
    const digit = (typeof key === 'string' ? key.charCodeAt(i) : key[i]!) - 0x30
    if (digit < 0 || digit > 9) break
    number = (Math.imul(number, 10) + digit) >>> 0
  }
  return number
}

const FUNCTIONS: Readonly<Record<HashFunctionName, HashFunction>> = { sdbm, djb2, wt6, crc32, none: decimal }
