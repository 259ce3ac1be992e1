/** Cases of the switch: backends that are unpublished or disabled, and rules that lead to them all the same. */
import type { LanguageCase } from '../case.js'

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`
const says = (text: string): string => `  http-request return status 200 content-type text/plain string ${text}\n`
const answers = (text: string): string =>
  `HTTP/1.1 200 OK\ncontent-length: ${text.length}\ncontent-type: text/plain\n[body, length] ${text}`
const newer = { since: '3.5' } as const

export const cases: readonly LanguageCase[] = [
  {
    ...newer,
    name: 'an unpublished backend is passed over',
    covers: ['keyword:be-unpublished'],
    frontend: ['use_backend new-{id}', 'use_backend old-{id}'],
    sections: `backend new-{id}\n  be-unpublished\n${says('new')}backend old-{id}\n${says('old')}`,
    expect: answers('old'),
  },
  {
    ...newer,
    name: 'one that a text names is passed over, too',
    covers: ['keyword:be-unpublished'],
    frontend: ['use_backend %[path,word(1,/)]-{id}', 'use_backend old-{id}'],
    sections: `backend new-{id}\n  be-unpublished\n${says('new')}backend old-{id}\n${says('old')}`,
    send: get('/new'),
    expect: answers('old'),
  },
  {
    ...newer,
    name: 'a default backend is passed over: nobody is left',
    covers: ['keyword:be-unpublished'],
    backend: ['be-unpublished', 'http-request return status 200'],
    frontend: ['http-error status 503 content-type text/plain string nobody'],
    expect: 'HTTP/1.1 503 Service Unavailable\ncontent-length: 6\ncontent-type: text/plain\n[body, length] nobody',
  },
  {
    ...newer,
    name: 'whoever may is led to it',
    covers: ['keyword:force-be-switch'],
    frontend: [
      'acl tester req.hdr(x-test) -m found',
      'force-be-switch if tester',
      'use_backend new-{id} if { path /n }',
      'use_backend old-{id}',
    ],
    sections: `backend new-{id}\n  be-unpublished\n${says('new')}backend old-{id}\n${says('old')}`,
    send: [get('/n'), 'GET /n HTTP/1.1\r\nHost: x\r\nX-Test: 1\r\n\r\n'],
    expect: `${answers('old')}\n${answers('new')}`,
  },
  {
    ...newer,
    name: 'one of several conditions is enough, and for a default backend, too',
    covers: ['keyword:force-be-switch'],
    frontend: ['force-be-switch if { path /a }', 'force-be-switch unless { path_beg / }', 'force-be-switch if TRUE'],
    backend: ['be-unpublished', 'http-request return status 200 content-type text/plain string forced'],
    expect: answers('forced'),
  },
  {
    ...newer,
    name: 'a disabled backend is led to by force',
    covers: ['keyword:force-be-switch', 'keyword:disabled'],
    frontend: ['force-be-switch if { path /by-force }', 'use_backend off-{id}', 'use_backend old-{id}'],
    sections: `backend off-{id}\n  disabled\n${says('off')}backend old-{id}\n${says('old')}`,
    send: [get('/'), get('/by-force')],
    expect: `${answers('old')}\n${answers('off')}`,
  },
  {
    ...newer,
    name: 'a condition is needed',
    covers: [],
    frontend: ['force-be-switch'],
    sees: ['load'],
    expect: "'force-be-switch' requires either 'if' or 'unless' followed by a condition.",
  },
  {
    ...newer,
    name: 'not in a backend',
    covers: [],
    backend: ['force-be-switch if TRUE', 'server s1 {server}'],
    sees: ['load'],
    expect: "'force-be-switch'",
  },
  {
    ...newer,
    name: 'a condition of the response',
    covers: [],
    frontend: ['force-be-switch if { status 200 }'],
    sees: ['load'],
    expect: "cannot be asked in a 'force-be-switch rule'",
  },
]
