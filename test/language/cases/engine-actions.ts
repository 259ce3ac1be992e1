/** Actions that tell how a transaction is carried out: hints, times, addresses, and how to end a connection. */
import type { LanguageCase } from '../case.js'

const HOST = 'Host: www.example.com\r\n'
const get = (path: string, fields = '', version = '1.1'): string =>
  `GET ${path} HTTP/${version}\r\n${HOST}${fields}\r\n`
const SILENT = ''

const hints: LanguageCase = {
  name: 'hints that follow each other go together',
  covers: ['action:http-request early-hint'],
  frontend: [
    'http-request early-hint link "</a>"',
    'http-request early-hint x-path "%[path]"',
    'http-request set-header x y',
    'http-request early-hint link "</c>"',
    'http-request early-hint link "</d>" if { path /d }',
    'http-request early-hint link "</e>"',
  ],
  backend: ['http-request early-hint link "</f>"'],
  send: get('/'),
}

const addresses = ['http-request set-header x-addresses "%[src]:%[src_port] %[dst]:%[dst_port]"']

const address = (name: string, rules: readonly string[], fields: string, covers: readonly string[]): LanguageCase => ({
  name,
  covers,
  frontend: ['option httplog', ...rules, ...addresses],
  backend: ['option forwardfor'],
  send: [get('/', fields), get('/second')],
  sees: ['server', 'log'],
})

const slow = (name: string, rules: readonly string[], covers: readonly string[], path = '/'): LanguageCase => ({
  name,
  covers,
  frontend: ['option httplog'],
  backend: rules,
  send: get(path),
  origin: SILENT,
  sees: ['answer', 'log'],
})

const SET_TIMEOUT = ['action:http-request set-timeout']

export const cases: readonly LanguageCase[] = [
  hints,
  { ...hints, name: 'a hint with a condition stands by itself', send: get('/d') },
  { ...hints, name: 'no hints for HTTP/1.0', send: get('/', '', '1.0') },
  {
    name: 'a refused request has had its hint',
    covers: ['action:http-request early-hint'],
    frontend: ['http-request early-hint link "</a>"', 'http-request deny'],
  },

  address('set-src', ['http-request set-src hdr(x-src)'], 'X-Src: 192.0.2.7\r\n', ['action:http-request set-src']),
  address('set-src to IPv6', ['http-request set-src hdr(x-src)'], 'X-Src: 2001:db8::7\r\n', [
    'action:http-request set-src',
  ]),
  address('set-src to what is no address', ['http-request set-src hdr(x-src)'], 'X-Src: nobody\r\n', [
    'action:http-request set-src',
  ]),
  address('set-src to a number', ['http-request set-src int(16909060)'], '', ['action:http-request set-src']),
  address('set-src-port', ['http-request set-src-port int(4711)'], '', ['action:http-request set-src-port']),
  address('set-src-port beyond 16 bits', ['http-request set-src-port int(65537)'], '', [
    'action:http-request set-src-port',
  ]),
  address('set-dst', ['http-request set-dst hdr(x-dst)'], 'X-Dst: 192.0.2.8\r\n', ['action:http-request set-dst']),
  address('set-dst-port', ['http-request set-dst-port hdr(x-port)'], 'X-Port: 99\r\n', [
    'action:http-request set-dst-port',
  ]),
  address('set-src for the connection', ['tcp-request connection set-src str(192.0.2.9)'], '', [
    'action:tcp-request connection set-src',
  ]),
  address('set-src for the session', ['tcp-request session set-src str(192.0.2.9)'], '', [
    'action:tcp-request session set-src',
  ]),
  address('set-src in content', ['tcp-request content set-src str(192.0.2.9) if { path / }'], '', [
    'action:tcp-request content set-src',
  ]),
  address(
    'set-dst and ports for the connection',
    [
      'tcp-request connection set-dst str(192.0.2.9)',
      'tcp-request connection set-dst-port int(7)',
      'tcp-request connection set-src-port int(8)',
    ],
    '',
    ['action:tcp-request connection set-dst', 'action:tcp-request connection set-dst-port'],
  ),
  {
    name: 'a server that is where the client wanted to go',
    covers: ['action:http-request set-dst'],
    frontend: ['http-request set-dst str(192.0.2.1)', 'http-request set-dst str(127.0.0.1)'],
    backend: ['server s1 0.0.0.0:{server-port}'],
    send: [get('/'), get('/second')],
    sees: ['answer'],
  },

  slow('set-timeout server', ['http-request set-timeout server 200ms'], SET_TIMEOUT),
  slow('set-timeout server by a question', ['http-request set-timeout server int(200)'], SET_TIMEOUT),
  slow(
    'set-timeout server by a question without an answer',
    ['timeout server 200ms', 'http-request set-timeout server hdr(x)'],
    SET_TIMEOUT,
  ),
  {
    name: 'set-timeout server in a frontend',
    covers: SET_TIMEOUT,
    frontend: ['http-request set-timeout server 1s'],
    sees: ['load'],
    expect: 'has no backend capability',
  },
  {
    name: 'set-timeout of something else',
    covers: SET_TIMEOUT,
    backend: ['http-request set-timeout check 1s'],
    sees: ['load'],
    expect: "'set-timeout' rule supports",
  },
  {
    name: 'set-timeout in the response',
    covers: ['action:http-response set-timeout'],
    since: '2.9',
    frontend: ["log-format '%ST %ts'"],
    backend: ['timeout server 9s', 'http-response set-timeout server 200ms'],
    send: get('/'),
    origin: 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf',
    sees: ['log'],
    expect: '[log] <134>{date} haproxy[{pid}]: 200 sD',
  },
  ...(['http-request', 'http-response'] as const).map(
    (set): LanguageCase => ({
      name: `${set} pause`,
      covers: [`action:${set} pause`],
      since: '2.8',
      frontend: ["log-format '%[var(txn.late)] %ts'"],
      backend: [
        `${set} set-var(txn.t) date(0,ms)`,
        `${set} pause 200ms`,
        `${set} pause int(100)`,
        `${set} pause int(0)`,
        `${set} set-var(txn.late) date(0,ms),sub(txn.t),div(100)`,
      ],
      send: get('/'),
      sees: ['log'],
      expect: '[log] <134>{date} haproxy[{pid}]: 3 --',
    }),
  ),
  {
    ...slow('set-timeout tarpit', [], SET_TIMEOUT),
    since: '3.0',
    mask: [
      [/ 500 \d+ - -/g, ' 500 {bytes} - -'],
      [/fe_[0-9a-f]{8}/g, '{frontend}'],
    ],
    frontend: ['option httplog', 'timeout tarpit 9s', 'http-request set-timeout tarpit 100ms', 'http-request tarpit'],
    sees: ['log'],
    expect:
      '[log] <134>{date} haproxy[{pid}]: 127.0.0.1:{client-port} [{date}] {frontend} {frontend}/<NOSRV> -1/T/-1/-1/T 500 {bytes} - - PT-- T/T/T/T/T 0/0 "GET / HTTP/1.1"',
  },

  {
    name: 'tarpit',
    mask: [[/ 429 \d+ - -/g, ' 429 {bytes} - -']],
    covers: ['action:http-request tarpit'],
    frontend: [
      'option httplog',
      'timeout tarpit 200ms',
      'http-request tarpit deny_status 429 if { path / }',
      'http-after-response set-header x-after yes',
    ],
    send: [get('/'), get('/second')],
    sees: ['answer', 'log'],
  },
  {
    name: 'reject',
    covers: ['action:http-request reject'],
    frontend: ['option httplog', 'http-request reject if { path / }'],
    send: [get('/second'), get('/')],
    sees: ['answer', 'log'],
  },
  ...(
    [
      ['http-request silent-drop', 'http'],
      ['tcp-request connection silent-drop', 'http'],
      ['tcp-request session silent-drop', 'http'],
      ['tcp-request content silent-drop', 'http'],
      ['tcp-request content silent-drop', 'tcp'],
    ] as const
  ).map(
    ([rule, mode]): LanguageCase => ({
      name: `${rule} in mode ${mode}`,
      covers: [`action:${rule}`],
      mode,
      frontend: [rule],
      differs: 'Node cannot hide from the client that its connection is closed',
      expect: '[closed]',
    }),
  ),
  ...(['http-response silent-drop', 'tcp-response content silent-drop'] as const).map(
    (rule): LanguageCase => ({
      name: rule,
      covers: [`action:${rule}`],
      frontend: ['option httplog'],
      backend: [rule],
      sees: ['log'],
    }),
  ),
  {
    name: 'silent-drop is said to be loud',
    covers: [],
    frontend: ['http-request silent-drop rst-ttl 5'],
    since: '2.8',
    sees: ['load'],
    expect: 'cannot hide that',
  },
  ...[
    'http-request set-tos 7',
    'http-request set-mark 7',
    'http-request set-nice 7',
    'http-request set-fc-tos 7',
    'http-request set-fc-mark 7',
    'http-request set-bc-tos 7',
    'http-request set-bc-mark 7',
  ].map(
    (rule): LanguageCase => ({
      name: `${rule} is said to do nothing`,
      covers: [],
      frontend: [`${rule} if { path / }`],
      ...(/[fb]c-/.test(rule) ? { since: '3.0' } : {}),
      sees: ['load'],
      expect: 'has no effect here',
    }),
  ),
  {
    name: 'a queue in order of priority',
    covers: ['action:http-request set-priority-class', 'action:http-request set-priority-offset'],
    frontend: ['http-request set-priority-class int(-7)', 'http-request set-priority-offset int(7)'],
    format: '%[prio_class] %[prio_offset]',
  },
  {
    name: 'no second try of a request',
    covers: [],
    frontend: ['http-request disable-l7-retry'],
  },
  {
    name: 'services in Lua are refused',
    covers: [],
    frontend: ['http-request use-service lua.something'],
    sees: ['load'],
    expect: 'write it in code: useService(',
  },
  {
    name: 'Lua is refused',
    covers: [],
    frontend: ['http-request lua.something'],
    sees: ['load'],
    expect: "write it in code: rule('name'",
  },
]
