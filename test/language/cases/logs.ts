/** Log lines: their formats, their variables, which transactions have one, and where they go. */
import type { LanguageCase } from '../case.js'

const send = 'GET /p?q=1 HTTP/1.1\r\nHost: x\r\nUser-Agent: me\r\n\r\n'

/** One log variable; its number, which belongs to the run, is masked. */
const timer = (name: string): LanguageCase => ({
  name: `the time ${name}`,
  covers: [`alias:%${name}`],
  frontend: [`log-format "<%${name}> %ST"`],
  sees: ['log'],
  mask: [[/<\d+>(?= \d)/, '<T>']],
})

const shown = (
  name: string,
  text: string,
  covers: readonly string[],
  more: Partial<LanguageCase> = {},
): LanguageCase => ({
  name,
  covers: [...covers, 'keyword:log-format'],
  frontend: [`log-format '${text}'`],
  sees: ['log'],
  send,
  ...more,
})

const option = (
  name: string,
  lines: readonly string[],
  covers: readonly string[],
  more: Partial<LanguageCase> = {},
): LanguageCase => ({
  name,
  covers,
  frontend: lines,
  sees: ['log'],
  send,
  ...more,
})

const dressed = (format: string, more: Partial<LanguageCase> = {}): LanguageCase => ({
  name: `dressed as ${format}`,
  covers: ['keyword:log'],
  frontend: [`log {log} format ${format} local3`, 'log-format "%ci %ST"'],
  sees: ['log'],
  mask: [[/haproxy \d+/, 'haproxy {pid}']],
  ...more,
})

const BAD = 'BAD\r\n\r\n'
const CLF_NUMBERS: readonly (readonly [RegExp, string])[] = [
  [/("" "" \{client-port\}) \d{3}/, '$1 ms'],
  [/(200|403|400) \d+ "" ""/, '$1 {bytes} "" ""'],
  [/("s1"|"<NOSRV>") (-1|\d+) (-1|\d+) (-1|\d+) (-1|\d+) \d+ /, '$1 times '],
  [/(----|PR--) \d+ \d+ \d+ \d+ /, '$1 busy '],
]

const captures = [
  'capture request header A len 32',
  'capture request header User-Agent len 4',
  'capture request header None len 4',
  'capture response header X-R len 10',
  'capture cookie C len 12',
]
const odd =
  'GET /c HTTP/1.1\r\nHost: x\r\nA: a"b#c{d|e}f\\g]h\tz\r\nUser-Agent: long one\r\nCookie: B=1; C=v1#x; D=2\r\n\r\n'
const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-R: r"|\x81\r\nSet-Cookie: C=new; path=/\r\n\r\nok'

const captured = (
  name: string,
  lines: readonly string[],
  covers: readonly string[],
  more: Partial<LanguageCase> = {},
): LanguageCase => ({
  name,
  covers,
  frontend: [...captures, ...lines],
  sees: ['log'],
  send: odd,
  origin: answer,
  ...more,
})

export const cases: readonly LanguageCase[] = [
  ...['Ta', 'Tc', 'Td', 'Th', 'Ti', 'Tq', 'TR', 'Tr', 'Tt', 'Tu', 'Tw'].map(timer),
  shown('dates of the acceptance', '[%T] [%Tl] [%t] %ST', ['alias:%T', 'alias:%Tl', 'alias:%t']),
  shown('dates of the request', '[%tr] [%trg] [%trl] %ST', ['alias:%tr', 'alias:%trg', 'alias:%trl']),
  shown('milliseconds and seconds', 'ms=%ms s=%Ts x=%{+X}Ts %ST', ['alias:%ms', 'alias:%Ts'], {
    mask: [[/ms=\d{3} s=\d{10} x=[0-9A-F]{8}/, 'numbers']],
  }),
  shown('bytes', 'B=%B U=%U', ['alias:%B', 'alias:%U'], {
    mask: [[/B=\d+ U=\d+/, 'bytes']],
  }),
  shown('the request', '%HM %HP %HPO %HQ %HU %HV %r %{+Q}r %ts', [
    'alias:%HM',
    'alias:%HP',
    'alias:%HPO',
    'alias:%HQ',
    'alias:%HU',
    'alias:%HV',
    'alias:%r',
  ]),
  shown('the request and nothing else', '%r', ['alias:%r'], {
    differs: 'HAProxy 2.6 writes the same line twice: when the request has come, and again with the response',
    expect: '[log] <134>{date} haproxy[{pid}]: GET /p?q=1 HTTP/1.1',
  }),
  shown(
    'places',
    '%b %f %ft %s %ci:%cp %fi:%fp %si:%sp bi=%bi %ST',
    [
      'alias:%b',
      'alias:%f',
      'alias:%ft',
      'alias:%s',
      'alias:%ci',
      'alias:%cp',
      'alias:%fi',
      'alias:%fp',
      'alias:%si',
      'alias:%sp',
      'alias:%bi',
    ],
    { mask: [[/bi=[\d.]+/, 'bi=address']] },
  ),
  shown('our own port', 'bp=%bp bi=%{+X}bi %ST', ['alias:%bp', 'alias:%bi'], {
    mask: [[/bp=\d+ bi=[0-9A-F]{8}/, 'ours']],
  }),
  shown('no server', '%s %si %sp %bi %bp %{+Q}si %b %ST %Tc', ['alias:%s', 'alias:%b'], {
    frontend: ["log-format '%s %si %sp %bi %bp %{+Q}si %b %ST %Tc'", 'http-request return status 200'],
  }),
  shown('how busy', 'ac=%ac fc=%fc bc=%bc sc=%sc', ['alias:%ac', 'alias:%fc', 'alias:%bc', 'alias:%sc'], {
    mask: [[/ac=\d+ fc=\d bc=\d+ sc=\d+/, 'numbers']],
  }),
  shown('retries and queues', '%rc %sq/%bq', ['alias:%rc', 'alias:%sq', 'alias:%bq']),
  // The one that refuses is first in turn.
  shown('a redispatch', '%b/%s %rc %ST %ts', ['alias:%rc'], {
    backend: ['balance roundrobin', 'retries 1', 'option redispatch', 'server gone 127.0.0.1:1', 'server s2 {server}'],
    patience: 5000,
  }),
  shown('a retry, and no redispatch', '%b/%s %rc %ST %ts', ['alias:%rc', 'keyword:retries'], {
    backend: ['balance roundrobin', 'retries 1', 'no option redispatch', 'server gone 127.0.0.1:1'],
    patience: 5000,
  }),
  shown('the end', '%ts %tsc %ST', ['alias:%ts', 'alias:%tsc', 'alias:%ST']),
  shown('the machine and the process', 'H=%H pid=%pid rt=%rt %ST', ['alias:%H', 'alias:%pid', 'alias:%rt'], {
    mask: [[/H=\w\S* pid=\d+ rt=\d+/, 'names']],
  }),
  shown('how many were logged', '%lc %ST', ['alias:%lc'], { send: [send, send] }),
  shown('nothing captured', '%hr %hs [%hrl] [%hsl] %CC %CS %ST', []),
  shown('blanks', ' a   %hr   %[var(txn.none)]  b ', []),
  shown('where a line comes from', '%OG %ST', ['alias:%OG'], {
    since: '3.2',
    expect: '[log] <134>{date} haproxy[{pid}]: txn_response 200',
  }),
  shown('a set variable', '%[var(txn.a)] %[capture.req.uri] %ST', [], {
    frontend: ['http-request set-var(txn.a) str(hello)', "log-format '%[var(txn.a)] %ST'"],
  }),
  shown('of TCP', '%ci %ft %b/%s %B %ts %rc %U %ST', ['alias:%B', 'alias:%U', 'alias:%ts'], {
    mode: 'tcp',
    send: 'hello',
    origin: 'hello yourself',
  }),

  option('nothing said', [], []),
  option('nothing said, and denied', ['http-request deny'], []),
  option('nothing said of TCP', [], [], { mode: 'tcp', send: 'x', origin: 'y' }),
  option('httplog', ['option httplog'], ['keyword:option httplog']),
  option('httplog of a denied request', ['option httplog', 'http-request deny'], ['keyword:option httplog']),
  option('httplog of a redirect', ['option httplog', 'http-request redirect location /'], ['keyword:option httplog']),
  option('httplog of what is no request', ['option httplog'], ['keyword:option httplog'], { send: BAD }),
  option('httplog of odd bytes', ['option httplog'], ['keyword:option httplog'], {
    send: 'GET /a%20b?c=%22 HTTP/1.1\r\nHost: x\r\n\r\n',
  }),
  option('httplog in TCP mode', ['option httplog'], ['keyword:option httplog'], {
    mode: 'tcp',
    send: 'x',
    origin: 'y',
    mask: [[/\d+\/\d+\/\d+ (?=1 )/, 'times ']],
  }),
  option('httplog clf', ['option httplog clf'], ['keyword:option httplog'], { mask: CLF_NUMBERS }),
  option('httplog clf of a denied request', ['option httplog clf', 'http-request deny'], ['keyword:option httplog'], {
    mask: CLF_NUMBERS,
  }),
  option('httplog clf of what is no request', ['option httplog clf'], ['keyword:option httplog'], {
    send: BAD,
    mask: CLF_NUMBERS,
  }),
  option('httpslog without TLS', ['option httpslog'], ['keyword:option httpslog']),
  option('tcplog', ['option tcplog'], ['keyword:option tcplog'], {
    mode: 'tcp',
    send: 'x',
    origin: 'yes',
    mask: [[/\d+\/\d+\/\d+ (?=3 )/, 'times ']],
  }),
  option('tcplog of HTTP', ['option tcplog'], ['keyword:option tcplog'], {
    mask: [
      [/\d+\/\d+\/\d+ \d+ --/, 'times {bytes} --'],
      [/\d\/\d\/\d\/\d\/0 0\/0/, 'busy'],
    ],
  }),
  option('tcplog clf', ['option tcplog clf'], ['keyword:option tcplog'], {
    since: '3.1',
    mode: 'tcp',
    send: 'x',
    origin: 'yes',
    mask: [
      [/"fe_[0-9a-f]+" "be_[0-9a-f]+"/, '"fe" "be"'],
      [/("" "" \{client-port\}) \d{3}/, '$1 ms'],
      [/("s1") \d+ \d+ \d+ \d+ /, '$1 times '],
      [/(----) \d+ \d+ \d+ \d+ /, '$1 busy '],
    ],
    expect:
      '[log] <134>{date} haproxy[{pid}]: 127.0.0.1 - - [{date}] "TCP " 000 3 "" "" {client-port} ms "fe" "be" "s1" times 1 ---- busy 0 0 0 "" "" ',
  }),
  option('the last format counts', ['option httplog', 'option tcplog', "log-format 'x %ST'"], ['keyword:log-format']),
  option(
    'structured data for rfc5424 only',
    ['log-format-sd \'[a@1 b="%ST"]\'', "log-format 'x %ST'"],
    ['keyword:log-format'],
  ),
  option(
    'structured data',
    ['log {log} format rfc5424 local0', 'log-format-sd \'[a@1 b="%ST"]\'', "log-format 'x %ST'"],
    ['keyword:log-format-sd'],
    { mask: [[/haproxy \d+/, 'haproxy {pid}']] },
  ),
  option('a format for faults', ["error-log-format 'E %ts %ci'", "log-format 'N %ts'"], ['keyword:error-log-format'], {
    send: BAD,
  }),
  option(
    'the same for a denied request',
    ["error-log-format 'E %ts %ci'", "log-format 'N %ts'", 'http-request deny'],
    [],
  ),

  option('logasap', ['option logasap', 'option httplog'], ['keyword:option logasap'], {
    mask: [
      [/200 \+\d+/, '200 +{bytes}'],
      [/ \d\/\d\/\d\/\d\/0 0\/0/, ' busy'],
    ],
  }),
  option('logasap of TCP', ['option logasap', 'option tcplog'], ['keyword:option logasap'], {
    mode: 'tcp',
    send: 'x',
    origin: 'yes',
    mask: [
      [/\d+\/\d+\/\+\d+ \+\d+/, 'T/T/+T +{bytes}'],
      [/ \d\/\d\/\d\/\d\/0 0\/0/, ' busy'],
    ],
  }),
  option('dontlog-normal', ['option dontlog-normal', 'option httplog'], ['keyword:option dontlog-normal'], {
    patience: 300,
  }),
  option('dontlog-normal and a denied request', ['option dontlog-normal', 'option httplog', 'http-request deny'], []),
  option(
    'dontlog-normal and a redirect',
    ['option dontlog-normal', 'option httplog', 'http-request redirect location /'],
    [],
    {
      patience: 300,
    },
  ),
  option('dontlog-normal and a 500', ['option dontlog-normal', 'option httplog'], [], {
    origin: 'HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n',
  }),
  option('no option', ['option dontlog-normal', 'no option dontlog-normal', "log-format 'x %ST'"], []),
  option(
    'errors apart',
    ['option log-separate-errors', "log-format 'x %ST %B'", 'http-request deny'],
    ['keyword:option log-separate-errors'],
    { mask: [[/403 \d+/, '403 {bytes}']] },
  ),
  option('errors apart and all is well', ['option log-separate-errors', "log-format 'x %ST'"], []),
  option(
    'errors apart and a 503',
    ['option log-separate-errors', "log-format 'x %ST'"],
    ['keyword:option log-separate-errors'],
    {
      origin: 'HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n',
    },
  ),
  option(
    'the level of a line',
    ["log-format 'x %ST'", 'http-request set-log-level emerg'],
    ['action:http-request set-log-level'],
  ),
  option(
    'the level before all',
    ["log-format 'x %ST'", 'option log-separate-errors', 'http-request set-log-level debug', 'http-request deny'],
    ['action:http-request set-log-level'],
  ),
  option(
    'silence',
    ["log-format 'x %ST'", 'http-request set-log-level silent'],
    ['action:http-request set-log-level'],
    {
      patience: 300,
    },
  ),
  option('an empty connection', ['option httplog'], [], { send: '', patience: 100 }),
  option(
    'an empty connection that is not told',
    ['option httplog', 'option dontlognull'],
    ['keyword:option dontlognull'],
    {
      send: '',
      patience: 100,
    },
  ),

  ...['local', 'rfc3164', 'rfc5424', 'priority', 'short', 'timed', 'iso', 'raw'].map((format) => dressed(format)),
  option('cut to a length', ['log {log} len 80 format short local0', "log-format '%ci %ST %r'"], ['keyword:log'], {
    send: `GET /${'a'.repeat(200)} HTTP/1.1\r\nHost: x\r\n\r\n`,
  }),
  option('a tag', ['log-tag me', "log-format 'x %ST'"], ['keyword:log-tag']),
  option('the least grave level', ['log {log} local0 notice', "log-format 'x %ST'"], ['keyword:log'], {
    patience: 300,
  }),
  option('the gravest level', ['log {log} local0 debug debug', "log-format 'x %ST'"], ['keyword:log']),
  option('a sample', ['log {log} sample 2:2 local0', "log-format 'x %ST %r'"], ['keyword:log'], {
    send: [send, 'GET /2 HTTP/1.1\r\nHost: x\r\n\r\n'],
  }),
  option('no log', ['log {log} local0', 'no log', "log-format 'x %ST'"], ['keyword:log'], { patience: 300 }),
  {
    name: 'log global',
    covers: ['global:log', 'global:log-tag', 'keyword:log'],
    global: ['log {log} local5', 'log-tag mine'],
    alone: true,
    frontend: ['log global', "log-format 'x %ST'"],
    sees: ['log'],
    mask: [[/(?:\[log\] <\d+>\{date\} mine\[\{pid\}\]: Proxy .*\n?)+/g, '']],
  },
  {
    name: 'the name of the machine',
    covers: ['global:log-send-hostname'],
    global: ['log-send-hostname box'],
    alone: true,
    frontend: ["log-format 'x %ST'"],
    sees: ['log'],
  },
  option('lines at every step', ["log-format '%OG %HM'", 'log-steps all'], ['keyword:log-steps'], {
    since: '3.1',
    expect: ['accept', 'request', 'connect', 'response', 'close']
      .map((step) => `[log] <134>{date} haproxy[{pid}]: txn_${step} GET`)
      .join('\n'),
  }),
  option('a line amid the rules', ["log-format '%OG %HM %B'", 'http-request do-log'], ['action:http-request do-log'], {
    since: '3.1',
    mask: [[/GET \d+/g, 'GET {bytes}']],
    expect:
      '[log] <134>{date} haproxy[{pid}]: http-req GET {bytes}\n[log] <134>{date} haproxy[{pid}]: txn_close GET {bytes}',
  }),
  {
    name: 'a profile',
    covers: ['section:log-profile', 'keyword:log'],
    since: '3.1',
    sections: "log-profile p-{id}\n log-tag other\n on close format 'P %ST'\n on any drop",
    frontend: ['log {log} profile p-{id} local0', "log-format 'x %ST %B'", 'http-request do-log'],
    sees: ['log'],
    expect: '[log] <134>{date} other[{pid}]: P 200',
  },
  {
    name: 'a line of JSON',
    covers: ['keyword:option httplog'],
    since: '9.9',
    frontend: ['option httplog json'],
    sees: ['log'],
    send: 'GET /json HTTP/1.1\r\nHost: x\r\n\r\n',
    mask: [[/.*"method":"GET","target":"\/json","version":"HTTP\/1\.1","status":200.*/s, 'as it should be']],
    expect: 'as it should be',
  },
  ...(
    [
      ['log without a facility', 'log 127.0.0.1', 'expects <address> and <facility>'],
      ['an unknown level', 'log 127.0.0.1 local0 loud', 'unknown optional log level'],
      ['a wrong range', 'log 127.0.0.1 sample 2-1:2 local0', 'wrong sample range'],
      ['ranges that overlap', 'log 127.0.0.1 sample 1,1:2 local0', 'ranges are overlapping'],
      ['a range beyond the size', 'log 127.0.0.1 sample 3:2 local0', 'greater or equal'],
      ['a length', 'log 127.0.0.1 len 79 local0', 'between 80 and 65535'],
      ['two words as a format', 'log-format a b', 'only one argument'],
      ['no format', 'log-format', 'expects an argument'],
      ['a word behind httplog', 'option httplog nope', "only supports 'clf'"],
    ] as const
  ).map(
    ([name, line, expect]): LanguageCase => ({
      name: `refused: ${name}`,
      covers: [],
      frontend: [line],
      sees: ['load'],
      expect,
    }),
  ),
  captured('captures in httplog', ['option httplog'], ['keyword:option httplog']),
  captured('captures in httplog clf', ['option httplog clf'], ['keyword:option httplog'], { mask: CLF_NUMBERS }),
  captured(
    'captures',
    ["log-format '%hr|%hs|%hrl|%hsl|%{+Q}hr %{+Q}hs %{+Q}hrl %{+Q}hsl %{+E}hr'"],
    ['alias:%hr', 'alias:%hs', 'alias:%hrl', 'alias:%hsl'],
  ),
  captured('captured cookies', ["log-format '%CC %CS %{+Q}CC %{+Q}CS %ST'"], ['alias:%CC', 'alias:%CS']),
  captured(
    'captures as expressions',
    ["log-format '%[capture.req.hdr(1)] %{+Q}[capture.res.hdr(0)] %[capture.req.hdr(2)] %ST'"],
    [],
  ),
  captured(
    'captures in a header',
    ["http-response set-header x-o '%hr|%hs|%CC|%[capture.req.hdr(0)]'"],
    ['alias:%hr'],
    {
      sees: ['answer'],
    },
  ),
  shown('a unique id', '%ID %{+Q}ID %ST', ['alias:%ID'], {
    frontend: ["unique-id-format '%{+X}o  %ci-%fi-%[path,length]'", "log-format '%ID %{+Q}ID %ST'"],
  }),
  shown('no unique id', '[%ID] %{+Q}ID %ST', []),
  shown('a long request', '%r %ts', ['alias:%r'], {
    frontend: ['log {log} len 8192 local0', "log-format '%r|%HV|%ts'"],
    send: `GET /?${'a'.repeat(1500)} HTTP/1.1\r\nHost: x\r\n\r\n`,
  }),
  ...(
    [
      ['without a limit of its own', undefined],
      ['a short one', 'tune.http.logurilen 100'],
      ['a long one', 'tune.http.logurilen 2000'],
    ] as const
  ).flatMap(([name, global]) =>
    [
      `/${'a'.repeat(1500)}?${'b'.repeat(900)}`,
      `/p?${'b'.repeat(1500)}`,
      `/${'a'.repeat(80)}`,
      `/${'"'.repeat(1200)}`,
    ].map(
      (target, index): LanguageCase => ({
        name: `requests that are too long to log: ${name}, ${index}`,
        covers: global === undefined ? ['alias:%r'] : ['global:tune.http.logurilen'],
        ...(global === undefined ? {} : { global: [global] }),
        frontend: ['log {log} len 16384 local0', "log-format '%r|%HM|%HU|%HP|%HPO|%HQ|%HV|%ts'"],
        send: `GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`,
        sees: ['log'],
      }),
    ),
  ),
  shown('no query', '%HQ|%{+Q}HQ|%{+E}HQ|%{+X}HQ|%{+Q}HP|%ts', ['alias:%HQ'], {
    send: 'GET /p HTTP/1.1\r\nHost: x\r\n\r\n',
  }),
  {
    name: 'a request that is too long for httplog',
    covers: ['global:tune.http.logurilen'],
    global: ['tune.http.logurilen 30'],
    frontend: ['option httplog', 'http-request deny'],
    send: `GET /${'a'.repeat(80)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    sees: ['log'],
  },
  ...(
    [
      ['http-response do-log', 'http-response', 'http-res'],
      ['http-after-response do-log', 'http-after-response', 'http-after-res'],
      ['tcp-request content do-log', 'tcp-request content', 'tcp-req-cont'],
      ['tcp-response content do-log', 'tcp-response content', 'tcp-res-cont'],
    ] as const
  ).map(
    ([name, set, step]): LanguageCase => ({
      name,
      covers: [`action:${set} do-log`],
      since: '3.1',
      frontend: ["log-format '%OG %ts'", ...(set.startsWith('tcp-res') ? [] : [`${set} do-log`])],
      backend: set.startsWith('tcp-res') ? [`${set} do-log`] : [],
      sees: ['log'],
      expect: `[log] <134>{date} haproxy[{pid}]: ${step} --\n[log] <134>{date} haproxy[{pid}]: txn_close --`,
    }),
  ),
  {
    name: 'a level that is ordered last',
    covers: ['action:http-after-response set-log-level'],
    since: '2.8',
    frontend: ["log-format 'x %ST'", 'http-request set-log-level debug', 'http-after-response set-log-level alert'],
    sees: ['log'],
    expect: '[log] <129>{date} haproxy[{pid}]: x 200',
  },
]
