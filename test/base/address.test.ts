import t from 'tap'
import { type Address, parseBindAddress, parseServerAddress } from '../../lib/base/address.js'

const bind = (text: string): Address => {
  const [first, ...rest] = parseBindAddress(text)
  if (first === undefined || rest.length > 0) throw new Error(`not one address: ${text}`)
  return first
}
const v4 = (ip: string, port: number, portEnd = port) => ({
  kind: 'ip',
  ip,
  family: 4,
  any: ip === '0.0.0.0',
  port,
  portEnd,
})
const v6 = (ip: string, port: number, portEnd = port) => ({
  kind: 'ip',
  ip,
  family: 6,
  any: ip === '::',
  port,
  portEnd,
})
const name = (host: string, port: number, family?: 4 | 6) => ({ kind: 'name', name: host, family, port, portEnd: port })

t.test('listeners take every address form', async (t) => {
  const forms: [string, object][] = [
    ['10.0.0.1:80', v4('10.0.0.1', 80)],
    [':80', v4('0.0.0.0', 80)],
    ['*:80', v4('0.0.0.0', 80)],
    ['0.0.0.0:0', v4('0.0.0.0', 0)],
    ['[::1]:80', v6('::1', 80)],
    ['::1:80', v6('::1', 80)],
    [':::80', v6('::', 80)],
    ['[2001:DB8::0:1]:443', v6('2001:db8::1', 443)],
    ['[1.2.3.4]:80', v4('1.2.3.4', 80)],
    ['::ffff:1.2.3.4:80', v6('::ffff:1.2.3.4', 80)],
    [':8000-8010', v4('0.0.0.0', 8000, 8010)],
    ['localhost:80', name('localhost', 80)],
    ['a-b.example.com.:80', name('a-b.example.com.', 80)],
    ['ip@1.2.3.4:80', v4('1.2.3.4', 80)],
    ['ip@:80', v4('0.0.0.0', 80)],
    ['ipv4@1.2.3.4:80', v4('1.2.3.4', 80)],
    ['ipv4@example.com:80', name('example.com', 80, 4)],
    ['ipv6@::1:80', v6('::1', 80)],
    ['ipv6@:80', v6('::', 80)],
    ['ipv6@*:80', v6('::', 80)],
    ['tcp@1.2.3.4:80', v4('1.2.3.4', 80)],
    ['tcp4@:80', v4('0.0.0.0', 80)],
    ['tcp6@[::1]:80', v6('::1', 80)],
    ['stream+ipv4@1.2.3.4:80', v4('1.2.3.4', 80)],
    ['stream+tcp@1.2.3.4:80', v4('1.2.3.4', 80)],
    ['stream+unix@/x', { kind: 'unix', path: '/x' }],
    ['/run/x@y.sock', { kind: 'unix', path: '/run/x@y.sock' }],
    ['unix@x:80', { kind: 'unix', path: 'x:80' }],
    ['uxst@/x', { kind: 'unix', path: '/x' }],
    ['abns@x:80', { kind: 'abns', name: 'x:80', padded: true }],
    ['abnsz@x', { kind: 'abns', name: 'x', padded: false }],
    ['fd@3', { kind: 'fd', fd: 3 }],
    ['stream+fd@0', { kind: 'fd', fd: 0 }],
  ]
  for (const [text, address] of forms) t.strictSame(bind(text), address, text)
})

t.test('a listener’s addresses may be several', async (t) => {
  t.strictSame(parseBindAddress(':80,[::1]:81,/x'), [v4('0.0.0.0', 80), v6('::1', 81), { kind: 'unix', path: '/x' }])
  t.strictSame(parseBindAddress(':80,'), [v4('0.0.0.0', 80)], 'a last comma is harmless')
  t.throws(() => parseBindAddress(':80,,:81'), /the address is empty/)
  t.throws(() => parseBindAddress(','), /the address is empty/)
})

t.test('a listener’s mistakes are explained', async (t) => {
  const mistakes: [string, RegExp][] = [
    ['', /the address is empty/],
    ['10.0.0.1', /missing port: write it after a colon/],
    ['10.0.0.1:', /missing port/],
    ['[::1]', /missing port/],
    ['::1', /':' is not an IPv6 address: put the address in brackets/],
    ['10.0.0.1:99999', /invalid port 99999: it must be from 0 to 65535/],
    ['10.0.0.1:80x', /invalid port '80x'/],
    [':http', /invalid port 'http'/],
    [':8000-', /invalid port ''/],
    [':90-80', /invalid port range '90-80': write the lower port first/],
    [':0-5', /invalid port range/],
    [':+80', /a port offset is not permitted on a listener/],
    [':-80', /a port offset is not permitted on a listener/],
    ['unix@', /the path of a unix socket is empty/],
    [`/${'x'.repeat(107)}`, /too long: at most 107 bytes/],
    [`/${'ü'.repeat(54)}`, /too long/],
    ['/a\0b', /zero byte/],
    ['abns@', /name of an abstract socket is empty/],
    ['fd@x', /file descriptor 'x' is not a whole number/],
    ['fd@-1', /not a whole number/],
    ['fd@', /not a whole number/],
    ['ipv4@[::1]:80', /'\[::1\]' is not an IPv4 address/],
    ['ipv6@1.2.3.4:80', /is not an IPv6 address/],
    ['sockpair@3', /not supported/],
    ['quic4@:443', /QUIC is not supported/],
    ['mptcp@:443', /MPTCP is not supported/],
    ['udp@:53', /datagram address is not acceptable here: use tcp@/],
    ['dgram+ipv4@:53', /datagram address is not acceptable/],
    ['foo@1.2.3.4:80', /unknown prefix 'foo@': known are ip@/],
    ['constructor@1.2.3.4:80', /unknown prefix/],
    ['1.2.3.256:80', /'1.2.3.256' is not an IPv4 address/],
    ['1.2.3.4.5:80', /is not an IPv4 address/],
    ['[::1]x:80', /is not an IPv6 address/],
    ['[::1:80', /is not an IPv6 address/],
    ['[x]:80', /is not an IPv6 address/],
    ['-x:80', /neither an IP address nor a host name/],
    ['a b:80', /neither an IP address nor a host name/],
  ]
  for (const [text, message] of mistakes) t.throws(() => parseBindAddress(text), message, text)
})

t.test('servers may leave the port to the client’s connection', async (t) => {
  const same = { port: 0, portEnd: 0, portOffset: 0 }
  const forms: [string, object][] = [
    ['10.0.0.1:80', v4('10.0.0.1', 80)],
    ['10.0.0.1', { ...v4('10.0.0.1', 0), ...same }],
    ['10.0.0.1:', { ...v4('10.0.0.1', 0), ...same }],
    ['10.0.0.1:0', { ...v4('10.0.0.1', 0), ...same }],
    ['10.0.0.1:+100', { ...v4('10.0.0.1', 0), portOffset: 100 }],
    ['10.0.0.1:-10', { ...v4('10.0.0.1', 0), portOffset: -10 }],
    ['10.0.0.1:-0', { ...v4('10.0.0.1', 0), portOffset: 0 }],
    ['*', { ...v4('0.0.0.0', 0), ...same }],
    ['*:80', v4('0.0.0.0', 80)],
    ['[::1]', { ...v6('::1', 0), ...same }],
    ['example.com', { ...name('example.com', 0), ...same }],
    ['localhost:+5', { ...name('localhost', 0), portOffset: 5 }],
    ['ipv6@localhost:80', name('localhost', 80, 6)],
    ['127.1:80', name('127.1', 80)],
    ['/run/x.sock', { kind: 'unix', path: '/run/x.sock' }],
    ['abns@x', { kind: 'abns', name: 'x', padded: true }],
  ]
  for (const [text, address] of forms) t.strictSame(parseServerAddress(text), address, text)
})

t.test('a server’s mistakes are explained', async (t) => {
  t.throws(
    () => parseServerAddress('10.0.0.1:99999'),
    /'10.0.0.1:99999': invalid port 99999: it must be from 0 to 65535/,
  )
  t.throws(() => parseServerAddress('10.0.0.1:80-90'), /a port range is not permitted on a server/)
  t.throws(() => parseServerAddress('10.0.0.1:+70000'), /invalid port 70000/)
  t.throws(() => parseServerAddress('10.0.0.1:+'), /invalid port ''/)
  t.throws(() => parseServerAddress('fd@3'), /not acceptable here, only on a listener/)
  t.throws(
    () => parseServerAddress('10.0.0.1:80,10.0.0.2:80'),
    /neither an IP address nor a host name|is not an IPv6 address/,
  )
  t.throws(() => parseServerAddress('2001:db8::1:x'), /invalid port 'x'/)
})
