/** Configurations of TCP mode, and of what is decided before HTTP begins. */

import type { Setup } from '../support/differential.js'
import type { Exchange } from '../support/exchange.js'
import { clientHello } from './client-hello.js'
import { always, get, SECOND } from './product.js'
import { simple } from './setups-http.js'

const DEFAULTS = `  mode tcp
  option tcplog
  timeout connect 300ms
  timeout client 900ms
  timeout server 900ms`

const BLOB = Array.from({ length: 200_000 }, (_, index) => String.fromCharCode((index * 7 + (index >> 8)) & 255)).join(
  '',
)

const plain: Setup = {
  name: 'TCP mode',
  defaults: DEFAULTS,
  sections: simple(),
  exchanges: [
    {
      name: 'words both ways, the client closes',
      client: [{ send: 'hello\n' }, { until: 'welcome\n' }, { send: 'bye\n' }, { seen: 'bye' }, 'fin', 'close'],
      origins: { s1: [['any', { send: 'welcome\n' }, 'end', 'fin']] },
    },
    {
      name: 'the server speaks first and closes',
      client: [{ until: 'banner\r\n' }, { send: 'ok' }, { seen: 'ok' }, { open: 'go' }, 'close'],
      origins: { s1: [[{ send: 'banner\r\n' }, { gate: 'go' }, 'fin', 'end']] },
    },
    {
      name: 'the client half-closes and is answered after it',
      client: [{ send: 'question' }, 'fin', { until: 'answer' }, 'close'],
      origins: { s1: [['end', { send: 'answer' }, 'fin']] },
    },
    {
      name: 'the server half-closes and receives after it',
      client: [{ until: 'first' }, { pause: 100 }, { send: 'later' }, { seen: 'later' }, 'fin', 'close'],
      origins: { s1: [[{ send: 'first' }, 'fin', 'end']] },
    },
    {
      name: 'the client resets',
      client: [{ send: 'hello' }, { seen: 'hello' }, 'rst', { pause: 200 }],
      origins: { s1: [['end', 'fin']] },
    },
    {
      name: 'the server resets',
      client: [{ send: 'hello' }, 'close'],
      origins: { s1: [['any', 'rst']] },
    },
    {
      name: 'the server closes at once',
      client: [{ use: 'a' }, 'close'],
      origins: { s1: [['fin']] },
    },
    {
      name: 'nobody speaks',
      client: [{ use: 'a' }, 'close'],
      origins: { s1: [['end', 'fin']] },
    },
    {
      name: 'the server does not answer',
      client: [{ send: 'hello' }, 'close'],
      origins: { s1: [['end', 'fin']] },
    },
    {
      name: 'every byte there is, both ways',
      client: [{ send: `${BLOB}END` }, { until: 'DONE' }, 'fin', 'close'],
      origins: { s1: [[{ until: 'END' }, { send: `${BLOB}DONE` }, 'end', 'fin']] },
    },
    {
      name: 'HTTP is not looked at',
      client: [{ send: 'BAD\r\nRequest\n\n' }, { until: 'whatever' }, 'fin', 'close'],
      origins: { s1: [[{ until: '\n\n' }, { send: 'whatever' }, 'end', 'fin']] },
    },
  ],
}

const silent = 'the other side says nothing'

const clientFinishes: Exchange = {
  name: `the client has finished, ${silent}`,
  client: [{ send: 'question' }, 'fin', 'close'],
  origins: { s1: [['end', { gate: 'never' }]] },
}

const serverFinishes: Exchange = {
  name: `the server has finished, ${silent}`,
  client: [{ send: 'question' }, { until: 'answer' }, 'close'],
  origins: { s1: [['any', { send: 'answer' }, 'fin', 'end']] },
}

/** Either side finishes first, and then nobody does anything. The times are apart enough to tell whose has run out. */
const finishing = (
  name: string,
  client: string,
  server: string,
  exchanges = [clientFinishes, serverFinishes],
): Setup => ({
  name: `TCP mode, half-closed, ${name}`,
  defaults: '  mode tcp\n  option tcplog\n  timeout connect 300ms',
  sections: `frontend fe{n}
  bind 127.0.0.1:{port}
${client}
  default_backend be{n}
backend be{n}
${server}
  server s1 127.0.0.1:{s1}
`,
  exchanges,
})

/** One side talks, the other only listens: whose time runs out hangs on whether listening is a sign of life. */
const independent = (name: string, frontend: string, backend: string, exchange: Omit<Exchange, 'name'>): Setup => ({
  name: `TCP mode, independent streams ${name}`,
  defaults: '  mode tcp\n  option tcplog\n  timeout connect 300ms',
  sections: `frontend fe{n}
  bind 127.0.0.1:{port}
${frontend}
  default_backend be{n}
backend be{n}
${backend}
  server s1 127.0.0.1:{s1}
`,
  exchanges: [{ name, ...exchange }],
})

const clientTalks: Omit<Exchange, 'name'> = {
  client: [{ send: 'one' }, { pause: 300 }, { send: 'two' }, { pause: 300 }, { send: 'three' }, 'close', 'fin'],
  origins: { s1: [['end', 'fin']] },
}
const serverTalks: Omit<Exchange, 'name'> = {
  client: [{ send: 'hello' }, { pause: 300 }, { open: 'two' }, { pause: 300 }, { open: 'three' }, 'everything', 'fin'],
  origins: {
    s1: [
      ['any', { send: 'one' }, { gate: 'two' }, { send: 'two' }, { gate: 'three' }, { send: 'three' }, 'end', 'fin'],
    ],
  },
}

const OPTION = '  option independent-streams'
const [short, long] = ['500ms', '900ms']

const independents: readonly Setup[] = [
  independent('of clients', `${OPTION}\n  timeout client ${long}`, `  timeout server ${short}`, serverTalks),
  independent('of servers', `  timeout client ${short}`, `${OPTION}\n  timeout server ${long}`, clientTalks),
  independent('of nobody, the server talks', `  timeout client ${long}`, `  timeout server ${short}`, serverTalks),
  independent('of nobody, the client talks', `  timeout client ${short}`, `  timeout server ${long}`, clientTalks),
]

const unreachable: Setup = {
  name: 'TCP mode, servers that cannot be reached',
  defaults: `${DEFAULTS}\n  retries 1`,
  sections: `frontend fe{n}
  bind 127.0.0.1:{port}
  tcp-request inspect-delay 2s
  tcp-request content accept if { req.len gt 0 }
  use_backend gone{n} if { req.payload(0,1) -m str g }
  use_backend hole{n} if { req.payload(0,1) -m str h }
  use_backend both{n} if { req.payload(0,1) -m str b }
  use_backend off{n} if { req.payload(0,1) -m str o }
backend gone{n}
  server s1 127.0.0.1:{refused}
backend hole{n}
  server s1 127.0.0.1:{blackhole}
backend both{n}
  option redispatch
  server s1 127.0.0.1:{refused}
  server s2 127.0.0.1:{s1}
backend off{n}
  server s1 127.0.0.1:{s1} disabled
`,
  exchanges: ['gone', 'hole', 'both', 'off', 'unrouted'].map((word) => ({
    name: word,
    client: [{ send: word }, { until: 'hello' }, 'fin', 'close'] as const,
    origins: { s1: [['any', { send: 'hello' }, 'end', 'fin']] as const },
  })),
}

const talk = (name: string, from?: string): Exchange => ({
  name,
  client: [{ send: get('/') }, 'response', { send: SECOND }, 'response', 'close'],
  origins: { s1: always('fine') },
  ...(from === undefined ? {} : { from }),
})

const rejected: Setup = {
  name: 'connections accepted and rejected by address',
  sections: simple(
    '  tcp-request connection accept if { src 127.0.0.8 }\n  tcp-request connection reject if { src 127.0.0.8/29 }',
  ),
  exchanges: [
    talk('from 127.0.0.1'),
    talk('from 127.0.0.8', '127.0.0.8'),
    talk('from 127.0.0.9', '127.0.0.9'),
    talk('from 127.0.0.16', '127.0.0.16'),
  ],
}

const rejectedTcp: Setup = {
  name: 'content accepted and rejected in TCP mode',
  defaults: DEFAULTS,
  sections: `frontend fe{n}
  bind 127.0.0.1:{port}
  tcp-request inspect-delay 300ms
  tcp-request content reject if { src 127.0.0.9 }
  tcp-request content accept if { req.payload(0,4) -m str good }
  tcp-request content reject if { req.payload(0,3) -m str bad }
  default_backend be{n}
backend be{n}
  server s1 127.0.0.1:{s1}
`,
  exchanges: [
    ['good words', 'good words', undefined],
    ['bad words', 'bad words', undefined],
    ['other words', 'other words', undefined],
    ['good words from the wrong address', 'good words', '127.0.0.9'],
    ['no words', '', undefined],
    ['too short a word', 'go', undefined],
  ].map(
    ([name, words, from]): Exchange => ({
      name: name!,
      client: [{ use: 'a' }, { send: words! }, { until: 'hello' }, 'fin', 'close'],
      origins: { s1: [[{ send: 'hello' }, 'end', 'fin']] },
      ...(from === undefined ? {} : { from }),
    }),
  ),
}

const hello = (name: string, pieces: readonly string[]): Exchange => ({
  name,
  client: [...pieces.flatMap((send) => [{ send }, { pause: 30 }]), { until: '.' }, 'fin', 'close'],
  origins: {
    s1: [['any', { send: 'one.' }, 'end', 'fin']],
    s2: [['any', { send: 'two.' }, 'end', 'fin']],
    s3: [['any', { send: 'three.' }, 'end', 'fin']],
  },
})

const cut = (text: string, at: number) => [text.slice(0, at), text.slice(at)]

const sni: Setup = {
  name: 'TLS passed through by server name',
  defaults: DEFAULTS,
  sections: `frontend fe{n}
  bind 127.0.0.1:{port}
  tcp-request inspect-delay 500ms
  tcp-request content accept if { req.ssl_hello_type 1 }
  use_backend a{n} if { req.ssl_sni -i a.example.test }
  use_backend b{n} if { req.ssl_sni -m end .b.example.test }
  default_backend c{n}
backend a{n}
  server s1 127.0.0.1:{s1}
backend b{n}
  server s2 127.0.0.1:{s2}
backend c{n}
  server s3 127.0.0.1:{s3}
`,
  exchanges: [
    hello('the first name', [clientHello('a.example.test')]),
    hello('the first name in capitals', [clientHello('A.Example.TEST')]),
    hello('a name below the second', [clientHello('x.b.example.test')]),
    hello('another name', [clientHello('c.example.test')]),
    hello('no name', [clientHello()]),
    hello('in two pieces', cut(clientHello('a.example.test'), 3)),
    hello('cut within the name', cut(clientHello('x.b.example.test'), 80)),
    hello('with bytes after it', [`${clientHello('a.example.test')}more`]),
    hello('no TLS at all', ['hello, this is not TLS']),
    hello('half a hello and then nothing', [clientHello('a.example.test').slice(0, 60)]),
  ],
}

export const tcpSetups: readonly Setup[] = [
  plain,
  finishing(
    'times for both',
    '  timeout client 4s\n  timeout client-fin 300ms',
    '  timeout server 4s\n  timeout server-fin 900ms',
  ),
  finishing('none but the usual times', '  timeout client 500ms', '  timeout server 900ms'),
  // A client that has finished is waited for as long as its server there, by the time of the tunnel: HAProxy says now the one, now the other.
  finishing(
    'a tunnel and a time for clients',
    '  timeout client 4s\n  timeout client-fin 300ms',
    '  timeout server 400ms\n  timeout tunnel 1200ms',
    [serverFinishes],
  ),
  ...independents,
  unreachable,
  rejected,
  rejectedTcp,
  sni,
]
