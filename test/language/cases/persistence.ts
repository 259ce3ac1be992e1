/** Cases of what sends clients to the same server again, of one request each: which server it reaches, what it sees, what the client is told, and what is logged. */
import type { LanguageCase } from '../case.js'

const request = (cookie: string, path = '/'): string =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\n${cookie === '' ? '' : `Cookie: ${cookie}\r\n`}Connection: close\r\n\r\n`

const origin = (...fields: readonly string[]): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\nok`

/** Which of the servers is meant decides the port that is not listened on: only s2 can answer. */
const servers = ['server s1 {server} cookie a', 'server s2 {server} cookie b']
const told = { frontend: ['log-format "%b/%s %ST %tsc %CC %CS"', 'log {log} local0'] } as const
const sees = ['answer', 'server', 'log'] as const

const setCookie = 'Set-Cookie: SRV=v; path=/x'

const modes: readonly LanguageCase[] = [
  'insert',
  'insert indirect',
  'insert preserve',
  'rewrite',
  'prefix',
  '',
  'indirect',
].flatMap((mode) =>
  ['', 'SRV=b', 'x=1; SRV=zz', 'SRV=b~v; y=1'].map((cookie) => ({
    name: `cookie ${mode}: '${cookie}'`,
    covers: ['keyword:cookie', 'server:cookie'],
    ...told,
    backend: [`cookie SRV ${mode}`, ...servers],
    send: request(cookie),
    origin: origin(setCookie),
    sees,
  })),
)

const attributes: LanguageCase = {
  name: 'attributes',
  covers: ['keyword:cookie'],
  ...told,
  backend: ['cookie SRV insert nocache httponly secure domain .x.org domain y.org attr SameSite=Lax', ...servers],
  send: request(''),
  origin: origin('ETag: x'),
  sees,
}

const down = ['server s1 {server} cookie a', 'server s2 {server} cookie b disabled']

const inOrder = (first: string, second: string, turned: boolean): readonly string[] =>
  turned ? [second, first] : [first, second]

const states: readonly LanguageCase[] = [
  {
    name: 'a server in maintenance',
    covers: ['server:cookie'],
    ...told,
    backend: ['cookie SRV insert', ...down],
    send: request('SRV=b'),
    sees,
  },
  {
    name: 'option persist',
    covers: ['keyword:option persist'],
    ...told,
    backend: ['cookie SRV insert', 'option persist', ...down],
    send: request('SRV=b'),
    sees,
  },
  {
    name: 'no option persist',
    covers: [],
    ...told,
    defaults: ['option persist'],
    backend: ['cookie SRV insert', 'no option persist', ...down],
    send: request('SRV=b'),
    sees,
  },
  ...['if { path /f }', 'unless { path /f }'].map((condition) => ({
    name: `force-persist ${condition}`,
    covers: ['keyword:force-persist'],
    ...told,
    backend: ['cookie SRV insert', `force-persist ${condition}`, ...down],
    send: [request('SRV=b', condition.startsWith('if') ? '/f' : '/')],
    sees,
  })),
  ...['if { path /i }', 'unless { path / }'].map((condition) => ({
    name: `ignore-persist ${condition}`,
    covers: ['keyword:ignore-persist'],
    ...told,
    backend: ['cookie SRV insert', `ignore-persist ${condition}`, ...servers],
    send: request('SRV=b', '/i'),
    sees,
  })),
  ...['force-persist if { path /f }', 'force-persist if { path / }'].flatMap((force) =>
    [false, true].map(
      (last): LanguageCase => ({
        name: `${force}, ${last ? 'behind' : 'before'} ignore-persist`,
        covers: ['keyword:ignore-persist', 'keyword:force-persist'],
        ...told,
        backend: ['cookie SRV insert', ...inOrder(force, 'ignore-persist unless { path / }', last), ...down],
        send: [request('SRV=b', '/f'), request('SRV=b')],
        sees,
      }),
    ),
  ),
  {
    name: 'force-persist and use-server',
    covers: ['keyword:force-persist', 'keyword:use-server'],
    ...told,
    backend: ['use-server s2 if { path /f }', 'force-persist if { path /f }', ...down],
    send: request('', '/f'),
    sees,
  },
  {
    name: 'default-server',
    covers: ['server:cookie'],
    ...told,
    backend: ['cookie SRV insert', 'default-server cookie d', 'server s1 {server}'],
    send: request(''),
    sees,
  },
]

const refused: readonly LanguageCase[] = [
  ['cookie SRV insert rewrite', 'are incompatible'],
  ['cookie SRV rewrite indirect', 'are incompatible'],
  ['cookie SRV prefix preserve', "requires at least 'insert' or 'indirect'"],
  ['cookie SRV insert maxidle x', 'unexpected character'],
  ['cookie SRV insert attr a;b', 'is not permitted'],
  ['cookie SRV bogus', "got 'bogus'"],
  ['cookie', 'expects <cookie_name>'],
].map(([line = '', expect = '']) => ({
  name: line,
  covers: ['keyword:cookie'],
  backend: [line, 'server s1 {server}'],
  sees: ['load'],
  expect,
}))

const others: readonly LanguageCase[] = [
  ['persist', 'missing persist method', ''],
  ['persist foo', 'unknown persist method', ''],
  ['persist rdp-cookie(', 'requires an rdp cookie name', ''],
  ['ignore-persist', "requires either 'if' or 'unless'", 'keyword:ignore-persist'],
  ['force-persist', "requires either 'if' or 'unless'", 'keyword:force-persist'],
  ['option persist x', 'cannot handle unexpected argument', 'keyword:option persist'],
  ['dynamic-cookie-key', 'expects <secret_key>', ''],
].map(([line = '', expect = '', covers = '']) => ({
  name: line,
  covers: covers === '' ? [] : [covers],
  backend: [line, 'server s1 {server}'],
  sees: ['load'],
  expect,
}))

/** A connection request of a remote desktop client. Its routing token names 127.0.0.1 and a port. */
function connectionRequest(token: string): string {
  const cookie = `Cookie: msts=${token}\r\n`
  const length = 11 + cookie.length
  return `\x03\x00${String.fromCharCode(length >> 8, length & 255)}${String.fromCharCode(length - 5)}\xe0\x00\x00\x00\x00\x00${cookie}`
}

/** 16777343 is 127.0.0.1, 256 is port 1, where nobody listens: who gets there fails. Without a token that fits, nobody does. */
const tokens = [
  ...[
    '16777343.256.0000',
    '16777343.256.',
    '16777343.256',
    '16777343.256x.0',
    '16777343x.256.0',
    '16777343 .256.0',
    ' 16777343.256.0',
  ],
  ...[
    '016777343.0256.0',
    '4311744639.256.0',
    '16777343.65792.0',
    '+16777343.+256.0',
    '-16777343.256.0',
    '16777344.256.0',
    '16777343.257.0',
  ],
  ...['', 'foo', '..', '16777343.256.0;x=1', `${'9'.repeat(400)}.256.0`],
]

const rdp: readonly LanguageCase[] = tokens.map((token) => ({
  name: `persist rdp-cookie: '${token.slice(0, 30)}'`,
  covers: ['keyword:persist rdp-cookie'],
  mode: 'tcp',
  frontend: [
    'tcp-request inspect-delay 2s',
    'tcp-request content accept if RDP_COOKIE',
    'log-format "%b/%s %ts"',
    'log {log} local0',
  ],
  backend: ['persist rdp-cookie', 'retries 0', 'server s1 {server}', 'server s2 127.0.0.1:1 weight 0'],
  send: connectionRequest(token),
  sees: ['log'],
}))

const named: readonly LanguageCase[] = ['msts', 'MSTS', 'other'].map((name) => ({
  ...(rdp[0] as LanguageCase),
  name: `persist rdp-cookie(${name})`,
  covers: [],
  backend: [`persist rdp-cookie(${name})`, 'retries 0', 'server s1 {server}', 'server s2 127.0.0.1:1 weight 0'],
}))

export const cases: readonly LanguageCase[] = [...modes, attributes, ...states, ...refused, ...others, ...rdp, ...named]
