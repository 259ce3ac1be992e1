import t from 'tap'
import { Ip } from '../../../lib/base/ip.js'
import { NetworkIndex } from '../../../lib/match/patterns/network-index.js'
import { readNetwork } from '../../../lib/match/patterns/network-pattern.js'
import { entryOf, fill, seeded } from './entry.js'

const ip = (text: string): Ip => Ip.parse(text)!

t.test('the most specific network counts, the first of equal ones', async (t) => {
  const index = new NetworkIndex(false)
  fill(index, ['10.0.0.0/8', '10.1.0.0/16', '10.1.0.0/255.255.0.0', '0.0.0.0/0', '10.1.2.3', '2001:db8::/32', '::/0'])
  const cases = [
    ['10.1.2.3', '10.1.2.3'],
    ['10.1.2.4', '10.1.0.0/16'],
    ['10.2.0.0', '10.0.0.0/8'],
    ['9.9.9.9', '0.0.0.0/0'],
    ['2001:db8::1', '2001:db8::/32'],
    ['1::1', '::/0'],
  ] as const
  for (const [address, network] of cases) t.equal(index.find(ip(address))?.pattern, network, address)
})

t.test('the families meet as in HAProxy', async (t) => {
  const index = new NetworkIndex(false)
  fill(index, ['9.0.0.0/8', '::ffff:9.0.0.0/104', '8.0.0.0/8', '2002:800::/24', '::ffff:7.0.0.0/104', '6.6.6.6'])
  const cases = [
    ['9.9.9.9', '9.0.0.0/8'],
    ['::ffff:9.9.9.9', '::ffff:9.0.0.0/104'],
    ['::9.9.9.9', '9.0.0.0/8'],
    ['2002:808:808::1', '2002:800::/24'],
    ['7.1.1.1', '::ffff:7.0.0.0/104'],
    ['2002:606:606::1', '6.6.6.6'],
    ['::fffe:6.6.6.6', undefined],
    ['1::6.6.6.6', undefined],
  ] as const
  for (const [address, network] of cases) t.equal(index.find(ip(address))?.pattern, network, address)
})

t.test('a mask may have holes', async (t) => {
  const index = new NetworkIndex(false)
  const [holed] = fill(index, ['1.2.3.4/255.0.255.0', '1.2.3.0/24'])
  t.equal(index.find(ip('1.9.3.9'))?.pattern, '1.2.3.4/255.0.255.0')
  t.equal(index.find(ip('1.2.3.9'))?.pattern, '1.2.3.0/24', 'a network comes first')
  t.equal(index.find(ip('::ffff:1.9.3.9'))?.pattern, '1.2.3.4/255.0.255.0')
  t.equal(index.find(ip('1.9.4.9')), undefined)
  index.delete(holed!)
  t.equal(index.find(ip('1.9.3.9')), undefined)
})

t.test('addresses are read as HAProxy reads them', async (t) => {
  const read = (text: string, plain = false): string => {
    const { ip, length, mask } = readNetwork(text, plain)
    return `${ip}/${length ?? mask}`
  }
  const forms = [
    ['10.1', '10.0.0.1/32'],
    ['10.1/8', '10.0.0.1/8'],
    ['10.1.256', '10.1.1.0/32'],
    ['010.0.0.1', '8.0.0.1/32'],
    ['134217728', '8.0.0.0/32'],
    ['0/0', '0.0.0.0/0'],
    ['1.2.3.4/032', '1.2.3.4/32'],
    ['1.2.3.0/255.255.255.0', '1.2.3.0/24'],
    ['1.2.3.0/0.0.0.0', '1.2.3.0/0'],
    ['::1/128', '::1/128'],
    ['fd00::/8', 'fd00::/8'],
  ] as const
  for (const [text, expected] of forms) t.equal(read(text), expected, text)
  const wrong = [
    '',
    'x',
    '1.2.3.4/',
    '1.2.3.4/33',
    '1.2.3.4/-1',
    '1.2.3.0/255.255.255',
    '1.2.3.4:80',
    '[::1]',
    '::1/129',
  ]
  const more = ['::1/ffff::', '256.1.1.1', '1.2.3.4.5', '4294967296', ' 1.2.3.4', '1.2.3.4/0x20', '08.1.1.1', '*']
  for (const text of [...wrong, ...more]) t.throws(() => read(text), /is not a valid IPv4 or IPv6 address/, text)
  for (const text of ['10.1', '010.0.0.1', '10.1/8']) t.throws(() => read(text, true), text)
})

t.test('names stand for what somebody finds', async (t) => {
  const index = new NetworkIndex(false, (host) => (host === 'gate.example' ? ip('192.0.2.9') : undefined))
  const [gate] = fill(index, ['gate.example/24'])
  t.ok(index.find(ip('192.0.2.200')))
  t.throws(() => index.add(entryOf(2, 'other.example')), /'other.example' is not a valid/)
  index.delete(gate!)
  t.equal(index.find(ip('192.0.2.200')), undefined)
})

t.test('entries come and go, and the right one is found', async (t) => {
  const random = seeded(11)
  const index = new NetworkIndex(false)
  const present: { readonly entry: ReturnType<typeof entryOf>; readonly bits: string }[] = []
  const bitsOf = (address: Ip): string => [...address.bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const some = (): Ip =>
    random(2) === 0
      ? Ip.fromBytes(Uint8Array.of(10 + random(2), random(4), random(2) * 128, random(256)))
      : Ip.fromBytes(Uint8Array.from({ length: 16 }, (_, at) => (at === 0 ? 0x20 : random(at < 6 ? 3 : 2) * 85)))
  for (let step = 0; step < 4000; step++) {
    if (random(5) > 1 || present.length === 0) {
      const address = some()
      const length = random(address.bytes.length * 8 + 1)
      const entry = entryOf(step, `${address}/${length}`)
      index.add(entry)
      present.push({ entry, bits: `${address.family}${bitsOf(address).slice(0, length)}` })
    } else index.delete(present.splice(random(present.length), 1)[0]!.entry)
    const asked = some()
    const bits = `${asked.family}${bitsOf(asked)}`
    const own = present.filter((one) => bits.startsWith(one.bits)).sort((a, b) => b.bits.length - a.bits.length)
    const expected = own.length > 0 || asked.family === 6 ? own[0]?.entry : 'mapped'
    const found = index.find(asked)
    if (expected !== 'mapped' && found !== expected) t.fail(`${asked}: ${found?.pattern}, not ${expected?.pattern}`)
  }
  for (const { entry } of present) index.delete(entry)
  for (let i = 0; i < 100; i++) t.equal(index.find(some()), undefined)
})

t.test('100,000 networks', async (t) => {
  const index = new NetworkIndex(false)
  fill(
    index,
    Array.from({ length: 100_000 }, (_, at) => `${Ip.fromNumber(at * 512)}/24`),
  )
  t.equal(index.find(Ip.fromNumber(99_999 * 512 + 255))?.pattern, `${Ip.fromNumber(99_999 * 512)}/24`)
  t.equal(index.find(Ip.fromNumber(99_999 * 512 + 256)), undefined)
})
