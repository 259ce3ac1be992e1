import t from 'tap'
import { SipHash } from '../../lib/base/sip-hash.js'

const BUCKETS = 4096
const KEYS = 65_536

/** How many keys the fullest of many buckets has; 16 on average. */
function fullest(hashOf: (at: number) => number): number {
  const buckets = new Uint16Array(BUCKETS)
  for (let at = 0; at < KEYS; at++) buckets[hashOf(at) & (BUCKETS - 1)]!++
  return Math.max(...buckets)
}

t.test('keys that are alike do not fall together', async (t) => {
  const hash = new SipHash(0x12345678, 0x9abcdef0)
  // By chance alone, more than 45 of 65,536 in one of 4,096 would be seen once in a hundred thousand runs.
  t.ok(fullest((at) => hash.words(1, at)) < 45, 'numbers in a row')
  t.ok(fullest((at) => hash.words(1, Math.imul(at, 65_536))) < 45, 'numbers that differ in their upper half')
  t.ok(fullest((at) => hash.words(4, 0xfd00, 0, at, 1)) < 45, 'addresses of one network')
  t.ok(fullest((at) => hash.text(`user-${at}`)) < 45, 'texts that begin alike')
  t.ok(fullest((at) => hash.text(`${at}-is-the-number-of-the-user`)) < 45, 'texts that end alike')
  t.ok(fullest((at) => hash.text('a'.repeat(at & 255) + String.fromCharCode(at >>> 8))) < 45, 'texts of any length')
})

t.test('who does not know the secret cannot tell what falls together', async (t) => {
  const one = new SipHash(1, 2)
  const together: number[] = []
  for (let at = 0; together.length < 64; at++) if ((one.words(1, at) & (BUCKETS - 1)) === 7) together.push(at)
  for (const [left, right] of [
    [1, 3],
    [2, 2],
    [0x80000001, 2],
  ] as const) {
    // prettier-ignore
    const other = new SipHash(left, right)
    const places = new Set(together.map((at) => other.words(1, at) & (BUCKETS - 1)))
    t.ok(places.size > 56, `${places.size} places for 64 keys`)
  }
})

t.test('length and place of every byte count', async (t) => {
  const hash = new SipHash(5, 6)
  const texts = [
    '',
    '\0',
    '\0\0',
    '\0\0\0',
    '\0\0\0\0',
    'a',
    'a\0',
    'ab',
    'ba',
    'abcd',
    'abcd\0',
    'abcdefgh',
    'efghabcd',
    '\xff',
    '\xff\xff\xff\xff',
  ]
  t.equal(new Set(texts.map((text) => hash.text(text))).size, texts.length)
  t.equal(
    new Set([
      hash.words(1, 1),
      hash.words(2, 1),
      hash.words(2, 0, 1),
      hash.words(4, 1),
      hash.words(4, 0, 1),
      hash.words(4, 0, 0, 0, 1),
    ]).size,
    6,
  )
  for (const text of texts) t.ok(hash.text(text) >= 0 && hash.text(text) < 2 ** 32 && Number.isInteger(hash.text(text)))
})
