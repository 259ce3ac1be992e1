/** Cases of the question about the TLS ServerHello that a server's answer begins with. */
import type { LanguageCase } from '../case.js'

const u8 = (value: number): string => String.fromCharCode(value)
const u16 = (value: number): string => u8(value >> 8) + u8(value & 255)
const vector16 = (text: string): string => u16(text.length) + text
const handshake = (type: number, body: string): string =>
  u8(type) + u8(body.length >> 16) + u16(body.length & 65535) + body
const record = (body: string, type = 22, version = 0x0303): string => u8(type) + u16(version) + vector16(body)

/** A ServerHello: version, random, session id, cipher suite, no compression. */
const body = `${u16(0x0303)}${'r'.repeat(32)}${u8(4)}sess${u16(0xc02f)}${u8(0)}`
const whole = record(handshake(2, body))

const asked = (name: string, origin: string, word = 'res.ssl_hello_type'): LanguageCase => ({
  name: `${word}: ${name}`,
  covers: [`fetch:${word}`],
  mode: 'tcp',
  frontend: ['log-format "<%[var(sess.x)]> %ts"'],
  backend: [
    'tcp-response inspect-delay 400ms',
    ...[0, 1, 2, 3, 11, 14].map((type) => `tcp-response content set-var(sess.x) int(${type}) if { ${word} ${type} }`),
  ],
  send: 'hello',
  origin,
  sees: ['answer', 'log'],
})

export const cases: readonly LanguageCase[] = [
  asked('a whole hello', whole),
  asked('the older word', whole, 'rep_ssl_hello_type'),
  asked('more behind it', `${whole}${record('x', 20)}`),
  asked('two messages in one record', record(handshake(2, body) + handshake(11, 'certificate'))),
  asked('half of it', whole.slice(0, 30)),
  asked('three bytes', whole.slice(0, 3)),
  asked('one byte', whole.slice(0, 1)),
  asked('another message', record(handshake(11, 'certificate'))),
  asked('an empty one', record(handshake(14, ''))),
  asked('a request for one', record(handshake(0, ''))),
  asked('a hello of a client', record(handshake(1, body))),
  asked('in two records', record(handshake(2, body).slice(0, 20)) + record(handshake(2, body).slice(20))),
  asked('an old version', record(handshake(2, body), 22, 0x0300)),
  asked('too old a version', record(handshake(2, body), 22, 0x0200)),
  asked('a version to come', record(handshake(2, body), 22, 0x0305)),
  asked('an alert', record(u8(2) + u8(40), 21)),
  asked('no TLS', 'HTTP/1.0 200 OK\r\n\r\n'),
  asked('a record that is too long', u8(22) + u16(0x0303) + u16(0x4801) + 'x'.repeat(30)),
  asked('an empty record', record('')),
  asked(
    'a session id that is too long',
    record(handshake(2, `${u16(0x0303)}${'r'.repeat(32)}${u8(33)}${'s'.repeat(33)}${u16(0xc02f)}${u8(0)}`)),
  ),
]
