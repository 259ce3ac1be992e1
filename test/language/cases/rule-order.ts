/** In which order rules run, and what ends what: connection, session, content, requests of frontend and backend, responses the other way. */
import type { LanguageCase } from '../case.js'

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: www.example.com\r\n\r\n`
const twice = (path: string): readonly string[] => [get(path), get('/second')]

const frontend: readonly string[] = [
  'option httplog',
  'tcp-request connection set-var(sess.c) str(connection)',
  'tcp-request session set-var-fmt(sess.s) "session-%[var(sess.c)]"',
  'tcp-request content set-var-fmt(txn.t) "content-%[var(sess.s)]" if { path /content }',
  'tcp-request content accept if { path /accept }',
  'tcp-request content set-var(txn.late) str(late)',
  'tcp-request content reject if { path /reject }',
  'http-request set-header x-frontend "%[var(txn.t)] %[var(sess.s)] %[var(txn.late)]"',
  'http-request allow if { path /allow }',
  'http-request deny if { path /deny }',
  'http-request return status 200 if { path /return }',
  'http-request set-header x-behind yes',
  'http-response set-header x-frontend "%[res.hdr(x-backend)] then frontend"',
  'http-response deny if { res.hdr(x-deny) -m found }',
  'http-response return status 202 if { res.hdr(x-return) -m found }',
  'http-response set-header x-behind yes',
  'http-after-response set-header x-after "%[res.hdr(x-after)] then frontend"',
]
const backend: readonly string[] = [
  'tcp-request content set-var-fmt(txn.b) "%[path]-%[var(txn.late)]"',
  'tcp-request content reject if { path /backend-reject }',
  'http-request set-header x-backend "%[var(txn.b)]"',
  'http-request deny if { path /backend-deny }',
  'http-response set-header x-backend backend',
  'http-response allow if { res.hdr(x-allow) -m found }',
  'http-response set-header x-backend-behind yes',
  'http-after-response set-header x-after backend',
]

const order = (name: string, path: string, covers: readonly string[], fields = ''): LanguageCase => ({
  name,
  covers,
  frontend,
  backend,
  send: twice(path),
  origin: [
    `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n${fields}\r\nok`,
    'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo',
  ],
  sees: ['answer', 'server', 'log'],
})

const responses = (name: string, status: number, covers: readonly string[]): LanguageCase => ({
  name,
  covers,
  frontend: ['option httplog', 'http-response set-header x-frontend "%[var(txn.seen)]"'],
  backend: [
    'tcp-response inspect-delay 300ms',
    'tcp-response content reject if { status 404 }',
    'tcp-response content close if { status 405 }',
    'tcp-response content accept if { status 406 }',
    'tcp-response content set-var(txn.seen) str(seen)',
    'http-response allow if { status 407 }',
    'http-response set-header x-behind yes',
  ],
  send: twice('/'),
  origin: [`HTTP/1.1 ${status} Any\r\nContent-Length: 2\r\n\r\nok`, 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo'],
  sees: ['answer', 'server', 'log'],
})

const inspected = (name: string, origin: string, covers: readonly string[]): LanguageCase => ({
  name,
  covers,
  mode: 'tcp',
  frontend: ['option tcplog'],
  backend: [
    'tcp-response inspect-delay 200ms',
    'tcp-response content accept if { res.payload(0,4) -m str good }',
    'tcp-response content reject if { res.payload(0,3) -m str bad }',
    'tcp-response content close if { res.payload(0,3) -m str end }',
    'tcp-response content reject if { res.len lt 2 } WAIT_END',
  ],
  send: 'hi',
  origin,
  sees: ['answer', 'server', 'log'],
  mask: [[/ \d+\/\d+\/\d+ (?=\d+ )/g, ' T/T/T ']],
})

const firstBytes = (name: string, send: string | readonly string[]): LanguageCase => ({
  name,
  covers: ['keyword:tcp-request inspect-delay'],
  mode: 'tcp',
  frontend: [
    'tcp-request inspect-delay 300ms',
    'tcp-request content reject if { path /no }',
    'tcp-request content accept if HTTP',
    'use_backend other-{id} if { hdr(host) -i other.example.com }',
  ],
  sections: 'backend other-{id}\n  mode tcp\n  server s2 {server}',
  send,
  sees: ['answer', 'server'],
})

export const cases: readonly LanguageCase[] = [
  order('nothing stops', '/', [
    'action:tcp-request connection set-var',
    'action:tcp-request session set-var',
    'action:tcp-request content set-var',
    'keyword:tcp-request session',
  ]),
  order('content asks the request', '/content', ['keyword:tcp-request content']),
  order('content accepts', '/accept', ['action:tcp-request content accept']),
  order('content rejects', '/reject', ['action:tcp-request content reject']),
  order('the frontend allows', '/allow', ['action:http-request allow']),
  order('the frontend denies', '/deny', ['action:http-request deny']),
  order('the frontend returns', '/return', ['action:http-request return']),
  order('the backend rejects', '/backend-reject', ['action:tcp-request content reject']),
  order('the backend denies', '/backend-deny', ['action:http-request deny']),
  order('the backend allows the response', '/', ['action:http-response allow'], 'x-allow: 1\r\n'),
  order('the frontend denies the response', '/', ['action:http-response deny'], 'x-deny: 1\r\n'),
  order('the frontend answers in place of the response', '/', ['action:http-response return'], 'x-return: 1\r\n'),
  {
    name: 'a session is rejected',
    covers: ['action:tcp-request session reject'],
    frontend: ['tcp-request session reject if { src 127.0.0.9 }'],
    from: '127.0.0.9',
  },
  {
    name: 'a session is accepted before it is rejected',
    covers: ['action:tcp-request session accept'],
    frontend: ['tcp-request session accept if { src 127.0.0.9 }', 'tcp-request session reject'],
    from: '127.0.0.9',
  },
  responses('a response passes', 200, ['action:tcp-response content set-var', 'keyword:tcp-response content']),
  responses('a response is rejected', 404, ['action:tcp-response content reject']),
  responses('a response closes its server', 405, ['action:tcp-response content close']),
  responses('a response is accepted', 406, ['action:tcp-response content accept']),
  responses('a response is allowed', 407, ['action:http-response allow']),
  inspected('bytes are accepted', 'good words', ['action:tcp-response content accept']),
  inspected('bytes are rejected', 'bad words', ['action:tcp-response content reject']),
  inspected('bytes close', 'end words', ['action:tcp-response content close']),
  inspected('too few bytes', 'g', []),
  inspected('bytes that no rule is about', 'god', ['keyword:tcp-response content']),
  firstBytes('first bytes: a request for one', get('/yes')),
  firstBytes('first bytes: a request for the other', 'GET / HTTP/1.1\r\nHost: OTHER.example.com\r\n\r\n'),
  firstBytes('first bytes: a request that is rejected', get('/no')),
  firstBytes('first bytes: a request in two parts', ['GET /yes HTTP/1.1\r\nHost: other.exam', 'ple.com\r\n\r\n']),
]
