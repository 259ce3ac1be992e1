/** What servers of other protocols may answer to a health check, and what HAProxy 2.6.12 makes of it: recorded from `show stat`, and compared with it anew in test:interop. */

/**
 * What a server does: says something, in one piece; waits for what comes (`'ask'`); closes, or resets the connection. It begins when the
 * connection is there, and at the end it is silent.
 */
export type Play = readonly (Buffer | 'ask' | 'close' | 'reset')[]

export interface ProtocolCase {
  /** The rest of the line `option …`. */
  readonly check: string
  readonly name: string
  readonly play: Play
  /** `check_status check_code last_chk` of `show stat`. */
  readonly verdict: string
  /** What we say instead, and why. */
  readonly differs?: { readonly verdict: string; readonly why: string }
}

const text = (value: string): Buffer => Buffer.from(value, 'latin1')
const hex = (value: string): Buffer => Buffer.from(value.replaceAll(' ', ''), 'hex')

const cases: ProtocolCase[] = []

/** Cases of one check: name, what the server does, what HAProxy says. */
function about(
  check: string,
  ...rows: readonly (readonly [name: string, play: Play, verdict: string, differs?: ProtocolCase['differs']])[]
): void {
  for (const [name, play, verdict, differs] of rows)
    cases.push({ check, name, play, verdict, ...(differs === undefined ? {} : { differs }) })
}

// MySQL: packets have a length of three bytes and a number.
const packet = (body: Buffer, number: number): Buffer => {
  const head = Buffer.alloc(4)
  head.writeUIntLE(body.length, 0, 3)
  head[3] = number
  return Buffer.concat([head, body])
}
const greeting = (version = '8.0.35', number = 0): Buffer =>
  packet(
    Buffer.concat([
      hex('0a'),
      text(`${version}\0`),
      hex('08000000 4142434445464748 00 ffff ff 0200 ffdf 15 00000000000000000000'),
      text('JKLMNOPQRSTU\0caching_sha2_password\0'),
    ]),
    number,
  )
const refusal = (code: number, said: string, number: number): Buffer =>
  packet(Buffer.concat([hex('ff'), Buffer.from([code & 255, code >> 8]), text(said)]), number)
const ok = hex('07000002 00000002000000')

about(
  'mysql-check',
  ['a greeting', [greeting()], 'L7OK 0 '],
  ["MariaDB's greeting", [greeting('5.5.5-10.11.4-MariaDB')], 'L7OK 0 '],
  ['a refusal', [refusal(1130, "Host 'x' is not allowed", 0), 'close'], "L7STS 1130 Host 'x' is not allowed"],
  ['HTTP', [text('HTTP/1.0 400 Bad\r\n\r\n'), 'close'], 'L7RSP  '],
  ['two bytes, then the end', [hex('4a00'), 'close'], 'L7RSP  '],
  ['two bytes, then silence', [hex('4a00')], 'L7TOUT  '],
  ['the end', ['close'], 'L7RSP  TCPCHK got an empty response at step 2'],
  ['silence', [], 'L7TOUT  '],
  ['a greeting of protocol 9', [packet(text('\x093.20\0\x08\0\0\0abcdefgh\0'), 0)], 'L7OK 0 '],
  ['a greeting with number 1', [greeting('8.0', 1)], 'L7OK 0 '],
  ['half a greeting', [greeting().subarray(0, 20), 'close'], 'L7RSP  '],
  ['a greeting and something else', [Buffer.concat([greeting(), text('x')])], 'L7OK 0 '],
  ['a version without an end', [packet(text('\x0a8.0.35'), 0), 'close'], 'L7OK 0 '],
)
for (const check of ['mysql-check user haproxy', 'mysql-check user haproxy post-41', 'mysql-check user haproxy pre-41'])
  about(
    check,
    ['let in', [greeting(), 'ask', ok], 'L7OK 0 '],
    [
      'refused',
      [greeting(), 'ask', refusal(1045, '#28000Access denied for user', 2), 'close'],
      'L7STS 1045 #28000Access denied for user',
    ],
    ['asked for another method', [greeting(), 'ask', packet(hex('fe'), 2)], 'L7OK 0 '],
    [
      'asked for a method by name',
      [greeting(), 'ask', packet(text('\xfemysql_native_password\0abcdefghijabcdefghij\0'), 2)],
      'L7OK 0 ',
    ],
    ['silence behind the greeting', [greeting(), 'ask'], 'L7TOUT  '],
    ['the end behind the greeting', [greeting(), 'ask', 'close'], 'L7RSP  '],
    ['something else behind the greeting', [greeting(), 'ask', text('whatever this is')], 'L7TOUT  '],
    ['refused at once', [refusal(1130, "Host 'x' is not allowed", 0), 'close'], "L7STS 1130 Host 'x' is not allowed"],
    ['two bytes', [greeting(), 'ask', hex('0700')], 'L7TOUT  '],
    ['let in with number 1', [greeting(), 'ask', hex('07000001 00000002000000')], 'L7OK 0 '],
    ['half a greeting', [greeting().subarray(0, 20), 'close'], 'L7RSP  '],
  )

// PostgreSQL
const fatal = (said: string): Buffer => {
  const body = text(`SFATAL\0C28000\0M${said}\0\0`)
  const head = Buffer.alloc(5, 'E')
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}
about(
  'pgsql-check user haproxy',
  ['let in', ['ask', hex('52 00000008 00000000')], 'L7OK 0 PostgreSQL server is ok'],
  ['asked for MD5', ['ask', hex('52 0000000c 00000005 01020304')], 'L7OK 0 PostgreSQL server is ok'],
  [
    'asked for SASL',
    ['ask', hex('52 00000017 0000000a 534352414d2d5348412d3235360000')],
    'L7OK 0 PostgreSQL server is ok',
  ],
  ['refused', ['ask', fatal('no pg_hba.conf entry')], 'L7RSP  FATAL'],
  ['refused without a word', ['ask', hex('45 00000008 4d000000')], 'L7RSP  '],
  ['HTTP', ['ask', text('HTTP/1.0 400 Bad\r\n\r\n')], 'L7STS 0 PostgreSQL unknown error'],
  ['the end', ['ask', 'close'], 'L7RSP  TCPCHK got an empty response at step 3'],
  ['silence', [], 'L7TOUT  '],
  ['a reset', ['ask', 'reset'], 'SOCKERR  Connection reset by peer'],
  ['three bytes', ['ask', hex('52 0000')], 'L7TOUT  '],
  ['three bytes, then the end', ['ask', hex('52 0000'), 'close'], 'L7STS 0 PostgreSQL unknown error'],
  ['a notice', ['ask', hex('4e 00000008 53000000')], 'L7STS 0 PostgreSQL unknown error'],
  ['a parameter', ['ask', hex('53 00000008 53000000')], 'L7STS 0 PostgreSQL unknown error'],
  ['a byte too much', ['ask', hex('52 00000009 0000000000')], 'L7OK 0 PostgreSQL server is ok'],
)

about(
  'redis-check',
  ['PONG', ['ask', text('+PONG\r\n')], 'L7OK 0 Redis server is ok'],
  ['a refusal', ['ask', text('-NOAUTH Authentication required.\r\n')], 'L7TOUT  '],
  ['loading', ['ask', text('-LOADING Redis is loading\r\n')], 'L7TOUT  '],
  ['half a word', ['ask', text('+PO')], 'L7TOUT  '],
  ['half a word, then the end', ['ask', text('+PO'), 'close'], 'L7STS 0 +PO'],
  ['HTTP', ['ask', text('HTTP/1.0 400\r\n\r\n')], 'L7TOUT  '],
  ['silence', [], 'L7TOUT  '],
  ['something before PONG', ['ask', text('hello\r\n+PONG\r\n')], 'L7OK 0 Redis server is ok'],
  ['a reset', ['ask', 'reset'], 'SOCKERR  Connection reset by peer'],
)

for (const check of ['smtpchk', 'smtpchk EHLO mydomain.org'])
  about(
    check,
    [
      'all well',
      [text('220 hi ESMTP\r\n'), 'ask', text('250-hi\r\n250 SIZE\r\n'), 'ask', text('221 bye\r\n'), 'close'],
      'L7OK 221 bye',
    ],
    [
      'a short answer',
      [text('220 hi ESMTP\r\n'), 'ask', text('250 hi\r\n'), 'ask', text('221 bye\r\n'), 'close'],
      'L7OK 221 bye',
    ],
    ['no service', [text('554 no service\r\n'), 'close'], 'L7STS 554 no service'],
    ['busy', [text('421 busy\r\n')], 'L7STS 421 busy'],
    ['a refusal', [text('220 hi\r\n'), 'ask', text('500 what\r\n')], 'L7TOUT  '],
    ['a banner of two lines', [text('220-one\r\n220 two\r\n'), 'ask', text('250 a\r\n')], 'L7RSP  220-one'],
    [
      'the end behind QUIT',
      [text('220 hi\r\n'), 'ask', text('250 ok\r\n'), 'ask', 'close'],
      'L7STS 0 TCPCHK got an empty response at step 7',
    ],
    ['QUIT refused', [text('220 hi\r\n'), 'ask', text('250 ok\r\n'), 'ask', text('500 no\r\n')], 'L7STS 500 no'],
    ['silence behind QUIT', [text('220 hi\r\n'), 'ask', text('250 ok\r\n'), 'ask'], 'L7TOUT  '],
    ['silence', [], 'L7TOUT  '],
    ['something else', [text('blah\r\n')], 'L7RSP  blah'],
    ['two digits', [text('22'), 'close'], 'L7RSP  22'],
    ['a banner without an end', [text('220')], 'L7TOUT  '],
    ['the end', ['close'], 'L7RSP  TCPCHK got an empty response at step 2'],
    ['another code', [text('220 hi\r\n'), 'ask', text('354 go\r\n')], 'L7TOUT  '],
    ['a banner without a blank', [text('220hi\r\n')], 'L7RSP  220hi'],
    ['a code of four digits', [text('220 hi\r\n'), 'ask', text('2500 ok\r\n')], 'L7TOUT  '],
  )

const reference = 'See RFC: http://tools.ietf.org/html/rfc4511#section-4.1.9'
about(
  'ldap-check',
  ['let in', ['ask', hex('300c02010161070a010004000400')], 'L7OK 0 '],
  ['let in, in the long form', ['ask', hex('3084000000100201016184000000070a010004000400')], 'L7OK 0 '],
  ['busy', ['ask', hex('300c02010161070a013304000400')], `L7STS 51 ${reference}`],
  ['refused', ['ask', hex('300c02010161070a013104000400')], `L7STS 49 ${reference}`],
  ['HTTP', ['ask', text('HTTP/1.0 400 Bad request here\r\n\r\n')], 'L7RSP  Not LDAPv3 protocol'],
  ['the end', ['ask', 'close'], 'L7RSP  TCPCHK got an empty response at step 2'],
  ['silence', [], 'L7TOUT  '],
  ['four bytes', ['ask', hex('300c0201')], 'L7TOUT  '],
  ['four bytes, then the end', ['ask', hex('300c0201'), 'close'], 'L7RSP  '],
  ['another number', ['ask', hex('300c02010261070a010004000400')], 'L7RSP  Not LDAPv3 protocol'],
  ['another answer', ['ask', hex('300c02010165070a010004000400')], 'L7RSP  Not LDAPv3 protocol'],
  ['no result', ['ask', hex('300c02010161070a020000000400')], 'L7RSP  Not LDAPv3 protocol'],
  [
    'a length of one more byte',
    ['ask', hex('30810c02010161070a010004000400')],
    'L7RSP  Not LDAPv3 protocol',
    { verdict: 'L7OK 0 ', why: 'BER lets a length stand so, and servers that do are well' },
  ],
  ['a reset', ['ask', 'reset'], 'SOCKERR  Connection reset by peer'],
)

about(
  'ssl-hello-chk',
  ['a hello', ['ask', hex('1603000031 0200002d0300')], 'L6OK  '],
  ['an alert', ['ask', hex('15030000020228'), 'close'], 'L6OK  '],
  ['the first byte of an alert, then the end', ['ask', hex('15'), 'close'], 'L6OK  '],
  ['HTTP', ['ask', text('HTTP/1.0 400')], 'L6RSP  '],
  ['the end', ['ask', 'close'], 'L6RSP  TCPCHK got an empty response at step 2'],
  ['silence', [], 'L6TOUT  '],
  ['one byte', ['ask', hex('16')], 'L6TOUT  '],
  ['four bytes', ['ask', hex('16030100')], 'L6TOUT  '],
  ['five bytes', ['ask', hex('1603010000')], 'L6OK  '],
)

// SPOP: frames have a length of four bytes.
const frame = (...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  const head = Buffer.alloc(4)
  head.writeUInt32BE(body.length)
  return Buffer.concat([head, body])
}
const hello = (version: string | undefined): Buffer =>
  frame(
    hex('65 00000001 0000'),
    version === undefined ? Buffer.alloc(0) : text(`\x07version\x08\x03${version}`),
    text('\x0emax-frame-size'),
    hex('03fcf006'),
    text('\x0ccapabilities\x08\0'),
  )
about(
  'spop-check',
  ['a hello', ['ask', hello('2.0')], 'L7OK 0 '],
  [
    'a goodbye',
    ['ask', frame(hex('66 00000001 0000'), text('\x0bstatus-code\x03\x04\x07message\x08\x03bad'))],
    'L7RSP  invalid frame received',
  ],
  ['HTTP', ['ask', text('HTTP/1.0 400 Bad\r\n\r\n')], 'L7TOUT  '],
  ['the end', ['ask', 'close'], 'L7RSP  TCPCHK got an empty response at step 2'],
  ['silence', [], 'L7TOUT  '],
  ['three bytes', ['ask', hex('000000')], 'L7TOUT  '],
  ['a reset', ['ask', 'reset'], 'SOCKERR  Connection reset by peer'],
  ['no version', ['ask', hello(undefined)], 'L7RSP  version value not found'],
  ['version 3', ['ask', hello('3.0')], 'L7RSP  unsupported version'],
)

export const protocolCases: readonly ProtocolCase[] = cases
