/** Converters of bytes to hashes that spread keys; those that are fit for secrets stand in `digest.ts`. */
import { avalanche, crc32, crc32c, djb2, type HashFunction, sdbm, wt6 } from '../../base/hash.js'
import { integerOf } from '../../base/int64.js'
import { xxh3, xxh32, xxh64 } from '../../base/xxhash.js'
import { type ConverterDefinition, defineConverter } from '../converter.js'

/** The converters of bytes to hashes. */
export const hashConverters: readonly ConverterDefinition[] = [
  hashing('crc32', crc32),
  hashing('crc32c', crc32c),
  hashing('djb2', djb2),
  hashing('sdbm', sdbm),
  hashing('wt6', wt6),
  seeded('xxh32', (value, seed) => xxh32(value, Number(BigInt.asIntN(32, seed)))),
  seeded('xxh64', (value, seed) => integerOf(BigInt.asIntN(64, xxh64(value, seed)))),
  seeded('xxh3', (value, seed) => integerOf(BigInt.asIntN(64, xxh3(value, seed)))),
]

function hashing(name: string, hash: HashFunction): ConverterDefinition {
  return defineConverter({
    name,
    from: 'bin',
    type: 'int',
    arguments: [{ name: 'avalanche', type: 'integer', optional: true }],
    prepare: ([full = 0]) =>
      full === 0 ? (value) => hash(value, 0, value.length) : (value) => avalanche(hash(value, 0, value.length)),
  })
}

function seeded(name: string, hash: (value: Buffer, seed: bigint) => number | bigint): ConverterDefinition {
  return defineConverter({
    name,
    from: 'bin',
    type: 'int',
    arguments: [{ name: 'seed', type: 'integer', optional: true }],
    prepare: ([given = 0]) => {
      const seed = BigInt.asUintN(64, BigInt(given as number | bigint))
      return (value) => hash(value, seed)
    },
  })
}
