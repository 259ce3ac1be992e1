/** Cases of variables: where they live and how long, the conditions under which they are set, what type they keep. */
import type { LanguageCase } from '../case.js'

const SETS = [
  'tcp-request connection',
  'tcp-request session',
  'tcp-request content',
  'http-request',
  'http-response',
  'http-after-response',
] as const

const get = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'

/** HAProxy warns of rules of TCP behind those of HTTP. */
const inOrder = (set: string, own: string, content: string): readonly string[] =>
  set.startsWith('http') ? [content, own] : [own, content]

/** Sets one in each set of rules, and looks at it from everywhere. */
const lifetimes: readonly LanguageCase[] = ['txn', 'req', 'sess', 'proc', 'res', 'check'].flatMap((scope) =>
  SETS.map((set): LanguageCase => {
    // A variable of the process has to have a name that no other case uses.
    const name = `${scope}.${set.replaceAll(/[^a-z]/g, '_')}_{id}`
    return {
      name: `${scope} set in ${set}`,
      covers: [`action:${set} set-var`, 'fetch:var'],
      frontend: [
        ...inOrder(set, `${set} set-var(${name}) int(5)`, `tcp-request content set-var(sess.c) var(${name})`),
        `http-request set-var(sess.r) var(${name})`,
        `http-response set-header x-response "%[var(${name})] content=%[var(sess.c)] request=%[var(sess.r)]"`,
        `http-after-response set-header x-after "%[var(${name})]"`,
      ],
      send: [get, get],
    }
  }),
)

/** Sets a variable of one type and asks for it through a converter that needs another. */
const typed = (expression: string, converter: string): LanguageCase => ({
  name: `${expression} as ${converter}`,
  covers: ['fetch:var', 'action:http-request set-var'],
  frontend: [`http-request set-var(txn.x) ${expression}`],
  expression: `var(txn.x),${converter}`,
})

const condition = (before: string | undefined, name: string, then = 'str(new)'): LanguageCase => ({
  name: `${name} ${then} over ${before ?? 'nothing'}`,
  covers: ['action:http-request set-var'],
  frontend: [
    ...(before === undefined ? [] : [`http-request set-var(txn.x) ${before}`]),
    `http-request set-var(${name}) ${then}`,
  ],
  expression: 'var(txn.x)',
})

const matched = (value: string, test: string): LanguageCase => ({
  name: `{ var(txn.x) ${test} } of ${value}`,
  covers: ['fetch:var'],
  frontend: [`http-request set-var(txn.x) ${value}`],
  condition: `{ var(txn.x) ${test} }`,
})

const loads = (name: string, frontend: readonly string[], expect?: string): LanguageCase => ({
  name,
  covers: [],
  frontend,
  sees: ['load'],
  ...(expect === undefined ? {} : { expect }),
})

export const cases: readonly LanguageCase[] = [
  ...lifetimes,
  {
    name: 'a variable of the request is gone in an answer of ours',
    covers: ['action:http-request set-var'],
    frontend: [
      'http-request set-var(req.x) int(1)',
      'http-request set-var(txn.x) int(2)',
      'http-after-response set-header x "%[var(req.x)] %[var(txn.x)]"',
    ],
    format: 'answer',
  },
  {
    name: 'a variable of the transaction is gone with it, that of the session is not',
    covers: ['fetch:var'],
    frontend: [
      'http-request set-var(txn.seen) var(txn.kept)',
      'http-request set-var(sess.seen) var(sess.kept)',
      'http-request set-var(txn.kept) path',
      'http-request set-var(sess.kept) path',
    ],
    format: '%[var(txn.seen)] %[var(sess.seen)]',
    send: ['GET /1 HTTP/1.1\r\nHost: x\r\n\r\n', 'GET /2 HTTP/1.1\r\nHost: x\r\n\r\n'],
  },
  ...['set-var(txn.x) int(7)', 'set-var-fmt(txn.x) "%[path] and"'].flatMap((action) => [
    {
      name: `${action} in a TCP proxy`,
      covers: [`action:tcp-request content ${action.split('(')[0]}`],
      mode: 'tcp' as const,
      frontend: [
        'tcp-request inspect-delay 1s',
        `tcp-request content ${action.replace('path', 'dst_port')}`,
        'log-format "<%[var(txn.x)]>"',
      ],
      send: 'hello',
      sees: ['log'] as const,
    },
  ]),
  ...SETS.map(
    (set): LanguageCase => ({
      name: `set-var-fmt in ${set}`,
      covers: [`action:${set} set-var-fmt`],
      frontend: [
        `${set} set-var-fmt(sess.x) "<%[src]> 100%% %ci"`,
        'http-after-response set-header x-after "%[var(sess.x)]"',
      ],
      send: [get, get],
    }),
  ),
  ...SETS.map(
    (set): LanguageCase => ({
      name: `unset-var in ${set}`,
      covers: [`action:${set} unset-var`],
      frontend: [
        ...['a', 'b'].map((name) => `${set} set-var(sess.${name}) str(${name})`),
        `${set} unset-var(sess.a)`,
        `${set} unset-var(sess.none)`,
        'http-after-response set-header x-after "%[var(sess.a)]-%[var(sess.b)]"',
      ],
      send: [get, get],
    }),
  ),
  {
    name: 'set-var and unset-var in tcp-response content',
    covers: [
      'action:tcp-response content set-var',
      'action:tcp-response content set-var-fmt',
      'action:tcp-response content unset-var',
    ],
    backend: [
      'tcp-response content set-var(txn.a) int(1)',
      'tcp-response content set-var-fmt(txn.b) "%[dst_port] x"',
      'tcp-response content set-var(txn.c) int(3)',
      'tcp-response content unset-var(txn.c)',
    ],
    frontend: ['http-response set-header x "%[var(txn.a)] %[var(txn.b)] %[var(txn.c)]"'],
    mask: [[/x: 1 \d+ x/, 'x: 1 PORT x']],
  },
  ...(
    ['int(-5)', 'str(12ab)', 'bool(true)', 'ipv4(192.0.2.1)', 'ipv6(2001:db8::1)', 'bin(00ff41)', 'str("")'] as const
  ).flatMap((value) => ['add(1)', 'length', 'upper', 'not'].map((converter) => typed(value, converter))),
  typed('req.hdr(x-none)', 'add(1)'),
  typed('method', 'upper'),
  typed('meth(GET)', 'length'),
  typed('str(x),length', 'add(1)'),
  ...['bool(true)', 'bool(false)', 'int(0)', 'ipv6(2001:db8::1)', 'bin(00ff41)', 'meth(PUT)'].map(
    (value): LanguageCase => ({
      name: `${value} as it is`,
      covers: ['fetch:var'],
      frontend: [`http-request set-var(txn.x) ${value}`],
      expression: 'var(txn.x)',
    }),
  ),
  {
    name: 'a value that is not there leaves the old one',
    covers: ['action:http-request set-var'],
    frontend: ['http-request set-var(txn.x) str(old)', 'http-request set-var(txn.x) req.hdr(x-none)'],
    expression: 'var(txn.x)',
  },
  {
    name: 'a format is never absent',
    covers: ['action:http-request set-var-fmt'],
    frontend: ['http-request set-var(txn.x) str(old)', 'http-request set-var-fmt(txn.x) "%[req.hdr(x-none)]"'],
    format: '%[var(txn.x)]-%[var(txn.x),length]',
  },
  ...['ifexists', 'ifnotexists', 'ifset', 'ifnotset'].flatMap((word) =>
    [
      ['set and unset', 'http-request set-var(proc.p_{id}) int(1)'],
      ['never set', 'http-request unset-var(txn.other)'],
    ].map(
      ([how, line = '']): LanguageCase => ({
        name: `${word} of one of the process that was ${how}`,
        covers: ['action:http-request unset-var'],
        alone: true,
        frontend: [line, 'http-request unset-var(proc.p_{id})', `http-request set-var(proc.p_{id},${word}) int(2)`],
        expression: 'var(proc.p_{id})',
      }),
    ),
  ),
  {
    name: 'an unset variable of the process has no value',
    covers: ['action:http-request unset-var'],
    global: ['set-var proc.preset int(5)'],
    frontend: ['http-request unset-var(proc.preset)'],
    format: '%[var(proc.preset,none)]',
  },
  condition('int(0)', 'txn.x,ifgt', 'bool(true)'),
  {
    name: 'a long format',
    covers: ['action:http-request set-var-fmt'],
    frontend: ['http-request set-var-fmt(txn.x) "%[req.hdr(x)]%[req.hdr(x)]"'],
    expression: 'var(txn.x),length',
    send: `GET / HTTP/1.1\r\nHost: h\r\nX: ${'a'.repeat(9000)}\r\n\r\n`,
  },
  ...['str(old)', 'str("")', 'int(0)', undefined].flatMap((before) =>
    ['ifexists', 'ifnotexists', 'ifempty', 'ifnotempty', 'ifset', 'ifnotset', 'ifgt', 'iflt'].map((word) =>
      condition(before, `txn.x,${word}`),
    ),
  ),
  ...['str("")', 'bool(true)', 'int(0)', 'int(5)', 'int(-5)', 'str(5)'].flatMap((then) =>
    ['ifempty', 'ifnotempty', 'ifset', 'ifnotset', 'ifgt', 'iflt'].flatMap((word) =>
      ['int(1)', 'str(1)', 'bool(true)', 'str("")', 'ipv4(0.0.0.2)'].map((before) =>
        condition(before, `txn.x,${word}`, then),
      ),
    ),
  ),
  condition('int(1)', 'txn.x,ifexists,ifgt', 'int(5)'),
  condition('int(9)', 'txn.x,ifexists,ifgt', 'int(5)'),
  condition(undefined, 'txn.x,ifnotexists,ifnotempty', 'int(5)'),
  {
    name: 'a format under a condition',
    covers: ['action:http-request set-var-fmt'],
    frontend: [
      'http-request set-var(txn.x) str(old)',
      'http-request set-var-fmt(txn.x,ifnotexists) "%[path]"',
      'http-request set-var-fmt(txn.y,ifnotexists) "%[path]"',
      'http-request set-var-fmt(txn.z,ifnotempty) "%[req.hdr(x-none)]"',
    ],
    format: '%[var(txn.x)] %[var(txn.y)] %[var(txn.z)]',
  },
  ...[
    'var(txn.none)',
    'var(txn.none,fallback)',
    'var(txn.none,5),add(1)',
    'var(txn.none,"")',
    'var(txn.x,fallback)',
    'var(req.none,a b)',
  ].map(
    (expression): LanguageCase => ({
      name: expression,
      covers: ['fetch:var'],
      frontend: ['http-request set-var(txn.x) int(1)'],
      expression,
    }),
  ),
  matched('int(5)', '5'),
  matched('int(5)', '-m int 5'),
  matched('int(5)', '-m int gt 4'),
  matched('int(5)', '-m str 5'),
  matched('int(5)', '-m found'),
  matched('int(5)', '-m bool'),
  matched('int(0)', '-m bool'),
  matched('str(5x)', '-m int 5'),
  matched('str(abc)', '-m beg ab'),
  matched('str(abc)', '-m len 3'),
  matched('str(abc)', '-m reg ^a.c$'),
  matched('str(true)', '-m bool'),
  matched('bool(true)', '-m bool'),
  matched('bool(true)', '-m str 1'),
  matched('bool(true)', '-m int 1'),
  matched('ipv4(192.0.2.1)', '-m ip 192.0.2.0/24'),
  matched('ipv4(192.0.2.1)', '-m str 192.0.2.1'),
  matched('str(192.0.2.1)', '-m ip 192.0.2.0/24'),
  matched('bin(616263)', '-m bin 616263'),
  matched('bin(616263)', '-m str abc'),
  matched('bin(616263)', '-m sub b'),
  matched('req.hdr(x-none)', '-m found'),
  matched('str("")', '-m found'),
  {
    name: 'presets of the process',
    covers: ['global:set-var', 'global:set-var-fmt', 'fetch:var'],
    global: ['set-var proc.n int(5)', 'set-var proc.s str(a),upper', 'set-var-fmt proc.f "pid %[str(x)] %[int(1)]"'],
    format: '%[var(proc.n),add(1)] %[var(proc.s)] %[var(proc.f)]',
  },
  {
    name: 'a preset may use those before it',
    covers: ['global:set-var'],
    global: ['set-var proc.a int(5)', 'set-var proc.b var(proc.a),add(2)'],
    format: '%[var(proc.b)]',
  },
  ...(
    [
      ['a global one of another scope', 'http-request set-var(check.x) int(1)'],
      ['no scope', 'http-request set-var(x) int(1)', 'scope'],
      ['an unknown scope', 'http-request set-var(global.x) int(1)', 'scope'],
      ['no name', 'http-request set-var(txn.) int(1)'],
      ['nothing', 'http-request set-var() int(1)'],
      ['a dash', 'http-request set-var(txn.a-b) int(1)', "'-'"],
      ['a dot', 'http-request set-var(txn.a.b) int(1)'],
      ['digits and capitals', 'http-request set-var(txn.0A_) int(1)'],
      ['no parentheses', 'http-request set-var txn.x int(1)'],
      ['no expression', 'http-request set-var(txn.x)'],
      ['an unknown condition', 'http-request set-var(txn.x,ifodd) int(1)', 'ifodd'],
      ['a format in place of an expression', 'http-request set-var(txn.x) %[path]'],
      ['an unset with words', 'http-request unset-var(txn.x) int(1)'],
      ['an unset with a condition of variables', 'http-request unset-var(txn.x,ifexists)'],
      ['a fetch that is not there yet', 'http-request set-var(txn.x) status', 'status'],
      ['a fetch of the request in the response', 'http-response set-var(txn.x) path', 'path'],
      ['a format without its name', 'http-request set-var-fmt() x'],
      ['an unknown variable scope in a fetch', 'http-request set-var(txn.x) var(foo.x)'],
    ] as const
  ).map(([name, line, expect]) => loads(`a name: ${name}`, [line], expect)),
  ...(
    [
      ['tune.vars.txn-max-size 79', 'txn.x', 'none'],
      ['tune.vars.txn-max-size 80', 'txn.x', 'fits'],
      ['tune.vars.reqres-max-size 79', 'req.x', 'none'],
      ['tune.vars.reqres-max-size 80', 'req.x', 'fits'],
      ['tune.vars.sess-max-size 79', 'sess.x', 'none'],
      ['tune.vars.sess-max-size 80', 'sess.x', 'fits'],
      ['tune.vars.proc-max-size 80', 'sess.x', 'fits'],
      ['tune.vars.proc-max-size 79', 'txn.x', 'none'],
      ['tune.vars.global-max-size 79', 'req.x', 'none'],
      ['tune.vars.global-max-size 0', 'req.x', 'fits'],
    ] as const
  ).map(
    ([line, name, how]): LanguageCase => ({
      name: `${line} ${name} ${how}`,
      covers: [`global:${line.split(' ')[0]}`],
      global: [line],
      frontend: [`http-request set-var(${name}) int(5)`],
      expression: `var(${name})`,
    }),
  ),
  {
    name: 'texts count as long as they are',
    covers: ['global:tune.vars.txn-max-size'],
    global: ['tune.vars.txn-max-size 250'],
    frontend: [
      'http-request set-var(txn.a) str(0123456789)',
      'http-request set-var(txn.b) str(0123456789)',
      'http-request set-var(txn.c) int(1)',
      'http-request unset-var(txn.a)',
      'http-request set-var(txn.d) int(4)',
    ],
    format: '%[var(txn.a)] %[var(txn.b)] %[var(txn.c)] %[var(txn.d)]',
  },
  {
    name: 'what a connection has had is given back',
    covers: ['global:tune.vars.sess-max-size'],
    global: ['tune.vars.sess-max-size 170'],
    frontend: ['http-request set-var(txn.a) int(1)', 'http-request set-var(req.b) int(2)'],
    format: '%[var(txn.a)] %[var(req.b)]',
    send: [get, get, get],
  },
]
