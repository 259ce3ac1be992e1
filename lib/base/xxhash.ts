/** The xxHash family (its specification 0.1.1 and, for XXH3, 0.8): fast hashes of bytes with a seed. Nothing here is fit for secrets. */

const P32 = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f, 0x165667b1] as const

const turn32 = (word: number, by: number): number => (word << by) | (word >>> (32 - by))

/** The unsigned 32-bit hash. */
export function xxh32(data: Buffer, seed = 0): number {
  const { length } = data
  let at = 0
  let hash: number
  if (length >= 16) {
    const lanes = [seed + P32[0] + P32[1], seed + P32[1], seed, seed - P32[0]]
    for (; at + 16 <= length; at += 16) {
      for (let lane = 0; lane < 4; lane++) {
        const mixed = (lanes[lane]! + Math.imul(data.readInt32LE(at + 4 * lane), P32[1])) | 0
        lanes[lane] = Math.imul(turn32(mixed, 13), P32[0])
      }
    }
    hash = (turn32(lanes[0]!, 1) + turn32(lanes[1]!, 7) + turn32(lanes[2]!, 12) + turn32(lanes[3]!, 18)) | 0
  } else hash = (seed + P32[4]) | 0
  hash = (hash + length) | 0
  for (; at + 4 <= length; at += 4) {
    hash = (hash + Math.imul(data.readInt32LE(at), P32[2])) | 0
    hash = Math.imul(turn32(hash, 17), P32[3])
  }
  for (; at < length; at++) hash = Math.imul(turn32((hash + Math.imul(data[at]!, P32[4])) | 0, 11), P32[0])
  hash = Math.imul(hash ^ (hash >>> 15), P32[1])
  hash = Math.imul(hash ^ (hash >>> 13), P32[2])
  return (hash ^ (hash >>> 16)) >>> 0
}

const P64 = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const

const MASK = 0xffffffffffffffffn
const u64 = (word: bigint): bigint => word & MASK
const multiply = (a: bigint, b: bigint): bigint => (a * b) & MASK
const turn64 = (word: bigint, by: bigint): bigint => ((word << by) | (word >> (64n - by))) & MASK

const round = (lane: bigint, input: bigint): bigint =>
  multiply(turn64(u64(lane + multiply(input, P64[1])), 31n), P64[0])

/** The unsigned 64-bit hash; the seed is one of 64 bits. */
export function xxh64(data: Buffer, seed = 0n): bigint {
  const { length } = data
  let at = 0
  let hash: bigint
  if (length >= 32) {
    const lanes = [u64(seed + P64[0] + P64[1]), u64(seed + P64[1]), u64(seed), u64(seed - P64[0])]
    for (; at + 32 <= length; at += 32)
      for (let lane = 0; lane < 4; lane++) lanes[lane] = round(lanes[lane]!, data.readBigUInt64LE(at + 8 * lane))
    hash = u64(turn64(lanes[0]!, 1n) + turn64(lanes[1]!, 7n) + turn64(lanes[2]!, 12n) + turn64(lanes[3]!, 18n))
    for (const lane of lanes) hash = u64(multiply(hash ^ round(0n, lane), P64[0]) + P64[3])
  } else hash = u64(seed + P64[4])
  hash = u64(hash + BigInt(length))
  for (; at + 8 <= length; at += 8)
    hash = u64(multiply(turn64(hash ^ round(0n, data.readBigUInt64LE(at)), 27n), P64[0]) + P64[3])
  if (at + 4 <= length) {
    const mixed = turn64(hash ^ multiply(BigInt(data.readUInt32LE(at)), P64[0]), 23n)
    hash = u64(multiply(mixed, P64[1]) + P64[2])
    at += 4
  }
  for (; at < length; at++) hash = multiply(turn64(hash ^ multiply(BigInt(data[at]!), P64[4]), 11n), P64[0])
  return avalanche64(hash)
}

function avalanche64(hash: bigint): bigint {
  const first = multiply(hash ^ (hash >> 33n), P64[1])
  const second = multiply(first ^ (first >> 29n), P64[2])
  return second ^ (second >> 32n)
}

/** The default secret of XXH3. */
const SECRET = Buffer.from(
  'b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c' +
    '3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364ea' +
    'c5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e',
  'hex',
)

/** The unsigned 64-bit hash of the newest kind; the seed is one of 64 bits. */
export function xxh3(data: Buffer, seed = 0n): bigint {
  const { length } = data
  if (length <= 16) return short(data, seed)
  if (length <= 128) return medium(data, seed)
  return length <= 240 ? larger(data, seed) : long(data, seed)
}

const secret64 = (at: number): bigint => SECRET.readBigUInt64LE(at)

function xxh3Avalanche(hash: bigint): bigint {
  const mixed = multiply(hash ^ (hash >> 37n), 0x165667919e3779f9n)
  return mixed ^ (mixed >> 32n)
}

/** The two halves of the 128-bit product, one upon the other. */
function fold(a: bigint, b: bigint): bigint {
  const product = a * b
  return (product & MASK) ^ (product >> 64n)
}

function swap64(word: bigint): bigint {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(word)
  return bytes.readBigUInt64BE()
}

function short(data: Buffer, seed: bigint): bigint {
  const { length } = data
  const size = BigInt(length)
  if (length > 8) {
    const low = data.readBigUInt64LE(0) ^ u64((secret64(24) ^ secret64(32)) + seed)
    const high = data.readBigUInt64LE(length - 8) ^ u64((secret64(40) ^ secret64(48)) - seed)
    return xxh3Avalanche(u64(size + swap64(low) + high + fold(low, high)))
  }
  if (length >= 4) {
    const low = seed & 0xffffffffn
    const swapped = BigInt(
      Buffer.from([...Buffer.from(low.toString(16).padStart(8, '0'), 'hex')].reverse()).readUInt32BE(),
    )
    const mixed = u64(seed ^ (swapped << 32n))
    const input = BigInt(data.readUInt32LE(length - 4)) + (BigInt(data.readUInt32LE(0)) << 32n)
    let hash = input ^ u64((secret64(8) ^ secret64(16)) - mixed)
    hash ^= turn64(hash, 49n) ^ turn64(hash, 24n)
    hash = multiply(hash, 0x9fb21c651e98df25n)
    hash = multiply(hash ^ u64((hash >> 35n) + size), 0x9fb21c651e98df25n)
    return hash ^ (hash >> 28n)
  }
  if (length > 0) {
    const word = ((data[0]! << 16) | (data[length >> 1]! << 24) | data[length - 1]! | (length << 8)) >>> 0
    const flip = u64(BigInt((SECRET.readUInt32LE(0) ^ SECRET.readUInt32LE(4)) >>> 0) + seed)
    return avalanche64(BigInt(word) ^ flip)
  }
  return avalanche64(seed ^ secret64(56) ^ secret64(64))
}

const mix16 = (data: Buffer, at: number, secret: number, seed: bigint): bigint =>
  fold(
    data.readBigUInt64LE(at) ^ u64(secret64(secret) + seed),
    data.readBigUInt64LE(at + 8) ^ u64(secret64(secret + 8) - seed),
  )

function medium(data: Buffer, seed: bigint): bigint {
  const { length } = data
  let sum = multiply(BigInt(length), P64[0])
  for (let pair = (length - 1) >> 5; pair >= 0; pair--) {
    sum += mix16(data, 16 * pair, 32 * pair, seed)
    sum += mix16(data, length - 16 * (pair + 1), 32 * pair + 16, seed)
  }
  return xxh3Avalanche(u64(sum))
}

function larger(data: Buffer, seed: bigint): bigint {
  const { length } = data
  let sum = multiply(BigInt(length), P64[0])
  for (let i = 0; i < 8; i++) sum += mix16(data, 16 * i, 16 * i, seed)
  sum = xxh3Avalanche(u64(sum))
  for (let i = 8; i < length >> 4; i++) sum += mix16(data, 16 * i, 16 * (i - 8) + 3, seed)
  sum += mix16(data, length - 16, 136 - 17, seed)
  return xxh3Avalanche(u64(sum))
}

/** The secret that a seed makes of the default one. */
function seeded(seed: bigint): Buffer {
  if (seed === 0n) return SECRET
  const secret = Buffer.alloc(192)
  for (let at = 0; at < 192; at += 16) {
    secret.writeBigUInt64LE(u64(secret64(at) + seed), at)
    secret.writeBigUInt64LE(u64(secret64(at + 8) - seed), at + 8)
  }
  return secret
}

function long(data: Buffer, seed: bigint): bigint {
  const { length } = data
  const secret = seeded(seed)
  const P32_1 = BigInt(P32[0])
  const P32_2 = BigInt(P32[1])
  const P32_3 = BigInt(P32[2])
  const lanes = [P32_3, P64[0], P64[1], P64[2], P64[3], P32_2, P64[4], P32_1]
  const stripesOfBlock = (192 - 64) / 8
  const stripes = Math.floor((length - 1) / 64)
  for (let stripe = 0; stripe < stripes; stripe++) {
    accumulate(lanes, data, 64 * stripe, secret, 8 * (stripe % stripesOfBlock))
    if ((stripe + 1) % stripesOfBlock === 0) scramble(lanes, secret)
  }
  accumulate(lanes, data, length - 64, secret, 192 - 64 - 7)
  let sum = multiply(BigInt(length), P64[0])
  for (let i = 0; i < 8; i += 2) {
    const a = lanes[i]! ^ secret.readBigUInt64LE(11 + 8 * i)
    const b = lanes[i + 1]! ^ secret.readBigUInt64LE(11 + 8 * (i + 1))
    sum += fold(a, b)
  }
  return xxh3Avalanche(u64(sum))
}

function accumulate(lanes: bigint[], data: Buffer, at: number, secret: Buffer, secretAt: number): void {
  for (let i = 0; i < 8; i++) {
    const word = data.readBigUInt64LE(at + 8 * i)
    const key = word ^ secret.readBigUInt64LE(secretAt + 8 * i)
    lanes[i ^ 1] = u64(lanes[i ^ 1]! + word)
    lanes[i] = u64(lanes[i]! + (key & 0xffffffffn) * (key >> 32n))
  }
}

function scramble(lanes: bigint[], secret: Buffer): void {
  for (let i = 0; i < 8; i++) {
    const lane = lanes[i]!
    lanes[i] = multiply(lane ^ (lane >> 47n) ^ secret.readBigUInt64LE(192 - 64 + 8 * i), BigInt(P32[0]))
  }
}
