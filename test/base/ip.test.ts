import t from 'tap'
import { Ip, ipv4ToNumber, ipv4ToText } from '../../lib/base/ip.js'

t.test('IPv4 text becomes a number, and nothing else does', async (t) => {
  t.equal(ipv4ToNumber('0.0.0.0'), 0)
  t.equal(ipv4ToNumber('255.255.255.255'), 2 ** 32 - 1)
  t.equal(ipv4ToNumber('10.1.2.3'), 0x0a010203)
  const wrong = [
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.',
    '.1.2.3',
    '1..2.3',
    '1.2.3.4 ',
    '1.2.3.x',
    '+1.2.3.4',
    '1.2.3.0004',
  ]
  for (const text of wrong) t.equal(ipv4ToNumber(text), -1, text)
  t.equal(ipv4ToText(0xfffefdfc), '255.254.253.252')
})

t.test('IPv6 is read in every form and written as RFC 5952 says', async (t) => {
  const forms: Record<string, string> = {
    '::': '::',
    '::1': '::1',
    '1::': '1::',
    '2001:db8::1': '2001:db8::1',
    '2001:0DB8:0000:0000:0000:0000:0002:0001': '2001:db8::2:1',
    '2001:db8:0:0:1:0:0:1': '2001:db8::1:0:0:1',
    '2001:0:0:1:0:0:0:1': '2001:0:0:1::1',
    '2001:db8:0:1:1:1:1:1': '2001:db8:0:1:1:1:1:1',
    '1:2:3:4:5:6:7::': '1:2:3:4:5:6:7:0',
    '1:2:3:4:5:6:7:8': '1:2:3:4:5:6:7:8',
    '::ffff:1.2.3.4': '::ffff:1.2.3.4',
    '::ffff:102:304': '::ffff:1.2.3.4',
    '64:ff9b::192.0.2.33': '64:ff9b::c000:221',
    'fe80::ABCD': 'fe80::abcd',
  }
  for (const [text, canonical] of Object.entries(forms)) t.equal(Ip.parse(text)?.toString(), canonical, text)
})

t.test('what is no address is refused', async (t) => {
  const wrong = [
    ':',
    ':::',
    '1',
    '1:2',
    '::1::',
    '1::2::3',
    '12345::',
    '::g',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '1:2:3:4:5:6:7::8:9',
    '::1:',
    ':1::',
    '::1.2.3',
    '::1.2.3.4:5',
    '1:2:3:4:5:6:7:1.2.3.4',
    '[::1]',
    'fe80::1%eth0',
    '::1/64',
    ' ::1',
    '1.2.3.4::',
  ]
  for (const text of wrong) t.equal(Ip.parse(text), undefined, text)
})

t.test('addresses of sockets lose their mapping and zone', async (t) => {
  t.equal(Ip.fromSocket('::ffff:10.0.0.1')?.toString(), '10.0.0.1')
  t.equal(Ip.fromSocket('::ffff:10.0.0.1')?.family, 4)
  t.equal(Ip.fromSocket('10.0.0.1')?.number, 0x0a000001)
  t.equal(Ip.fromSocket('fe80::1%eth0')?.toString(), 'fe80::1')
  t.equal(Ip.fromSocket(undefined), undefined)
  t.equal(Ip.fromSocket('/run/x.sock'), undefined)
})

t.test('addresses compare by value', async (t) => {
  const one = Ip.parse('2001:db8::1')!
  t.ok(one.equals(Ip.parse('2001:0db8:0::1')!))
  t.notOk(one.equals(Ip.parse('2001:db8::2')!))
  t.notOk(
    Ip.parse('1.2.3.4')!.equals(Ip.parse('::ffff:1.2.3.4')!),
    'a mapped address is another one until it is unmapped',
  )
  t.ok(Ip.parse('1.2.3.4')!.equals(Ip.parse('::ffff:1.2.3.4')!.unmapped))
  t.equal(Ip.fromNumber(1).toString(), '0.0.0.1')
  t.equal(one.number, -1)
})

t.test('bytes are copied in and must be 4 or 16', async (t) => {
  const bytes = Uint8Array.of(1, 2, 3, 4)
  const ip = Ip.fromBytes(bytes)
  bytes[0] = 9
  t.equal(ip.toString(), '1.2.3.4')
  t.throws(() => Ip.fromBytes(new Uint8Array(5)), /4 or 16 bytes, not 5/)
})
