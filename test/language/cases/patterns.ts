/** Ways to match, flags, operators, files of patterns, and the actions that change them. */
import type { LanguageCase } from '../case.js'

/** What is asked, the words behind it, and whether another part of the manual's table is covered than the method named by `-m`. */
type Row = readonly [test: string, ...more: readonly string[]]

const get = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`

/** One case for a list of tests, each an ACL, all asked in one condition: those that hold, then those that do not. */
function together(name: string, covers: readonly string[], hold: Row, others: Row): LanguageCase {
  return {
    name,
    covers,
    frontend: [
      ...hold.map((test, index) => `acl y${index} ${test}`),
      ...others.map((test, index) => `acl n${index} ${test}`),
    ],
    condition: [...hold.map((_, index) => `y${index}`), ...others.map((_, index) => `!n${index}`)].join(' '),
  }
}

/** One case for each: what a load says. */
const refused = (test: string, covers: readonly string[], expect: string): LanguageCase => ({
  name: `refused: ${test}`,
  covers,
  frontend: [`http-request deny if { ${test} }`],
  sees: ['load'],
  expect,
})

const integers: readonly LanguageCase[] = [
  together(
    'integers, ranges and operators',
    ['match:int'],
    [
      'int(5) 5',
      'int(5) 05',
      'int(5) 3:',
      'int(5) :5',
      'int(5) 5:5',
      'int(9) 5-',
      'int(3) 3-9',
      'int(5) -- -5',
      'int(-7) eq -5',
      'int(3) eq -5',
      'int(-50) eq :-10',
      'int(5) 1 2 5',
      'int(5) lt 6 7',
      'int(5) ge 9 le 6',
      'int(5) ge 3',
      'int(5) le 5',
      'int(-5) lt 0',
      'int(5) eq ge 5',
      'int(5) lt 3:9',
      'int(5) gt 3:9',
      'int(0) eq -0',
    ],
    [
      'int(7) eq -5',
      'int(5) gt 5',
      'int(5) ge 3:4',
      'int(5) le 3:4',
      'int(10) ge 3:4',
      'int(-5) eq :-10',
      'int(2) 3-9',
      'int(3) 5-',
      'int(5) 3 eq',
      'int(5) eq',
      'int(5) --',
    ],
  ),
  together(
    'integers at the edges of 64 bits',
    ['match:int'],
    [
      'int(9223372036854775807) 9223372036854775807',
      'int(9223372036854775807) ge 9223372036854775807',
      'int(9223372036854775807) gt 9223372036854775806',
      'int(-9223372036854775808) :-9223372036854775807',
      'int(9007199254740993) 9007199254740993',
      'int(9007199254740993) gt 9007199254740992',
      'int(-9223372036854775808) lt 0',
    ],
    ['int(9007199254740993) 9007199254740992', 'int(-9223372036854775808) 9223372036854775807'],
  ),
  together(
    'what becomes an integer',
    ['match:int'],
    ['str(5x) -m int 5', 'str(x) -m int 0', 'bool(true) -m int 1', 'src -m int 2130706433', 'int(5) -m int -i -n 5'],
    ['str(-5) -m int 5', 'bool(false) -m int 1'],
  ),
  refused('int(5) 5x', ['match:int'], "'5x' is not a number"),
  refused('int(5) +5', ['match:int'], "'+5' is not a number"),
  refused('int(5) 5:3', ['match:int'], "'5:3' is not a valid number range"),
  refused('int(5) 3.1', ['match:int'], "'3.1' is not a number"),
  refused('int(5) gt 9223372036854775807', ['match:int'], 'is not a valid number range'),
  refused('int(5) 9223372036854775808', ['match:int'], 'is not a number'),
  refused('int(5) -5', ['flag:--'], "use '--' before any pattern beginning with a '-'"),
  refused('bin(35) -m int 5', ['match:int'], "matching method 'int' cannot be used with fetch keyword 'bin'"),
  refused('method -m int 5', ['match:int'], "matching method 'int' cannot be used with fetch keyword 'method'"),
  together(
    'lengths',
    ['match:len'],
    [
      'str(abc) -m len 3',
      'str(abc) -m len 2:4',
      'str(abc) -m len gt 2',
      'int(12345) -m len 5',
      'src -m len 9',
      'str() -m len 0',
    ],
    ['str(abc) -m len ge 4', 'bool(true) -m len 4', 'bin(000102) -m len 3', 'var(txn.none) -m len 0'],
  ),
  {
    name: 'a derived word of lengths',
    covers: ['match:len'],
    condition: '{ path_len 4 } !{ path_len lt 4 }',
    send: get('/abc'),
  },
]

const texts: readonly LanguageCase[] = [
  together(
    'equal texts',
    ['match:str', 'flag:-m'],
    [
      'str(abc) abc',
      'str(abc) -m str x abc',
      'src -m str 127.0.0.1',
      'int(-5) -m str -- -5',
      'bin(616263) -m str abc',
      'bin(6100) -m str a',
      'bool(true) -m str 1',
      'ipv6(::1) -m str ::1',
      'method -m str GET',
    ],
    ['str(abc) ABC', 'str(abc) ab', 'bool(true) -m str true', 'var(txn.none) -m str x', 'str(\xe9) \xc9', 'str() x'],
  ),
  together(
    'case is ignored for ASCII only',
    ['flag:-i', 'match:str', 'match:beg', 'match:end', 'match:sub', 'match:dir', 'match:dom'],
    [
      'str(aBc) -i AbC',
      'str(aBc) -m beg -i AB',
      'str(aBc) -m end -i bC',
      'str(aBc) -m sub -i B',
      'str(/aBc/) -m dir -i AbC',
      'str(x.aBc) -m dom -i AbC',
      'method -m str -i get',
      'bin(6100) -m str -i A',
    ],
    ['str(\xe9) -i \xc9', 'str(\xe9a) -m sub -i \xc9', 'method -i get', 'str(abc) x -i'],
  ),
  together(
    'beginnings',
    ['match:beg'],
    [
      'str(/api/x) -m beg /api/',
      'str(abc) -m beg x ab',
      'src -m beg 127.',
      'bin(6100) -m beg a',
      'method -m beg G',
      'str(abc) -m beg abc',
    ],
    ['str(/ap) -m beg /api', 'str(abc) -m beg b', 'var(txn.none) -m beg a'],
  ),
  together(
    'endings',
    ['match:end'],
    ['str(a.png) -m end .gif .png', 'src -m end .1', 'str(abc) -m end abc'],
    ['str(a.png?x) -m end .png', 'bin(610062) -m end b', 'str(c) -m end abc'],
  ),
  together(
    'parts',
    ['match:sub'],
    ['str(abcd) -m sub bc', 'str(abcd) -m sub x cd', 'int(12345) -m sub 34', 'str(abcd) -m sub abcd'],
    ['str(abcd) -m sub bd', 'bin(610062) -m sub b'],
  ),
  together(
    'directories',
    ['match:dir'],
    [
      'str(/a/b/c) -m dir b',
      'str(/a/b/c) -m dir a/b',
      'str(/a/b/c) -m dir /b/',
      'str(a?b) -m dir b',
      'str(b) -m dir b',
      'str(/) -m dir /',
    ],
    ['str(/ab/c) -m dir b', 'str(/a.b/c) -m dir b', 'str(ab) -m dir /'],
  ),
  together(
    'domains',
    ['match:dom'],
    [
      'str(http://www1.dc-eu.example.com:80/blah) -m dom dc-eu',
      'str(www.example.com) -m dom .example.',
      'str(a.b:80) -m dom 80',
      'str(a.b) -m dom b',
    ],
    ['str(http://www1.dc-eu.example.com:80/blah) -m dom eu', 'str(wwwexample.com) -m dom example'],
  ),
  together(
    'bytes as hexadecimal digits',
    ['match:bin'],
    [
      'str(abc) -m bin 616263',
      'str(abc) -m bin 61 616263',
      'bin(AbcD) -m bin abCD',
      'bin(00) -m bin 00',
      'src -m bin 7f000001',
      'method -m bin 474554',
      'int(97) -m bin 0000000000000061',
      'bin(61) -m bin -i 61',
    ],
    ['str(abc) -m bin 61', 'str(abc) -m bin ABCD', 'int(97) -m bin 61', 'bool(1) -m bin 01'],
  ),
  refused('str(a) -m bin 6', ['match:bin'], 'an even number of hex digits is expected'),
  refused('str(a) -m bin zz', ['match:bin'], "'z'"),
  refused('bin(61) 61', ['match:bin'], "matching method must be specified first (using '-m')"),
  together(
    'whether there is a value',
    ['match:found'],
    ['str() -m found', 'src -m found'],
    ['var(txn.none) -m found', 'req.hdr(x) -m found'],
  ),
  together(
    'yes or no',
    ['match:bool'],
    ['int(2) -m bool', 'int(-1) -m bool', 'str(1) -m bool', 'str(5x) -m bool', 'src -m bool', 'bool(true)'],
    ['int(0) -m bool', 'str(true) -m bool', 'str() -m bool', 'str(x) -m bool', 'bool(false)', 'var(txn.none) -m bool'],
  ),
  refused('bin(01) -m bool', ['match:bool'], "matching method 'bool' cannot be used with fetch keyword 'bin'"),
  refused('method -m bool', ['match:bool'], "matching method 'bool' cannot be used with fetch keyword 'method'"),
  refused('str(a) -m foo a', [], "unknown matching method 'foo'"),
  refused('str(a) -x a', [], "'-x' is not a valid ACL option"),
  refused('var(txn.x) a', [], "matching method must be specified first (using '-m')"),
  refused('str(a) -m reg (', ['match:reg'], "regex '(': missing closing parenthesis"),
  together(
    'no pattern at all',
    ['flag:--'],
    ['str(--) -- --', 'str(-i) -i -- -i', 'str(-f) x -f'],
    ['str(a) -m str --'],
  ),
]

const addresses: readonly LanguageCase[] = [
  together(
    'networks',
    ['match:ip'],
    [
      'ipv4(10.1.2.3) 10.0.0.0/8',
      'ipv4(10.1.2.3) 10.0.0.0/255.0.0.0',
      'ipv4(1.9.3.4) 1.2.3.0/255.0.255.0',
      'ipv4(1.2.3.4) 1.2.3.4/32',
      'ipv4(1.2.3.4) 0/0',
      'ipv4(1.2.3.4) 1.2.3.4/0.0.0.0',
      'ipv4(1.2.3.4) 5.6.7.8 1.2.3.4',
      'ipv4(10.0.0.1) 10.1',
      'ipv4(10.0.1.0) 10.256',
      'ipv4(8.0.0.1) 010.0.0.1',
      'ipv4(1.2.3.4) 16909060',
      'ipv6(2001:db8::1) 2001:db8::/32',
      'ipv6(::1) ::1/128',
      'ipv6(::1) ::/0',
      'ipv4(1.2.3.4) ::/0',
      'ipv4(1.2.3.4) ::ffff:1.2.3.4',
      'ipv6(::ffff:1.2.3.4) 1.2.3.4',
      'ipv6(::1.2.3.4) 1.2.3.4',
      'ipv6(2002:102:304::1) 1.2.3.4',
      'int(2130706433) -m ip 127.0.0.1',
      'str(1.2.3.4) -m ip 1.2.3.0/24',
      'str(1.2.3.4:80) -m ip 1.2.3.4',
      'ipv4(1.2.3.4) -n 1.2.3.4',
    ],
    [
      'ipv4(10.1.0.0) 10.1',
      'ipv4(1.2.3.4) ::1.2.3.4',
      'ipv4(11.0.0.0) 10.0.0.0/8',
      'str(x) -m ip 0/0',
      'ipv4(1.9.4.4) 1.2.3.0/255.0.255.0',
    ],
  ),
  ...[
    '1.2.3.4/',
    '1.2.3.4/33',
    '1.2.3.0/255.255.255',
    '1.2.3.4:80',
    '[::1]',
    '::1/129',
    '::1/ffff::',
    '256.1.1.1',
    '*',
    '4294967296',
  ].map((pattern) => refused(`src ${pattern}`, ['match:ip'], `'${pattern}' is not a valid IPv4 or IPv6 address`)),
  refused('src -n 10.1', ['flag:-n'], "'10.1' is not a valid IPv4 or IPv6 address"),
  refused('src -n localhost', ['flag:-n'], "'localhost' is not a valid IPv4 or IPv6 address"),
  refused('bool(1) -m ip 0.0.0.1', ['match:ip'], "matching method 'ip' cannot be used with fetch keyword 'bool'"),
]

const files: readonly LanguageCase[] = [
  {
    name: 'lines of a file',
    covers: ['flag:-f'],
    frontend: [
      'acl hit str(abc) -f {dir}/list',
      'acl kept str("def  ") -f {dir}/list',
      'acl sharp str("#yes") -f {dir}/list',
      'acl blank str("x y") -f {dir}/list',
      'acl miss str("#no") str(def) -f {dir}/list',
    ],
    condition: 'hit kept sharp blank !miss !{ str(def) -f {dir}/list } !{ str() -f {dir}/list }',
    files: { list: 'abc\n  def  \n#no\n #yes\n\n\t\nx y\r\nlast' },
  },
  {
    name: 'several files, words and flags between them',
    covers: ['flag:-f', 'flag:-i'],
    condition:
      '{ str(abc) -f {dir}/a -i -f {dir}/b word } !{ str(ABC) -f {dir}/a -i -f {dir}/b word } { str(DEF) -f {dir}/a -i -f {dir}/b word } { str(WORD) -f {dir}/a -i -f {dir}/b word }',
    files: { a: 'abc\n', b: 'def\n' },
  },
  {
    name: 'a file of expressions',
    covers: ['match:reg', 'flag:-f'],
    condition: '{ path_reg -f {dir}/r } !{ str(x) -m reg -f {dir}/r }',
    files: { r: '^/a.c$\n[0-9]+\n' },
    send: get('/abc'),
  },
  {
    name: 'a file of networks',
    covers: ['match:ip', 'flag:-f'],
    condition: '{ src -f {dir}/n } !{ ipv4(9.9.9.9) -f {dir}/n }',
    files: { n: '# ours\n10.0.0.0/8\n127.0.0.0/8\n' },
  },
  {
    name: 'a map as a list',
    covers: ['flag:-M', 'flag:-f'],
    condition:
      '{ str(abc) -M -f {dir}/m } { str(only) -M -f {dir}/m } { str(tab) -M -f {dir}/m } !{ str(def) -M -f {dir}/m }',
    files: { m: 'abc def\nonly\n  tab\tvalue\n' },
  },
  {
    name: 'an id for the runtime API',
    covers: ['flag:-u'],
    condition: '{ path -u 4711 /x } !{ path -u 4712 /y }',
    send: get('/x'),
  },
  refused('path -u x /a', ['flag:-u'], 'the argument of -u must be an integer'),
  {
    name: 'an id is one only',
    covers: ['flag:-u'],
    frontend: ['acl a path -u 99 /a', 'acl b path -u 99 /b'],
    sees: ['load'],
    expect: 'is already used',
  },
  refused('path -f {dir}/none', ['flag:-f'], 'failed to open pattern file'),
  refused('path -f', ['flag:-f'], '-f'),
  {
    name: 'a fault in a file names its line',
    covers: ['flag:-f'],
    frontend: ['acl a src -f {dir}/n'],
    files: { n: '1.2.3.4\nbogus\n' },
    sees: ['load'],
    expect:
      "'bogus' is not a valid IPv4 or IPv6 address: write 192.0.2.1, 10.0.0.0/8, 10.0.0.0/255.0.0.0 or fd00::/8, at line 2",
  },
  {
    name: 'a method behind a file',
    covers: ['flag:-f'],
    frontend: ['acl a path -f {dir}/l -m reg'],
    files: { l: 'a\n' },
    sees: ['load'],
    expect: "'-m' must only be specified before patterns and files",
  },
  {
    name: 'a file has one number of columns',
    covers: ['flag:-M'],
    frontend: ['acl a path -M -f {dir}/m', 'acl b path -f {dir}/m'],
    files: { m: 'a b\n' },
    sees: ['load'],
    expect: 'is already used as two column file',
  },
  {
    name: 'files that may be missing, and those that never are',
    covers: ['flag:-f'],
    condition: '{ str(a) -f file@{dir}/l } !{ str(a) -f opt@{dir}/none } !{ str(a) -f virt@none }',
    files: { l: 'a\n' },
    since: '2.7',
    expect: 'yes',
  },
]

const changes: readonly LanguageCase[] = [
  {
    name: 'add-acl and del-acl: every ACL of the file sees them',
    covers: ['action:http-request add-acl', 'action:http-request del-acl'],
    frontend: [
      'acl exact path -f {dir}/l',
      'acl nocase path -i -f {dir}/l',
      'acl begins path_beg -f {dir}/l',
      'http-request add-acl({dir}/l) %[path] if { query -m str add }',
      'http-request del-acl({dir}/l) %[path] if { query -m str del }',
      'http-request return status 200 content-type text/plain string exact if exact',
      'http-request return status 200 content-type text/plain string nocase if nocase',
      'http-request return status 200 content-type text/plain string begins if begins',
      'http-request return status 200 content-type text/plain string none',
    ],
    files: { l: '/abc\n' },
    send: ['/q', '/q?add', '/q', '/Q', '/qqq', '/q?add', '/q?del', '/q', '/abc?del', '/abc'].map(get),
  },
  {
    name: 'add-acl passes over what is no network',
    covers: ['action:http-request add-acl', 'action:http-request del-acl'],
    frontend: [
      'acl ours src -f {dir}/n',
      'http-request add-acl({dir}/n) %[query]/8 if { path /add }',
      'http-request del-acl({dir}/n) %[query] if { path /del }',
      'http-request return status 200 content-type text/plain string hit if ours',
      'http-request return status 200 content-type text/plain string miss',
    ],
    files: { n: '1.2.3.4\n' },
    send: ['/', '/add?bogus', '/add?127.0.0.0', '/del?127.0.0.1', '/', '/del?127.0.0.0/8', '/'].map(get),
  },
  {
    name: 'in the response',
    covers: ['action:http-response add-acl', 'action:http-response del-acl'],
    frontend: [
      'acl known str(x) -f {dir}/l',
      'http-request return status 200 content-type text/plain string known if known { path / }',
      'http-request return status 200 content-type text/plain string unknown if { path / }',
      'http-response add-acl({dir}/l) %[res.hdr(x-add)] if { res.hdr(x-add) -m found }',
      'http-response del-acl({dir}/l) x unless { res.hdr(x-add) -m found }',
    ],
    files: { l: '' },
    origin: [
      'HTTP/1.1 200 OK\r\nX-Add: x\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
    ],
    send: ['/', '/s', '/', '/s', '/'].map(get),
  },
  {
    name: 'a file between the parentheses',
    covers: ['action:http-request add-acl'],
    frontend: ['http-request add-acl x'],
    sees: ['load'],
    differs: 'HAProxy takes a name that is missing for an empty one',
    expect: 'expects the name of a file between parentheses',
  },
  {
    name: 'what add-acl needs',
    covers: ['action:http-request add-acl'],
    frontend: ['http-request add-acl({dir}/l)'],
    sees: ['load'],
    expect: 'expects exactly 1 argument',
  },
]

const names: readonly LanguageCase[] = [
  {
    name: 'lines of one name are an or, with different fetches and methods',
    covers: ['keyword:acl'],
    frontend: ['acl x path /a', 'acl x path_end .png', 'acl x src 10.0.0.0/8', 'acl x hdr(x-in) -m found'],
    condition: 'x',
    send: get('/b.png'),
  },
  {
    name: 'and, or, not, and anonymous ones',
    covers: ['keyword:acl'],
    frontend: ['acl x path /a', 'acl y path_beg /b'],
    condition: 'x !{ src 10.0.0.0/8 } || !x y { method GET } or FALSE',
    send: get('/bc'),
  },
  {
    name: 'none of the lines',
    covers: ['keyword:acl'],
    frontend: ['acl x path /a', 'acl x path_end .png'],
    condition: 'x or !TRUE',
    send: get('/b'),
  },
  {
    name: 'something has come',
    covers: ['keyword:acl'],
    mode: 'tcp',
    frontend: ['tcp-request inspect-delay 1s', 'tcp-request content reject unless REQ_CONTENT'],
    send: 'anything',
    origin: 'something',
  },
  { name: 'two marks of exclamation', covers: ['keyword:acl'], condition: '!!{ path /a } ! ! TRUE', send: get('/a') },
]

const asked: readonly LanguageCase[] = [
  {
    name: 'whether ACLs hold, as a value',
    covers: ['fetch:acl'],
    frontend: ['acl a path /a', 'acl b query -m found'],
    format: '%[acl(a)] %[acl(b)] %[acl(a,b)] %[acl(!b)] %[acl(a,!b)]',
    send: get('/a'),
    since: '3.1',
    expect: '1 0 0 1 1',
  },
  {
    name: 'whether ACLs hold that everybody knows',
    covers: ['fetch:acl'],
    frontend: ['acl METH_POST path /a'],
    format:
      '%[acl(TRUE)] %[acl(FALSE)] %[acl(!METH_GET,TRUE)] %[acl(METH_GET,HTTP_1.1)] %[acl(LOCALHOST)] %[acl(METH_POST)]',
    send: get('/a'),
    since: '3.1',
    expect: '1 0 0 1 1 1',
  },
]

const predefined: readonly LanguageCase[] = [
  {
    name: 'what a GET is',
    covers: ['keyword:acl'],
    condition:
      'TRUE !FALSE HTTP HTTP_1.1 !HTTP_1.0 HTTP_URL_SLASH !HTTP_URL_ABS !HTTP_URL_STAR LOCALHOST METH_GET !METH_HEAD !METH_POST !HTTP_CONTENT WAIT_END',
    send: get('/'),
  },
  {
    name: 'what a POST is',
    covers: ['keyword:acl'],
    condition: 'METH_POST HTTP_CONTENT !METH_GET !HTTP_1.1 HTTP_1.0',
    send: 'POST / HTTP/1.0\r\nHost: x\r\nContent-Length: 1\r\n\r\na',
  },
  {
    name: 'a star',
    covers: ['keyword:acl'],
    condition: 'METH_OPTIONS HTTP_URL_STAR !HTTP_URL_SLASH',
    send: 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n',
  },
  {
    name: 'an absolute URL',
    covers: ['keyword:acl'],
    condition: 'HTTP_URL_ABS METH_DELETE !HTTP_URL_SLASH',
    send: 'DELETE http://x/ HTTP/1.1\r\nHost: x\r\n\r\n',
  },
  ...['PUT', 'TRACE', 'HEAD'].map(
    (method): LanguageCase => ({
      name: `a ${method}`,
      covers: ['keyword:acl'],
      frontend: [`http-request return status 404 if METH_${method}`],
      send: `${method} / HTTP/1.1\r\nHost: x\r\n\r\n`,
    }),
  ),
]

export const cases: readonly LanguageCase[] = [
  ...integers,
  ...texts,
  ...addresses,
  ...files,
  ...changes,
  ...names,
  ...asked,
  ...predefined,
]
