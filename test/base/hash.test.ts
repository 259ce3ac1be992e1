import t from 'tap'
import { avalanche, crc32, djb2, type HashKey, sdbm, wt6 } from '../../lib/base/hash.js'

/** What HAProxy 2.6 prints for the converters of these names: plain, then with avalanche. */
const printed: Record<string, number[]> = {
  '': [5381, 3719394183, 0, 2874071335, 4187620192, 2385687481, 0, 2874071335],
  a: [177670, 3548763807, 97, 1830748055, 1900802597, 1986649387, 3904355907, 1288200982],
  abc: [193485963, 2235766107, 807794786, 659243622, 2483038440, 266135527, 891568578, 930845320],
  abcdefgh: [1722392489, 2124322011, 1869873412, 1612265973, 3741049586, 62348922, 2934909520, 1338786854],
  hello: [261238937, 1119739105, 684824882, 2061535398, 3538347703, 140457739, 907060870, 3902247103],
  '\xff\xfe': [5868578, 512819222, 16727999, 4077444878, 2931399054, 4058743326, 2297966742, 2420572208],
  '\0': [177573, 876829347, 0, 2874071335, 1892670053, 2004952122, 3523407757, 1927583040],
}

function all(key: HashKey): number[] {
  return [djb2(key), sdbm(key), wt6(key), crc32(key)].flatMap((hash) => [hash, avalanche(hash)])
}

t.test('strings and bytes hash to what HAProxy’s converters print', async (t) => {
  for (const [key, hashes] of Object.entries(printed)) {
    t.same(all(key), hashes, JSON.stringify(key))
    t.same(all(Buffer.from(key, 'latin1')), hashes, `the bytes of ${JSON.stringify(key)}`)
  }
})

t.test('a part of a key hashes like the part alone', async (t) => {
  for (const hash of [djb2, sdbm, wt6, crc32]) {
    t.equal(hash('xxhelloyy', 2, 7), hash('hello'))
    t.equal(hash(Buffer.from('xxhelloyy'), 2, 7), hash('hello'))
  }
})
