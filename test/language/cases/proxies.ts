/** What proxies and servers are told: the settings that a request meets on its way. */
import type { LanguageCase } from '../case.js'

const get = (path: string, ...fields: string[]): string =>
  `${[`GET ${path} HTTP/1.1`, 'Host: x', ...fields].join('\r\n')}\r\n\r\n`
const named = ['server one {server}', 'server two {server}', 'server three {server}']
const told = 'http-response set-header X-Server %s'
const four = ['/a', '/b', '/c', '/d'].map((path) => get(path))
/** So that what comes behind does not come of a section that was named. */
const plain = '\ndefaults\n  mode http\n  timeout connect 2s\n  timeout client 5s\n  timeout server 5s'
const empty = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'

/** Four requests, and which of three servers each went to. */
const spread = (
  name: string,
  covers: readonly string[],
  backend: readonly string[],
  more: Partial<LanguageCase> = {},
): LanguageCase => ({
  name,
  covers,
  backend: [told, ...backend],
  send: four,
  origin: empty,
  ...more,
})

export const cases: readonly LanguageCase[] = [
  // which server
  spread('one after the other', ['keyword:balance'], ['balance roundrobin', ...named]),
  spread('by the path', ['keyword:balance'], ['balance uri', ...named]),
  spread('by the path, consistently', ['keyword:hash-type'], ['balance uri', 'hash-type consistent', ...named]),
  spread(
    'by the path, with another function',
    ['keyword:hash-type'],
    ['balance uri', 'hash-type map-based djb2', ...named],
  ),
  spread('always the first', ['keyword:balance'], ['balance first', ...named]),
  spread(
    'a weight takes its share',
    ['server:weight'],
    ['balance roundrobin', 'server one {server} weight 1', 'server two {server} weight 3'],
  ),
  spread(
    'weight 0 takes nothing',
    ['server:weight'],
    ['balance roundrobin', 'server one {server} weight 0', 'server two {server}'],
  ),
  spread(
    'the number places it',
    ['server:id'],
    [
      'balance uri',
      'hash-type consistent',
      'server one {server} id 77',
      'server two {server} id 5',
      'server three {server} id 9',
    ],
  ),
  spread(
    'a backup waits',
    ['server:backup'],
    ['balance roundrobin', 'server one {server} backup', 'server two {server}', 'server three {server} backup'],
  ),
  spread(
    'the first of the backups',
    ['server:backup', 'server:disabled'],
    [
      'balance roundrobin',
      'server one {server} disabled',
      'server two {server} backup',
      'server three {server} backup',
    ],
  ),
  spread(
    'all of the backups',
    ['keyword:option allbackups'],
    [
      'balance roundrobin',
      'option allbackups',
      'server one {server} disabled',
      'server two {server} backup',
      'server three {server} backup',
    ],
  ),
  spread(
    'a backup no longer',
    ['server:no-backup'],
    ['balance roundrobin', 'default-server backup', 'server one {server} no-backup', 'server two {server}'],
  ),
  spread(
    'disabled and enabled',
    ['server:disabled', 'server:enabled'],
    ['balance roundrobin', 'default-server disabled', 'server one {server} enabled', 'server two {server}'],
  ),
  spread(
    'what servers have in common',
    ['keyword:default-server'],
    ['balance roundrobin', 'default-server weight 2', 'server one {server}', 'server two {server} weight 1'],
  ),
  {
    name: 'no server is left',
    covers: ['server:disabled'],
    backend: ['server one {server} disabled'],
  },
  { name: 'no server at all', covers: ['keyword:server'], backend: ['http-request set-header a b'], sees: ['answer'] },

  // which backend
  {
    name: 'the backend of the path',
    covers: ['keyword:use_backend', 'section:backend'],
    frontend: ['use_backend other-{id} if { path_beg /o }'],
    sections: 'backend other-{id}\n  http-request return status 200 content-type text/plain string other',
    send: [get('/o'), get('/x')],
    origin: empty,
  },
  {
    name: 'the first that holds',
    covers: ['keyword:use_backend'],
    frontend: ['use_backend a-{id} if { path_beg /o }', 'use_backend b-{id} unless { path /x }'],
    sections:
      'backend a-{id}\n  http-request return status 200 content-type text/plain string a\n' +
      'backend b-{id}\n  http-request return status 200 content-type text/plain string b',
    send: [get('/o'), get('/y'), get('/x')],
    origin: empty,
  },
  {
    name: 'another default',
    covers: ['keyword:default_backend'],
    frontend: ['default_backend other-{id}'],
    sections: 'backend other-{id}\n  http-request return status 200 content-type text/plain string other',
  },
  {
    name: 'a listen is both',
    covers: ['section:listen'],
    frontend: ['use_backend both-{id}'],
    sections: 'listen both-{id}\n  http-request return status 200 content-type text/plain string both',
  },
  {
    name: 'a section of its own defaults',
    alone: true,
    covers: ['section:defaults'],
    sections:
      'defaults own-{id}\n  mode http\n  timeout connect 5s\n  timeout server 5s\n  http-request return status 200 content-type text/plain string own\n' +
      `backend other-{id} from own-{id}\n  http-request set-header a b${plain}`,
    frontend: ['use_backend other-{id}'],
  },
  {
    name: 'a backend that is disabled',
    covers: ['keyword:disabled'],
    differs: 'HAProxy 3.5 passes over a disabled backend, 2.6 sends its clients away',
    expect: 'HTTP/1.1 200 OK\ncontent-length: 0\n[body, length] ',
    frontend: ['use_backend off-{id} if { path /off }'],
    sections: 'backend off-{id}\n  disabled\n  http-request return status 200 content-type text/plain string off',
    send: get('/off'),
    origin: empty,
  },
  {
    name: 'disabled by defaults, and enabled',
    alone: true,
    covers: ['keyword:enabled'],
    sections:
      'defaults off-{id}\n  mode http\n  timeout connect 5s\n  timeout server 5s\n  disabled\n' +
      `backend on-{id} from off-{id}\n  enabled\n  http-request return status 200 content-type text/plain string on${plain}`,
    frontend: ['use_backend on-{id}'],
  },

  // connections
  {
    name: 'closed after the answer',
    covers: ['keyword:option httpclose'],
    frontend: ['option httpclose'],
    send: [get('/a'), get('/b')],
    origin: empty,
    sees: ['answer', 'server'],
  },
  {
    name: "the server's connection closed",
    covers: ['keyword:option http-server-close'],
    backend: ['option http-server-close'],
    send: [get('/a'), get('/b')],
    origin: empty,
    sees: ['answer', 'server'],
  },
  {
    name: 'closed, though the server is not told',
    covers: ['keyword:option http-pretend-keepalive'],
    backend: ['option httpclose', 'option http-pretend-keepalive'],
    send: [get('/a'), get('/b')],
    origin: empty,
    sees: ['answer', 'server'],
  },
  {
    name: 'kept after all',
    covers: ['keyword:option http-keep-alive'],
    defaults: ['option httpclose'],
    frontend: ['option http-keep-alive'],
    backend: ['option http-keep-alive'],
    send: [get('/a'), get('/b')],
    origin: empty,
    sees: ['answer', 'server'],
  },
  {
    name: 'another address, another backend',
    covers: ['keyword:option forwardfor'],
    frontend: ['option forwardfor'],
    from: '127.0.0.5',
    origin: empty,
    sees: ['server'],
  },
  {
    name: 'in a field of another name, unless it is there',
    covers: ['keyword:option forwardfor'],
    frontend: ['option forwardfor if-none header X-Client'],
    send: [get('/a', 'X-Client: me'), get('/b')],
    origin: empty,
    sees: ['server'],
  },
  {
    name: 'not for our own',
    covers: ['keyword:option forwardfor'],
    frontend: ['option forwardfor except 127.0.0.0/8'],
    origin: empty,
    sees: ['server'],
  },

  // rule sets
  {
    name: 'a rule of each set',
    covers: ['keyword:http-request', 'keyword:http-response', 'keyword:http-after-response'],
    frontend: [
      'http-request set-header X-A 1',
      'http-response set-header X-B 2',
      'http-after-response set-header X-C 3',
    ],
    origin: empty,
    sees: ['answer', 'server'],
  },
  {
    name: 'what is said at the door',
    covers: ['keyword:tcp-request connection'],
    frontend: ['tcp-request connection reject if { src 127.0.0.6 }'],
    from: '127.0.0.6',
  },
  {
    name: 'what is said in the hall',
    covers: ['keyword:tcp-request session'],
    frontend: ['tcp-request session reject if { src 127.0.0.6 }'],
    from: '127.0.0.6',
  },
  {
    name: 'what is said of the first bytes',
    covers: ['keyword:tcp-request content', 'keyword:tcp-request inspect-delay'],
    mode: 'tcp',
    frontend: ['tcp-request inspect-delay 2s', 'tcp-request content reject if { req.len ge 6 }'],
    send: ['abc', 'def'],
    origin: 'something',
  },
  {
    name: "what is said of the server's first bytes",
    covers: ['keyword:tcp-response content'],
    mode: 'tcp',
    backend: ['tcp-response content reject'],
    send: 'abc',
    origin: 'something',
  },
  {
    name: 'a redirect on a line of its own',
    covers: ['keyword:redirect'],
    frontend: ['redirect location /there code 301 if { path /here }'],
    send: get('/here'),
  },

  // times
  {
    name: 'a head that does not come',
    covers: ['keyword:timeout http-request'],
    frontend: ['timeout http-request 150ms'],
    send: 'GET / HTTP/1.1\r\n',
  },
  {
    name: 'a client that says nothing',
    covers: ['keyword:timeout client'],
    frontend: ['timeout client 150ms'],
    mode: 'tcp',
    send: '',
    origin: 'x',
  },
]
