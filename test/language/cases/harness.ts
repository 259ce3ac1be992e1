/** Cases of the harness itself: each way of writing one, and each sight of it. */
import type { LanguageCase } from '../case.js'

export const cases: readonly LanguageCase[] = [
  { name: 'a path', covers: ['fetch:path'], expression: 'path', send: 'GET /a/b?c HTTP/1.1\r\nHost: x\r\n\r\n' },
  { name: 'no path', covers: ['fetch:path'], expression: 'path', send: 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n' },
  { name: 'a format', covers: ['fetch:method', 'fetch:src'], format: '%[method] of %[src]' },
  { name: 'from elsewhere', covers: ['fetch:src'], expression: 'src', from: '127.0.0.9' },
  { name: 'where it listens', covers: ['fetch:dst_port'], expression: 'dst_port' },
  { name: 'yes', covers: ['match:beg'], condition: '{ path_beg /a }', send: 'GET /abc HTTP/1.1\r\nHost: x\r\n\r\n' },
  {
    name: 'no',
    covers: ['match:beg', 'keyword:acl'],
    frontend: ['acl is_a path_beg /a'],
    condition: 'is_a',
    send: 'GET /bc HTTP/1.1\r\nHost: x\r\n\r\n',
  },
  { name: 'or in capitals', covers: [], condition: '{ path /a } OR { path / }' },
  { name: 'quotes', covers: ['fetch:str'], expression: `str("it's")` },
  { name: 'in the response', covers: ['fetch:status'], at: 'response', expression: 'status' },
  {
    name: 'an answer whole',
    covers: ['action:http-request deny'],
    frontend: ['http-request deny deny_status 429'],
  },
  {
    name: 'what the server gets',
    covers: ['action:http-request set-header'],
    frontend: ['http-request set-header X-Case "%[path]"'],
    backend: ['http-response set-header X-Server yes'],
    sees: ['answer', 'server'],
  },
  {
    name: 'two requests',
    covers: ['fetch:path'],
    expression: 'path',
    send: ['GET /1 HTTP/1.1\r\nHost: x\r\n\r\n', 'GET /2 HTTP/1.1\r\nHost: x\r\n\r\n'],
  },
  {
    name: 'bytes as they are',
    covers: [],
    mode: 'tcp',
    send: 'anything',
    origin: 'something',
  },
  { name: 'a log line', covers: ['keyword:option httplog'], frontend: ['option httplog'], sees: ['log'] },
  {
    name: 'patterns in a file',
    covers: ['flag:-f'],
    condition: '{ path -f {dir}/paths }',
    files: { paths: '/x\n/y\n' },
    send: 'GET /y HTTP/1.1\r\nHost: x\r\n\r\n',
  },
  {
    name: 'a fault',
    covers: [],
    expression: 'no_such_fetch',
    sees: ['load'],
    expect: "unknown fetch method 'no_such_fetch'",
  },
  {
    name: 'limits of the process',
    covers: [],
    global: ['maxconn 50'],
    expression: 'always_true',
  },
]
