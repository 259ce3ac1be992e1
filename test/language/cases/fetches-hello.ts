/** Cases of the questions about the TLS ClientHello that a connection begins with. */
import type { LanguageCase } from '../case.js'

const u8 = (value: number): string => String.fromCharCode(value)
const u16 = (value: number): string => u8(value >> 8) + u8(value & 255)
const vector8 = (text: string): string => u8(text.length) + text
const vector16 = (text: string): string => u16(text.length) + text
const extension = (type: number, body: string): string => u16(type) + vector16(body)

function hello(extensions: string | undefined, version = 0x0303): string {
  const body =
    u16(version) +
    'r'.repeat(32) +
    vector8('') +
    vector16(u16(0xc02f) + u16(0x1301)) +
    vector8(u8(0)) +
    (extensions === undefined ? '' : vector16(extensions))
  return u8(22) + u16(0x0301) + vector16(u8(1) + u8(0) + u16(body.length) + body)
}

const name = extension(0, vector16(u8(0) + vector16('WWW.Example.com')))
const protocols = extension(16, vector16(vector8('h2') + vector8('http/1.1')))
const groups = extension(10, vector16(u16(0x001d) + u16(0x0017)))
const signatures = extension(13, vector16(u16(0x0403) + u16(0x0804)))
const shares = extension(51, vector16(u16(0x001d) + vector16('k'.repeat(4)) + u16(0x0017) + vector16('m')))
const versions = extension(43, vector8(u16(0x0304) + u16(0x0303)))
const emptyTicket = extension(35, '')
const ticket = extension(35, 'ticket')

const full = hello(name + groups + signatures + protocols + emptyTicket + versions + shares)
const bare = hello(undefined)

const kept = (
  fetch: string,
  expression: string,
  send: string,
  note: string,
  more: Partial<LanguageCase> = {},
): LanguageCase => ({
  name: `${expression} of ${note}`,
  covers: [`fetch:${fetch}`],
  mode: 'tcp',
  frontend: [
    'tcp-request inspect-delay 3s',
    `tcp-request content set-var(sess.x) ${expression} if { req.len gt 10 }`,
    'log-format "<%[var(sess.x)]>"',
  ],
  send,
  sees: ['log'],
  ...more,
})

const tested = (fetch: string, condition: string, send: string, note: string): LanguageCase => ({
  name: `${condition} of ${note}`,
  covers: [`fetch:${fetch}`],
  mode: 'tcp',
  frontend: [
    `tcp-request inspect-delay ${note === 'a whole hello' ? '3s' : '300ms'}`,
    `tcp-request content reject unless ${condition}`,
  ],
  send,
})

const newer = (fetch: string, expect: string, send: string, note: string): LanguageCase =>
  kept(fetch, `${fetch},be2hex(:,2)`, send, note, {
    since: '3.2',
    expect: `[log] <134>{date} haproxy[{pid}]: <${expect}>`,
  })

export const cases: readonly LanguageCase[] = [
  ...(
    [
      ['req.ssl_sni', 'req.ssl_sni'],
      ['req_ssl_sni', 'req_ssl_sni'],
      ['req.ssl_alpn', 'req.ssl_alpn'],
      ['req.ssl_hello_type', 'req.ssl_hello_type'],
      ['req_ssl_hello_type', 'req_ssl_hello_type'],
      ['req.ssl_ver', 'req.ssl_ver'],
      ['req_ssl_ver', 'req_ssl_ver'],
      ['req.ssl_st_ext', 'req.ssl_st_ext'],
      ['req.ssl_ec_ext', 'req.ssl_ec_ext'],
    ] as const
  ).flatMap(([fetch, expression]) => [
    kept(fetch, expression, full, 'a whole hello'),
    kept(fetch, expression, bare, 'a hello without extensions'),
    kept(fetch, expression, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'a request'),
  ]),
  kept('req.ssl_st_ext', 'req.ssl_st_ext', hello(ticket), 'a hello with a ticket'),
  kept('req.ssl_ver', 'req.ssl_ver', hello(name, 0x0301), 'a hello of TLS 1.0'),
  tested('req.ssl_sni', '{ req.ssl_sni -i www.example.com }', full, 'a whole hello'),
  tested('req.ssl_sni', '{ req.ssl_sni WWW.Example.com }', full, 'a whole hello'),
  tested('req_ssl_sni', '{ req_ssl_sni -m end -i .com }', full, 'a whole hello'),
  tested('req.ssl_hello_type', '{ req.ssl_hello_type 1 }', full, 'a whole hello'),
  tested('req_ssl_hello_type', '{ req_ssl_hello_type 1 }', full.slice(0, 30), 'a part of a hello'),
  tested('req.ssl_ver', '{ req.ssl_ver 3.3 }', full, 'a whole hello'),
  tested('req_ssl_ver', '{ req_ssl_ver gt 3.1 }', full, 'a whole hello'),
  tested('req.ssl_alpn', '{ req.ssl_alpn h2,http/1.1 }', full, 'a whole hello'),
  tested('req.ssl_ec_ext', '{ req.ssl_ec_ext 1 }', full, 'a whole hello'),
  newer('req.ssl_cipherlist', 'C02F:1301', full, 'a whole hello'),
  newer('req.ssl_sigalgs', '0403:0804', full, 'a whole hello'),
  newer('req.ssl_supported_groups', '001D:0017', full, 'a whole hello'),
  newer('req.ssl_keyshare_groups', '001D:0017', full, 'a whole hello'),
  newer('req.ssl_sigalgs', '-', bare, 'a hello without extensions'),
]
