/** Format strings: what is printed where, and what cannot be read. */
import type { LanguageCase } from '../case.js'

const send = 'GET /p?q=1 HTTP/1.1\r\nHost: x\r\nA: a"b\\c]d#e{f|g}\r\n\r\n'

/** The same text in each place that prints one. */
function everywhere(name: string, text: string, covers: readonly string[]): readonly LanguageCase[] {
  const quoted = `'${text.replaceAll("'", "'\\''")}'`
  return [
    { name: `${name}, in a body`, covers, format: text, send },
    {
      name: `${name}, in a header of the request`,
      covers,
      frontend: [`http-request set-header x-o ${quoted}`],
      sees: ['server'],
      send,
    },
    {
      name: `${name}, in a header of the response`,
      covers,
      frontend: [`http-response set-header x-o ${quoted}`],
      send,
    },
    {
      name: `${name}, in a header of an answer`,
      covers,
      frontend: [`http-request return status 200 content-type text/plain string a hdr x-o ${quoted}`],
      send,
    },
    {
      name: `${name}, in a redirect`,
      covers,
      frontend: [`http-request redirect location ${quoted}`],
      send,
    },
    {
      name: `${name}, in a variable`,
      covers,
      frontend: [`http-request set-var-fmt(txn.a) ${quoted}`],
      expression: 'var(txn.a)',
      send,
    },
    { name: `${name}, in a log`, covers, frontend: [`log-format ${quoted}`], sees: ['log'], send },
    {
      name: `${name}, in structured data`,
      covers,
      frontend: ['log {log} format rfc5424 local0', `log-format-sd ${quoted}`, 'log-format "%ci %ST"'],
      sees: ['log'],
      mask: [[/haproxy \d+/, 'haproxy {pid}']],
      send,
    },
  ]
}

const refused = (name: string, text: string, expect: string): LanguageCase => ({
  name,
  covers: [],
  frontend: [`http-request set-header x '${text}'`],
  sees: ['load'],
  expect,
})

export const cases: readonly LanguageCase[] = [
  ...everywhere('blanks', ' a  b %ci  c ', []),
  ...everywhere('quotes', '%{+Q}o%ci %{-Q}cp %r %[str(a)] %ST', ['alias:%o', 'alias:%ci']),
  ...everywhere('hexadecimal', '%{+X}ci %{+X}fi %{+X}[src] %{+X}ST', ['alias:%fi']),
  ...everywhere('what is missing', 'x %[var(txn.none)] y %{+Q}[var(txn.none)] z %[str()]', []),
  ...everywhere('bytes', '%[str(abc),hex] %[bin(61ff09)]', []),
  {
    name: 'a line feed in a body',
    covers: [],
    format: '%[bin(610a62)]',
  },
  {
    name: 'a line feed in a log',
    covers: [],
    frontend: ["log-format '%[bin(610a62)] %ST'"],
    sees: ['log'],
    differs: 'whoever can have a line feed logged could forge the next line',
    expect: '[log] <134>{date} haproxy[{pid}]: a#0Ab 200',
  },
  ...everywhere('a percent sign', '100%% %[path,length]%%'.replace('path', 'src'), []),
  { name: 'escapes', covers: [], format: '%{+E}[req.hdr(a)] %{+Q,+E}[req.hdr(a)]', send },
  {
    name: 'escapes in a variable',
    covers: [],
    frontend: ["http-request set-var-fmt(txn.a) '%{+E}[req.hdr(a)] %{+Q,+E}[req.hdr(a)]'"],
    expression: 'var(txn.a)',
    send,
  },
  { name: 'flags that are none', covers: [], format: '%{Q}ci %{+z}ci %{}ci' },
  { name: 'a sign that is none', covers: [], format: '%-ci %.x' },
  { name: 'the request', covers: ['alias:%HM', 'alias:%HU', 'alias:%HV'], format: '%HM %HU %HV', send },
  { name: 'parts of the target', covers: ['alias:%HP', 'alias:%HPO', 'alias:%HQ'], format: '%HP|%HPO|%HQ', send },
  {
    name: 'parts of an absolute target',
    covers: ['alias:%HP', 'alias:%HPO', 'alias:%HQ'],
    format: '%HP|%HPO|%HQ',
    send: 'GET http://x/a/b?c HTTP/1.1\r\nHost: x\r\n\r\n',
  },
  {
    name: 'no query',
    covers: ['alias:%HQ'],
    format: '%HP|%HPO|[%HQ]',
    send: 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n',
  },
  { name: 'the request line', covers: ['alias:%r'], format: '%r %{+Q}r', send },
  {
    name: 'the request stays what it was',
    covers: ['alias:%r', 'alias:%HU'],
    frontend: ['http-request set-path /changed', 'http-request set-method PUT'],
    format: '%r %HU %HM',
    send,
  },
  { name: 'names', covers: ['alias:%f', 'alias:%ft', 'alias:%b', 'alias:%s'], format: '%f %ft %b %s' },
  {
    name: 'names in the response',
    covers: ['alias:%b', 'alias:%s'],
    at: 'response',
    format: '%f %b %s %{+Q}s',
  },
  { name: 'addresses', covers: ['alias:%ci', 'alias:%fi', 'alias:%fp'], format: '%ci %fi %fp', from: '127.0.0.9' },
  { name: 'the port of the client', covers: ['alias:%cp'], format: '%cp' },
  {
    name: 'the address of the server',
    covers: ['alias:%si', 'alias:%sp'],
    at: 'response',
    format: '%si %sp %{+X}si',
  },
  { name: 'no server', covers: [], format: '[%si] [%sp] [%bi] [%bp] %{+Q}si' },
  {
    name: 'before there is an answer',
    covers: ['alias:%ST', 'alias:%ts', 'alias:%tsc', 'alias:%rc'],
    frontend: ["http-request set-header x-o '%ST %ts %tsc %rc %sq/%bq'"],
    sees: ['server'],
  },
  {
    name: 'the status in the response',
    covers: ['alias:%ST'],
    at: 'response',
    format: '%ST %{+Q}ST %{+X}ST',
    origin: 'HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n',
  },
  {
    name: 'times before there are any',
    covers: ['alias:%Tc', 'alias:%Td', 'alias:%Tr', 'alias:%Tw'],
    frontend: ["http-request set-header x-o '%Tc %Td %Tr %Tw'"],
    sees: ['server'],
  },
  refused('a percent sign at the end', 'a%', "truncated line after '%'"),
  refused('a percent sign before a blank', 'a% b', 'no variable can begin with'),
  refused('a variable that is none', '%cix', "did you mean '%ci'"),
  refused('an expression without end', '%[src', "without its ']'"),
  refused('flags without end', '%{+Q', "without its '}'"),
  refused('flags of nothing', '%{+Q} a', 'stands before nothing'),
  refused('no expression', '%[]', 'missing fetch method'),
  refused('an unknown converter', '%[src,nope]', "unknown converter 'nope'"),
  refused('a question of the response in the request', '%[status]', 'cannot be asked'),
  {
    name: 'a question of the request in a log',
    covers: [],
    frontend: ["log-format '%[path]'"],
    sees: ['load'],
    expect: 'cannot be asked',
  },
  {
    name: 'named items as JSON',
    covers: ['alias:%o'],
    since: '3.0',
    frontend: ["log-format '%{+json}o plain %(method)HM %(status)ST %(n:str)[int(3)] %(none)[var(txn.none)]'"],
    sees: ['log'],
    expect: '[log] <134>{date} haproxy[{pid}]: {"method":"GET","status":200,"n":"3","none":null}',
  },
  {
    name: 'named items as CBOR',
    covers: ['alias:%o'],
    since: '3.0',
    frontend: ["log-format '%{+cbor}o%(n)[int(3)]'"],
    sees: ['log'],
    expect: '[log] <134>{date} haproxy[{pid}]: A1616E03',
  },
  {
    name: 'one item as JSON',
    covers: [],
    since: '3.0',
    format: '{"a":%{+json}[req.hdr(a)],"b":%{+json}[int(-1)]}',
    send,
    expect: '{"a":"a\\"b\\\\c]d#e{f|g}","b":-1}',
  },
]
