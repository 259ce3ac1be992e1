/** Cases of what lies at the edges of several words: counts and lengths in logs, dotted numbers, cookies without a value, targets with a host. */
import type { LanguageCase } from '../case.js'

const LOG = (format: string): readonly string[] => [`log-format '${format}'`, 'log {log} local0']

const get = (target: string, fields = ''): string => `GET ${target} HTTP/1.1\r\nHost: www.example.com\r\n${fields}\r\n`

const dotted = (condition: string): LanguageCase => ({
  name: `dotted: ${condition}`,
  covers: [],
  condition: `{ ${condition} }`,
})

const setCookie = (name: string, lines: readonly string[]): readonly LanguageCase[] =>
  ['res.cook_val(a)', 'res.cook_val', 'res.cook(a)', 'res.cook_cnt(a)'].map((expression) => ({
    name: `${expression}: ${name}`,
    covers: [],
    expression,
    at: 'response' as const,
    origin: `HTTP/1.1 200 OK\r\nContent-Length: 0\r\n${lines.map((line) => `Set-Cookie: ${line}\r\n`).join('')}\r\n`,
  }))

const target = (rule: string, sent: string, sees: LanguageCase['sees'] = ['server']): LanguageCase => ({
  name: `${rule} of ${sent}`,
  covers: [],
  frontend: [rule],
  send: get(sent),
  sees,
})

const query = (length: number): LanguageCase => ({
  name: `%HQ of ${length} bytes`,
  covers: [],
  frontend: ["log-format '%HQ %HP'", 'log {log} len 8192 local0', 'http-request return status 200'],
  send: get(`/p?${'q'.repeat(length)}`),
  sees: ['log'],
})

const many = (name: string, count: number, fields: string): LanguageCase => ({
  name: `${count} fields ${name}`,
  covers: [],
  global: ['tune.http.maxhdr 20'],
  frontend: [...LOG('%ST %tsc'), 'http-request return status 200 if { path /own }'],
  send: get('/', Array.from({ length: count }, (_, at) => `X-${at}: 1\r\n`).join('') + fields),
  sees: ['log'],
})

const answers = (name: string, count: number, fields: string): LanguageCase => ({
  name: `${count} fields of an answer ${name}`,
  covers: [],
  global: ['tune.http.maxhdr 20'],
  frontend: LOG('%ST %tsc'),
  origin: `HTTP/1.1 200 OK\r\nContent-Length: 0\r\n${Array.from({ length: count }, (_, at) => `X-${at}: 1\r\n`).join('')}${fields}\r\n`,
  sees: ['log'],
})

export const cases: readonly LanguageCase[] = [
  ...[
    'int(65538) ge 1.2',
    'int(65538) gt 1.2',
    'int(65537) ge 1.2',
    'int(65538) 1.2',
    'int(65538) 1.1:1.3',
    'int(65538) le 1.2',
    'int(65538) ge 1.2.3',
    'int(65538) eq 1.2',
    'int(1) ge 1.',
    'int(1) ge .1',
    'int(65538) ge -1.2',
    'int(5) 1.1:',
  ].map(dotted),
  ...setCookie('a name alone', ['a']),
  ...setCookie('behind a name alone', ['b', 'a=5']),
  ...setCookie('behind a name alone with attributes', ['b; Path=/', 'a=5']),
  ...setCookie('before a name alone', ['a=5', 'a']),
  ...setCookie('a name alone, then a comma', ['b, a=7']),
  ...[100, 1016, 1017, 1500].map(query),
  target('http-request replace-uri (.*) http://other.example.org\\1', '/x?y'),
  target('http-request replace-uri (.*) \\1z', 'http://abs.example.net/x?y'),
  target('http-request replace-uri http://([^/]*)(.*) http://new.example.net\\2', 'http://abs.example.net/x?y'),
  target('http-request replace-uri ^[^/]*//[^/]* /sub', 'http://www.example.com/x'),
  target('http-request set-uri http://other.example.org/a', '/x'),
  target('http-request set-uri http://other.example.org:81/a', '/x'),
  target('http-request set-uri /a', 'http://abs.example.net/x'),
  ...['return status 200', 'deny', 'redirect location /x', 'auth', 'reject', 'silent-drop', 'set-header x y'].flatMap(
    (rule) =>
      ['k=asked', 'a=1; k=asked; b=2'].flatMap((cookie) =>
        ['frontend', 'backend'].map(
          (side): LanguageCase => ({
            name: `%CC, ${rule} in the ${side}, ${cookie}`,
            covers: ['alias:%CC'],
            frontend: [
              ...LOG('%CC %CS %ST'),
              'capture cookie k len 10',
              ...(side === 'frontend' ? [`http-request ${rule}`] : []),
            ],
            backend: side === 'backend' ? [`http-request ${rule}`] : [],
            send: get('/', `Cookie: ${cookie}\r\n`),
            sees: ['log'],
            patience: 300,
          }),
        ),
      ),
  ),
  {
    name: '%CC of a forwarded request',
    covers: [],
    frontend: [...LOG('%CC %CS %ST'), 'capture cookie k len 10'],
    send: get('/', 'Cookie: k=asked\r\n'),
    origin: 'HTTP/1.1 200 OK\r\nSet-Cookie: k=given; path=/\r\nContent-Length: 0\r\n\r\n',
    sees: ['log'],
  },
  ...(['http-request', 'http-response'] as const).map(
    (set): LanguageCase => ({
      name: `%U and %B in ${set}`,
      covers: [],
      differs: 'for HAProxy nothing has come before a log line is written; here it is what has come so far',
      expect: 'HTTP/1.1 200 OK\ncontent-length: 2\nx-seen: 66-0\n[body, length] ok',
      frontend: [`${set} set-var-fmt(txn.seen) "%U-%B"`, 'http-after-response set-header x-seen %[var(txn.seen)]'],
      send: 'POST / HTTP/1.1\r\nHost: www.example.com\r\nContent-Length: 5\r\n\r\nhello',
      sees: ['answer'],
    }),
  ),
  ...[17, 18, 19, 20].flatMap((count) => [
    many('', count, ''),
    many('and close', count, 'Connection: close\r\n'),
    many('and keep-alive', count, 'Connection: keep-alive\r\n'),
    answers('', count, ''),
    answers('and close', count, 'Connection: close\r\n'),
  ]),
]
