/** What proxies do to heads beside their rules: addresses told to servers, names of fields, targets of their own, chosen servers. */
import type { LanguageCase } from '../case.js'

const HOST = 'Host: www.example.com\r\n'
const get = (path: string, fields = '', version = '1.1'): string =>
  `GET ${path} HTTP/${version}\r\n${HOST}${fields}\r\n`

const told = (
  name: string,
  frontend: readonly string[],
  backend: readonly string[],
  covers: readonly string[],
  more: Partial<LanguageCase> = {},
): LanguageCase => ({ name, covers, frontend, backend, send: [get('/')], sees: ['server'], ...more })

const TO = ['keyword:option originalto']
const FORWARDED = ['keyword:option forwarded']
const NAMES = ['keyword:option http-restrict-req-hdr-names']
const odd = 'X_Under: 1\r\nX.Dot: 2\r\nX-Fine9: 3\r\n'

const names = (name: string, frontend: readonly string[], backend: readonly string[] = []): LanguageCase =>
  told(name, ['option httplog', ...frontend], backend, NAMES, {
    send: [get('/', odd)],
    sees: ['answer', 'server', 'log'],
  })

const forwarded = (name: string, words: string, expect: string, more: Partial<LanguageCase> = {}): LanguageCase =>
  told(`forwarded: ${name}`, [], [`option forwarded ${words}`], FORWARDED, {
    since: '2.8',
    expect: `[server] GET / HTTP/1.1\nhost: www.example.com\nforwarded: ${expect}`,
    ...more,
  })

const monitor: LanguageCase = {
  name: 'monitor-uri',
  covers: ['keyword:monitor-uri'],
  frontend: [
    'option httplog',
    'monitor-uri /alive',
    'http-request deny if { path /alive }',
    'http-after-response set-header x-after yes',
  ],
  send: [get('/alive'), get('/other')],
  sees: ['answer', 'log'],
}
const failing = ['monitor-uri /alive', 'acl dead hdr(x-dead) -m found', 'monitor fail if dead']

const chosen = (name: string, rules: readonly string[], send: string): LanguageCase => ({
  name,
  covers: ['keyword:use-server'],
  frontend: ['option httplog'],
  backend: [...rules, 'server s1 {server}', 'server s2 {server} weight 0', 'server s3 {server} disabled'],
  send,
  sees: ['log'],
})

const routed = (name: string, fields: string, more: readonly string[] = []): LanguageCase => ({
  name,
  covers: ['keyword:use_backend'],
  frontend: [
    'option httplog',
    'use_backend %[req.hdr(x-to)]-{id} if { req.hdr(x-to) -m found }',
    'use_backend b-{id} if { path / }',
    ...more,
  ],
  sections:
    'backend a-{id}\n  server s {server}\nbackend b-{id}\n  server s {server}\nfrontend f-{id}\n  http-request deny',
  send: get('/', fields),
  sees: ['answer', 'log'],
})

export const cases: readonly LanguageCase[] = [
  told('originalto in the frontend', ['option originalto'], [], TO),
  told('originalto in the backend', [], ['option originalto'], TO),
  told('originalto in both, once', ['option originalto header X-Front'], ['option originalto'], TO),
  told('originalto under another name', ['option originalto header X-Front'], [], TO),
  told(
    'originalto, the name of the backend',
    ['option originalto header X-Front'],
    ['option originalto header X-Back'],
    TO,
  ),
  told('originalto but for a network', ['option originalto except 127.0.0.0/8'], [], TO),
  told('originalto but for another network', ['option originalto except 10.0.0.0/8'], [], TO),
  told('originalto beside one that was there', ['option originalto'], [], TO, {
    send: [get('/', 'X-Original-To: 192.0.2.1\r\n')],
  }),
  {
    ...told('originalto takes no other word', ['option originalto always'], [], TO),
    sees: ['load'],
    expect: "only supports optional values: 'except' and 'header'",
  },

  forwarded('the defaults', '', 'proto=http;for=127.0.0.1'),
  forwarded('all by themselves', 'proto host by for', 'proto=http;host="www.example.com";by=127.0.0.1;for=127.0.0.1'),
  forwarded('a port', 'for for_port', 'for="127.0.0.1:{client-port}"'),
  forwarded('ports of both', 'by by_port for', 'by="127.0.0.1:{port}";for=127.0.0.1'),
  forwarded('an IPv6 address by an expression', '', '', {
    backend: ['option forwarded for-expr req.hdr(x-for)'],
    send: [get('/', 'X-For: 2001:db8::1\r\n')],
    expect: '[server] GET / HTTP/1.1\nhost: www.example.com\nx-for: 2001:db8::1\nforwarded: for="[2001:db8::1]"',
  }),
  forwarded('an obfuscated name and port', 'for-expr str(me) for_port-expr str(door)', 'for="_me:_door"'),
  forwarded('an expression without an answer', 'for-expr req.hdr(x-for)', 'for=unknown'),
  forwarded('a host by an expression', 'host-expr str(other)', 'host="other"'),
  {
    ...forwarded('a port without its address', 'for_port', ''),
    sees: ['load'],
    expect: "'for_port' means nothing without 'for'",
  },

  names('odd names are passed on', []),
  names('odd names are deleted', ['option http-restrict-req-hdr-names delete', 'http-request set-header x_more yes']),
  names(
    'odd names are deleted in the backend',
    [],
    ['option http-restrict-req-hdr-names delete', 'http-request set-header x_more yes'],
  ),
  names('odd names are refused', ['option http-restrict-req-hdr-names reject']),
  names('odd names are refused in the backend', [], ['option http-restrict-req-hdr-names reject']),
  names('odd names are preserved by name', ['option http-restrict-req-hdr-names preserve']),
  names('a rule answers before odd names are refused', [
    'option http-restrict-req-hdr-names reject',
    'http-request return status 200',
  ]),
  {
    ...names('a word that is none', ['option http-restrict-req-hdr-names forget']),
    sees: ['load'],
    expect: "supports 'preserve', 'delete', 'reject'",
  },

  told('a server is told its name', [], ['http-send-name-header X-Server'], ['keyword:http-send-name-header'], {
    send: [get('/', 'X-Server: mine\r\n')],
  }),
  {
    ...told('no name in Host', [], ['http-send-name-header Host'], ['keyword:http-send-name-header']),
    sees: ['load'],
    since: '3.0',
    expect: "cannot carry a server's name",
  },

  monitor,
  { ...monitor, name: 'monitor-uri with a query', send: [get('/alive?x')] },
  { ...monitor, name: 'monitor-uri with HEAD', send: [`HEAD /alive HTTP/1.1\r\n${HOST}\r\n`, get('/other')] },
  { ...monitor, name: 'monitor-uri of HTTP/1.0', send: [get('/alive', '', '1.0')] },
  { ...monitor, name: 'monitor-uri in an absolute target', send: [`GET http://x/alive HTTP/1.1\r\nHost: x\r\n\r\n`] },
  {
    ...monitor,
    name: 'content is looked at before',
    frontend: ['tcp-request content reject', ...(monitor.frontend ?? [])],
  },
  {
    ...monitor,
    name: 'monitor fail',
    covers: ['keyword:monitor fail'],
    frontend: failing,
    send: [get('/alive', 'X-Dead: 1\r\n'), get('/alive')],
    sees: ['answer'],
  },

  {
    name: 'names of fields in another case',
    covers: [
      'global:h1-case-adjust',
      'keyword:option h1-case-adjust-bogus-client',
      'keyword:option h1-case-adjust-bogus-server',
    ],
    global: ['h1-case-adjust content-length Content-LENGTH', 'h1-case-adjust x-abc X-aBC', 'h1-case-adjust host HOST'],
    frontend: ['option h1-case-adjust-bogus-client', 'http-request deny if { path /deny }'],
    backend: [
      'option h1-case-adjust-bogus-server',
      'http-request set-header x-abc 1',
      'http-response set-header x-abc 2',
    ],
    send: [get('/'), get('/deny')],
    sees: ['answer', 'server'],
  },
  {
    name: 'names of fields without the option',
    covers: ['keyword:option h1-case-adjust-bogus-client'],
    global: ['h1-case-adjust-file {dir}/names'],
    files: { names: '# names\nx-abc X-aBC\n\n' },
    frontend: ['http-request return status 200 hdr x-abc 1'],
  },
  {
    name: 'names of fields from a file',
    covers: ['global:h1-case-adjust-file'],
    global: ['h1-case-adjust-file {dir}/names'],
    files: { names: '# names\nx-abc X-aBC\n\n' },
    frontend: ['option h1-case-adjust-bogus-client', 'http-request return status 200 hdr x-abc 1'],
  },
  {
    name: 'a name that is another',
    covers: ['global:h1-case-adjust'],
    global: ['h1-case-adjust x-abc X-ABD'],
    sees: ['load'],
    expect: 'in another case',
  },

  {
    name: 'a probe that closes',
    covers: ['keyword:option http-ignore-probes'],
    frontend: ['option httplog', 'option http-ignore-probes', 'timeout http-request 300ms'],
    send: '',
    sees: ['answer', 'log'],
  },
  {
    name: 'half a request is no probe',
    covers: [],
    frontend: ['option http-ignore-probes', 'timeout http-request 300ms'],
    send: 'GET / HT',
  },

  chosen('use-server', ['use-server s2 if { path / }'], get('/')),
  chosen('use-server that does not hold', ['use-server s2 if { path /x }'], get('/')),
  chosen('use-server that is disabled', ['use-server s3 if { path / }'], get('/')),
  chosen(
    'use-server, the first that holds',
    ['use-server s3 if { path /x }', 'use-server s2 unless { path /x }'],
    get('/'),
  ),
  chosen('use-server by a name', ['use-server %[req.hdr(x-s)] if TRUE'], get('/', 'X-S: s2\r\n')),
  chosen(
    'use-server by a name that is none',
    ['use-server %[req.hdr(x-s)] if TRUE', 'use-server s2 if TRUE'],
    get('/'),
  ),
  {
    ...chosen('force-persist', ['use-server s3 if { path / }', 'force-persist if { path / }'], get('/')),
    covers: ['keyword:force-persist'],
  },
  chosen('force-persist that does not hold', ['use-server s3 if { path / }', 'force-persist if { path /x }'], get('/')),
  {
    name: 'use-server of nobody',
    covers: ['keyword:use-server'],
    backend: ['use-server s9 if TRUE'],
    sees: ['load'],
    expect: "unable to find server 's9'",
  },

  routed('a backend by name', 'X-To: a\r\n'),
  routed('a backend by a name that is none', 'X-To: z\r\n'),
  routed("a backend by a frontend's name", 'X-To: f\r\n'),
  routed('no name', ''),
]
