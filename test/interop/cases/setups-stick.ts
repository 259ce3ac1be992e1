/** Persistence by tables: who is sent where, and what tables remember of it; with cookies, `use-server`, failures, states of servers, several tables and rules. */

import type { CookieSetup, CookieStep } from '../support/cookie-trial.js'

const order = (text: string): CookieStep => ({ order: text })
/** A request with these fields, as in `k: 1`. */
const ask = (...fields: string[]): CookieStep => ({ fields })
const show = order('show table {be}')
const STRINGS = 'stick-table type string len 12 size 20 expire 10m'
const SERVERS = ['server s1 127.0.0.1:{1}', 'server s2 127.0.0.1:{2}', 'server s3 127.0.0.1:{3}']
const DEAD = ['server s1 127.0.0.1:{dead}', 'server s2 127.0.0.1:{2}']

const setup = (
  name: string,
  backend: readonly string[],
  steps: readonly CookieStep[],
  servers: readonly string[] = SERVERS,
): CookieSetup => ({ name, backend, servers, steps })

const usual = [ask('k: 1'), ask('k: 2'), ask('k: 1'), ask('k: 3'), ask('k: 2'), ask(), ask('k: 1'), ask('k:'), show]

const kinds: readonly CookieSetup[] = [
  setup('by address', ['stick-table type ip size 10 expire 10m', 'stick on src'], [ask(), ask(), ask(), show]),
  setup('by a field', [STRINGS, 'stick on hdr(k)'], usual),
  setup('by an integer', ['stick-table type integer size 10', 'stick on hdr(k)'], usual),
  setup(
    'by an address in a field',
    ['stick-table type ip size 10', 'stick on hdr_ip(k)'],
    [ask('k: 10.0.0.1'), ask('k: 10.0.0.2'), ask('k: 10.0.0.1'), ask('k: nonsense'), ask('k: ::1'), show],
  ),
  setup(
    'by IPv6',
    ['stick-table type ipv6 size 10', 'stick on hdr_ip(k)'],
    [ask('k: 10.0.0.1'), ask('k: ::1'), ask('k: 10.0.0.1'), ask('k: ::1'), show],
  ),
  setup(
    'by bytes',
    ['stick-table type binary len 3 size 10', 'stick on hdr(k),hex'],
    [ask('k: abcd'), ask('k: a'), ask('k: abcd'), show],
  ),
  setup(
    'keys that are cut',
    [STRINGS, 'stick on hdr(k)'],
    [ask('k: abcdefghijklmnop'), ask('k: abcdefghijklother'), ask('k: abc'), show],
  ),
  setup(
    'a converter',
    [STRINGS, 'stick on path,word(1,/),lower'],
    [{ path: '/One/a' }, { path: '/two/b' }, { path: '/ONE/c' }, show],
  ),
  setup('servers by their place', [`${STRINGS} srvkey addr`, 'stick on hdr(k)'], usual),
  setup(
    'a full table',
    ['stick-table type string size 2', 'stick on hdr(k)'],
    [ask('k: 1'), ask('k: 2'), ask('k: 3'), ask('k: 1'), ask('k: 2')],
  ),
]

const rules: readonly CookieSetup[] = [
  setup(
    'match alone',
    [STRINGS, 'stick match hdr(k)'],
    [
      order('set table {be} key x data.server_id 2'),
      order('set table {be} key y data.server_id 9'),
      ask('k: x'),
      ask('k: x'),
      ask('k: y'),
      ask('k: z'),
      ask('k: x'),
      show,
    ],
  ),
  setup('store alone', [STRINGS, 'stick store-request hdr(k)'], usual),
  setup(
    'a response is remembered',
    [STRINGS, 'stick store-response res.hdr(s)', 'stick match hdr(k)'],
    [
      { give: ['s: one'] },
      { give: ['s: two'] },
      ask('k: one'),
      ask('k: two'),
      { fields: ['k: two'], give: ['s: three'] },
      ask('k: three'),
      show,
    ],
  ),
  setup(
    'a response before its rules',
    [
      STRINGS,
      'stick store-response res.hdr(s)',
      'stick match hdr(k)',
      'http-response deny if { res.hdr(s) deny }',
      'http-response set-header s changed if { res.hdr(s) change }',
    ],
    [{ give: ['s: deny'] }, { give: ['s: change'] }, { give: ['s: plain'] }, ask('k: deny'), ask('k: change'), show],
  ),
  setup(
    'a key of the request and one of the response',
    [STRINGS, 'stick store-request hdr(k)', 'stick store-response res.hdr(s)'],
    [{ fields: ['k: one'], give: ['s: two'] }, { give: ['s: three'] }, show],
  ),
  setup(
    'the first key of a table counts',
    [STRINGS, 'stick on hdr(k)', 'stick on hdr(c)'],
    [ask('k: A', 'c: C'), ask('c: D'), ask('c: D'), ask('k: A', 'c: D'), ask('k: New', 'c: D'), show],
  ),
  setup(
    'the first match counts',
    [STRINGS, 'stick match hdr(k)', 'stick match hdr(c)'],
    [
      order('set table {be} key A data.server_id 1'),
      order('set table {be} key C data.server_id 3'),
      order('set table {be} key bad data.server_id 77'),
      ask('k: no', 'c: C'),
      ask('k: A', 'c: C'),
      ask('k: bad', 'c: C'),
      ask('k: bad', 'c: no'),
    ],
  ),
  setup(
    'conditions',
    [
      STRINGS,
      'acl never hdr(no) -m found',
      'stick match hdr(k) unless never',
      'stick store-request hdr(k) if { path_beg /in } !never',
      'stick store-response res.hdr(s) if { status 201 }',
    ],
    [
      ask('k: 1'),
      { path: '/in', fields: ['k: 1'] },
      ask('k: 1'),
      ask('k: 1', 'no: 1'),
      { path: '/in', fields: ['k: 2', 'no: 1'] },
      { give: ['s: 3'] },
      { give: ['s: 4'], status: '201 Created' },
      ask('k: 4'),
      show,
    ],
  ),
  setup(
    'two tables of two backends',
    [STRINGS, 'stick on hdr(k)', 'stick on hdr(c) table other'],
    [ask('k: 1', 'c: 2'), ask('k: 1'), ask('c: 2'), ask('k: 3', 'c: 2'), show, order('show table other')],
  ),
  setup(
    'names count before numbers',
    ['stick on hdr(k) table third'],
    [
      ask('k: 1'),
      ask('k: 2'),
      order('set table third key 3 data.server_id 3'),
      ask('k: 3'),
      ask('k: 1'),
      order('show table third'),
    ],
    ['server s3 127.0.0.1:{3} id 7', 'server s1 127.0.0.1:{1} id 3', 'server s2 127.0.0.1:{2}'],
  ),
]

const states: readonly CookieSetup[] = [
  setup(
    'drained and in maintenance',
    [STRINGS, 'stick on hdr(k)'],
    [
      ask('k: 1'),
      order('set server {be}/s1 state drain'),
      ask('k: 1'),
      ask('k: 2'),
      ask('k: 3'),
      order('set server {be}/s1 state maint'),
      ask('k: 1'),
      order('set server {be}/s1 state ready'),
      ask('k: 1'),
      show,
    ],
  ),
  setup(
    'weight 0',
    [STRINGS, 'stick on hdr(k)'],
    [ask('k: 1'), order('set weight {be}/s1 0'), ask('k: 1'), ask('k: 2'), ask('k: 1'), show],
  ),
  setup(
    'a dead server',
    [STRINGS, 'stick on hdr(k)', 'option redispatch', 'retries 1'],
    [order('set table {be} key x data.server_id 1'), ask('k: x'), ask('k: x'), show],
    DEAD,
  ),
  setup(
    'a dead server, and no other',
    [STRINGS, 'stick on hdr(k)', 'no option redispatch', 'retries 0'],
    [
      order('set table {be} key x data.server_id 1'),
      order('set table {be} key y data.server_id 2'),
      ask('k: x'),
      ask('k: y'),
      show,
    ],
    DEAD,
  ),
  setup(
    'option persist',
    [STRINGS, 'stick on hdr(k)', 'option persist', 'retries 0'],
    [order('set table {be} key x data.server_id 1'), order('disable server {be}/s1'), ask('k: x'), ask('k: new'), show],
    DEAD,
  ),
  setup(
    'force-persist',
    [STRINGS, 'stick on hdr(k)', 'force-persist if { path /force }', 'retries 0'],
    [
      order('set table {be} key x data.server_id 3'),
      order('disable server {be}/s3'),
      { path: '/force', fields: ['k: x'] },
      ask('k: x'),
      show,
    ],
  ),
  setup(
    'ignore-persist',
    [STRINGS, 'stick on hdr(k)', 'ignore-persist if { path /ignore }'],
    [
      ask('k: 1'),
      { path: '/ignore', fields: ['k: 1'] },
      { path: '/ignore', fields: ['k: 1'] },
      { path: '/ignore', fields: ['k: 2'] },
      ask('k: 1'),
      show,
    ],
  ),
  setup('servers that are not remembered', [STRINGS, 'stick on hdr(k)'], usual, [
    'server s1 127.0.0.1:{1}',
    'server s2 127.0.0.1:{2} non-stick',
    'server s3 127.0.0.1:{3} backup',
  ]),
  setup(
    'who gets no server is not remembered',
    [
      STRINGS,
      'stick on hdr(k)',
      'http-request return status 403 if { path /no }',
      'http-request deny if { path /deny }',
    ],
    [{ path: '/no', fields: ['k: 1'] }, { path: '/deny', fields: ['k: 2'] }, show],
  ),
  setup(
    'use-server goes first',
    [STRINGS, 'stick on hdr(k)', 'use-server s2 if { path /two }'],
    [ask('k: 1'), { path: '/two', fields: ['k: 1'] }, ask('k: 1'), show],
  ),
  setup(
    'cookies go first',
    [STRINGS, 'stick on hdr(k)', 'cookie SRV insert'],
    [
      ask('k: 1'),
      ask('k: 1'),
      { fields: ['k: 1'], cookies: ['SRV=b'] },
      ask('k: 1'),
      { fields: ['k: 1'], cookies: ['SRV=zz'] },
      show,
    ],
    ['server s1 127.0.0.1:{1} cookie a', 'server s2 127.0.0.1:{2} cookie b'],
  ),
  setup(
    'hashes go last',
    [STRINGS, 'stick on hdr(k)', 'balance hdr(h)'],
    [ask('k: 1', 'h: a'), ask('k: 1', 'h: b'), ask('k: 1', 'h: c'), ask('k: 2', 'h: c'), show],
  ),
]

/** All of them; the last are the tables that others name. */
export const stickSetups: readonly CookieSetup[] = [...kinds, ...rules, ...states]
/** Sections that only hold tables. */
export const sharedTables = `
backend other
  ${STRINGS}
backend third
  ${STRINGS}
`
