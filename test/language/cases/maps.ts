/** Maps: the converters for each way to match with each output, and the actions that change maps. */
import type { LanguageCase } from '../case.js'

const get = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`

const INPUTS: Readonly<Record<string, string>> = {
  str: 'abc d\nabc later\nABC upper\nb   sp ace  \nempty\n  lead 1\n\xe9 e\n',
  beg: 'ab 1\nabc 2\na 3\nabc 4\nx 5\nxy 6\n',
  end: 'ab 1\nxab 2\nb 3\nzz 4\nz 5\n',
  sub: 'ab 1\nabc 2\nb 3\n',
  dir: 'b 1\na/b 2\n',
  dom: 'b 1\na.b 2\n',
  reg: '^a 1\na$ 2\n(.)(.)(.) x\\1y\\3\\0\\9\\\\z\n',
  int: '5 five\n1:10 ten\n7 seven\n:0 none\n20: big\n',
  ip: '10.0.0.0/8 a\n10.1.0.0/16 b\n10.1.0.0/16 b2\n0.0.0.0/0 z\n10.1.2.3 c\n2001:db8::/32 six\n::ffff:9.0.0.0/104 mapped\n9.0.0.0/8 nine\n1.2.3.4/255.0.255.0 odd\n',
}

const ASKED: Readonly<Record<string, readonly string[]>> = {
  str: [
    'str(abc)',
    'str(ABC)',
    'str(b)',
    'str(empty)',
    'str(lead)',
    'str(none)',
    'str()',
    'bin(e9)',
    'bin(61626300)',
    'var(txn.none)',
  ],
  beg: ['str(abcd)', 'str(abx)', 'str(ax)', 'str(xyz)', 'str(xq)', 'str(q)', 'str()', 'bin(616263)', 'method'],
  end: ['str(qab)', 'str(xab)', 'str(b)', 'str(zzz)', 'str(q)'],
  sub: ['str(abc)', 'str(xabcx)', 'str(bc)', 'str(q)'],
  dir: ['str(/a/b/c)', 'str(/b)', 'str(a/b)', 'str(q)'],
  dom: ['str(a.b.c)', 'str(x.b)', 'str(q)'],
  reg: ['str(abc)', 'str(ba)', 'str(xyz)', 'str(z)'],
  regm: ['str(abc)', 'str(ba)', 'str(xyz)', 'str(z)', 'str(xyzw)'],
  int: [
    'int(5)',
    'int(7)',
    'int(3)',
    'int(0)',
    'int(-9)',
    'int(11)',
    'int(25)',
    'int(9223372036854775807)',
    'str(5x)',
    'str(x)',
    'bool(true)',
    'ipv4(0.0.0.5)',
  ],
  ip: [
    'ipv4(10.1.2.3)',
    'ipv4(10.1.2.4)',
    'ipv4(10.2.0.0)',
    'ipv4(9.9.9.9)',
    'str(::ffff:9.9.9.9)',
    'str(::9.9.9.9)',
    'str(2002:909:909::1)',
    'str(2001:db8::1)',
    'str(1::1)',
    'str(x)',
    'int(167838211)',
    'ipv4(1.9.3.9)',
  ],
}

/** Every answer of one converter, each with a default and without. */
function caseOf(name: string, method: string, text: string, otherwise: string, since?: string): LanguageCase {
  const format = (ASKED[method] ?? []).map(
    (asked) => `%[${asked},${name}({dir}/m)];%[${asked},${name}({dir}/m,${otherwise})]`,
  )
  return {
    name,
    covers: [`converter:${name}`],
    format: format.join(' '),
    files: { m: text },
    ...(since === undefined ? {} : { since }),
  }
}

/** The same lines with other values. */
const valued = (text: string, value: (line: number) => string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line, index) => `${/^\s*(\S+)/.exec(line)?.[1]} ${value(index)}`)
    .join('\n')

const METHODS = ['str', 'beg', 'end', 'sub', 'dir', 'dom', 'reg', 'int', 'ip']

const KEYS: Readonly<Record<string, string>> = {
  str: 'abc;abc',
  beg: 'abc;abc',
  end: 'ab;ab',
  sub: 'ab;ab',
  dir: 'b;b',
  dom: 'b;b',
  reg: '^a;^a',
  int: '5;5',
  ip: '10.1.2.3;10.1.2.3',
}

export const cases: readonly LanguageCase[] = [
  ...METHODS.map((method) => caseOf(`map_${method}`, method, INPUTS[method] ?? '', 'def')),
  caseOf('map', 'str', INPUTS['str'] ?? '', ''),
  caseOf('map_regm', 'regm', INPUTS['reg'] ?? '', 'def'),
  ...METHODS.map((method) =>
    caseOf(
      `map_${method}_int`,
      method,
      valued(INPUTS[method] ?? '', (line) => `${line * 7 - 3}`),
      '-5',
    ),
  ),
  ...METHODS.map((method) =>
    caseOf(
      `map_${method}_ip`,
      method,
      valued(INPUTS[method] ?? '', (line) => `192.0.2.${line}`),
      '::1',
    ),
  ),
  ...METHODS.map(
    (method): LanguageCase => ({
      name: `map_${method}_key`,
      covers: [`converter:map_${method}_key`],
      format: `%[${ASKED[method]?.[0]},map_${method}_key({dir}/m)];%[${ASKED[method]?.[0]},map_${method}_key({dir}/m,x)] %[str(q!),map_${method}_key({dir}/m2,none)]`,
      files: {
        m: INPUTS[method] ?? '',
        m2: method === 'int' || method === 'ip' ? '9 a\n'.replace('9', method === 'ip' ? '9.9.9.9' : '9') : 'zzz a\n',
      },
      since: '2.9',
      expect: `${KEYS[method]} ${method === 'ip' ? '' : 'none'}`,
    }),
  ),
  {
    name: 'values that are integers, at their edges',
    covers: ['converter:map_str_int'],
    format: ['a', 'b', 'c', 'd', 'e', 'f', 'none'].map((key) => `%[str(${key}),map_str_int({dir}/m,1)]`).join(' '),
    files: { m: 'a 9223372036854775808\nb -9223372036854775809\nc +4\nd 00012\ne\nf -0\n' },
  },
  ...['b', '1.5', '0x10', '5 # c', '5k'].map(
    (value): LanguageCase => ({
      name: `no integer: ${value}`,
      covers: ['converter:map_str_int'],
      expression: 'str(a),map_str_int({dir}/m)',
      files: { m: `ok 1\na ${value}\n` },
      sees: ['load'],
      expect: `'${value}' is not an integer, at line 2`,
    }),
  ),
  ...['localhost', '1.2', '', '[::1]'].map(
    (value): LanguageCase => ({
      name: `no address: ${value}`,
      covers: ['converter:map_str_ip'],
      expression: 'str(a),map_str_ip({dir}/m)',
      files: { m: `a ${value}\n` },
      sees: ['load'],
      expect: `'${value}' is not an IP address, at line 1`,
    }),
  ),
  {
    name: 'a default that is no integer',
    covers: ['converter:map_str_int'],
    expression: 'str(a),map_str_int({dir}/m,x)',
    files: { m: '' },
    sees: ['load'],
    expect: "'x' is not an integer",
  },
  {
    name: 'a default that is no address',
    covers: ['converter:map_str_ip'],
    expression: 'str(a),map_str_ip({dir}/m,localhost)',
    files: { m: '' },
    sees: ['load'],
    expect: "'localhost' is not an IP address",
  },
  {
    name: 'a file that is not there',
    covers: ['converter:map'],
    expression: 'str(a),map({dir}/none)',
    sees: ['load'],
    expect: 'failed to open pattern file',
  },
  { name: 'no file at all', covers: ['converter:map'], expression: 'str(a),map()', sees: ['load'], expect: 'map' },
  {
    name: 'keys that are no networks',
    covers: ['converter:map_ip'],
    expression: 'src,map_ip({dir}/m)',
    files: { m: '10.1 x\n' },
    sees: ['load'],
    expect: "'10.1' is not a valid IPv4 or IPv6 address",
  },
  {
    name: 'bytes and addresses have no map of integers',
    covers: ['converter:map_int'],
    expression: 'bin(35),map_int({dir}/m)',
    files: { m: '5 x\n' },
    sees: ['load'],
    expect: 'cannot be applied',
  },
  {
    name: 'maps that may be missing, and those that never are files',
    covers: ['converter:map'],
    format: '%[str(a),map(opt@{dir}/none,x)] %[str(a),map(virt@{id},y)] %[str(a),map(file@{dir}/m,z)]',
    files: { m: 'a b\n' },
    since: '2.7',
    expect: 'x y b',
  },
  {
    name: 'set-map and del-map: every converter of the file sees them',
    covers: ['action:http-request set-map', 'action:http-request del-map'],
    frontend: [
      'http-request set-map({dir}/m) %[path] %[query] if { query -m found } !{ query -m str del }',
      'http-request del-map({dir}/m) %[path] if { query -m str del }',
      'http-request return status 200 content-type text/plain lf-string "%[path,map({dir}/m,none)] %[path,map_beg({dir}/m,none)]"',
    ],
    files: { m: '/abc one\n/b two\n' },
    send: [
      '/abc',
      '/abc?x',
      '/abc',
      '/abcd',
      '/new?v',
      '/new',
      '/newer',
      '/new?',
      '/new',
      '/abc?a%20b',
      '/abc?del',
      '/abc',
      '/new?del',
      '/new',
      '/none?del',
    ].map(get),
  },
  {
    name: 'set-map passes over values of another type',
    covers: ['action:http-request set-map', 'converter:map_str_int'],
    frontend: [
      'http-request set-map({dir}/m) %[path] %[query] if { query -m found }',
      'http-request return status 200 content-type text/plain lf-string "%[path,map_str_int({dir}/m,-1)] %[path,map_str({dir}/m,none)]"',
    ],
    files: { m: '/abc 1\n' },
    send: ['/abc', '/abc?x', '/abc?7', '/abc', '/new?8', '/new?q', '/n?q', '/n', '/n?9', '/n'].map(get),
  },
  {
    name: 'in the response',
    covers: ['action:http-response set-map', 'action:http-response del-map'],
    frontend: [
      'http-request return status 200 content-type text/plain lf-string "%[str(x),map({dir}/m,none)]" if { path / }',
      'http-response set-map({dir}/m) x %[res.hdr(x-set)] if { res.hdr(x-set) -m found }',
      'http-response del-map({dir}/m) x unless { res.hdr(x-set) -m found }',
    ],
    files: { m: '' },
    origin: [
      'HTTP/1.1 200 OK\r\nX-Set: one\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.1 200 OK\r\nX-Set: two words\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
    ],
    send: ['/', '/s', '/', '/s', '/', '/s', '/'].map(get),
  },
  {
    name: 'behind the response',
    covers: ['action:http-after-response set-map', 'action:http-after-response del-map'],
    frontend: [
      'http-after-response set-map({dir}/m) x %[status] if { status 201 }',
      'http-after-response del-map({dir}/m) x if { status 202 }',
      'http-request return status 201 if { path /set }',
      'http-request return status 202 if { path /del }',
      'http-request return status 200 content-type text/plain lf-string "%[str(x),map({dir}/m,none)]"',
    ],
    files: { m: '' },
    send: ['/', '/set', '/', '/del', '/'].map(get),
    since: '2.8',
    expect: [
      'HTTP/1.1 200 OK\ncontent-length: 4\ncontent-type: text/plain\n[body, length] none',
      'HTTP/1.1 201 Created\ncontent-length: 0\n[body, length] ',
      'HTTP/1.1 200 OK\ncontent-length: 3\ncontent-type: text/plain\n[body, length] 201',
      'HTTP/1.1 202 Accepted\ncontent-length: 0\n[body, length] ',
      'HTTP/1.1 200 OK\ncontent-length: 4\ncontent-type: text/plain\n[body, length] none',
    ].join('\n'),
  },
  {
    name: 'what set-map needs',
    covers: ['action:http-request set-map'],
    frontend: ['http-request set-map({dir}/m) a'],
    sees: ['load'],
    expect: 'expects exactly 2 arguments',
  },
]
