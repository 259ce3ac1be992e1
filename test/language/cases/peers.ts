/** Sections of peers, as far as one process shows them: their tables, what the process is called, and what is refused. What peers tell each other is shown elsewhere. */
import type { LanguageCase } from '../case.js'

const section = (...lines: readonly string[]): string =>
  ['peers mesh-{id}', ...lines.map((line) => `  ${line}`)].join('\n')

const loads = (name: string, lines: readonly string[], expect?: string): LanguageCase => ({
  name,
  covers: expect === undefined ? [] : ['section:peers'],
  global: ['localpeer here'],
  sections: section(...lines),
  sees: ['load'],
  ...(expect === undefined ? {} : { expect }),
})

export const cases: readonly LanguageCase[] = [
  {
    name: 'a table of a section, by its whole name',
    covers: ['section:peers'],
    global: ['localpeer here'],
    sections: section('peer here', 'table seen type ip size 10 store http_req_cnt'),
    frontend: ['http-request track-sc0 src table mesh-{id}/seen'],
    expression: 'src_http_req_cnt(mesh-{id}/seen)',
  },
  {
    name: 'the same name as that of a proxy is another table',
    covers: ['section:peers'],
    global: ['localpeer here'],
    sections: [
      section('peer here', 'table both-{id} type ip size 10 store http_req_cnt'),
      'backend both-{id}\n  stick-table type ip size 10 store http_req_cnt peers mesh-{id}',
    ].join('\n'),
    frontend: ['http-request track-sc0 src table both-{id}', 'http-request track-sc1 src table both-{id}'],
    format: '%[src_http_req_cnt(both-{id})] %[src_http_req_cnt(mesh-{id}/both-{id})]',
  },
  {
    name: 'what this process is called',
    covers: ['global:localpeer'],
    global: ['localpeer here'],
    expression: 'env(HAPROXY_LOCALPEER)',
  },
  loads('peers by address', ['peer here 127.0.0.1:10000', 'peer there 127.0.0.1:10001']),
  loads('peers and where to listen', ['bind 127.0.0.1:10000', 'server here', 'server there 127.0.0.1:10001']),
  loads('no member', ['peer there 127.0.0.1:10001']),
  loads('switched off', ['disabled', 'peer here 127.0.0.1:10000']),
  loads('a path', ['peer here /tmp/here.sock', 'peer there /tmp/there.sock']),
  loads('checks of peers', ['peer here 127.0.0.1:10000', 'peer there 127.0.0.1:10001 check inter 2s']),
  loads('an unknown word', ['peer here 127.0.0.1:10000', 'foo'], "unknown keyword 'foo' in 'peers' section"),
  loads('an unknown word of a peer', ['peer here 127.0.0.1:10000 foo'], "unknown keyword 'foo'"),
  loads('an unknown word of a place', ['bind 127.0.0.1:10000 foo', 'server here'], "unknown keyword 'foo'"),
  loads('no port', ['peer here 127.0.0.1'], 'missing port specification'),
  loads('the local peer twice', ['peer here 127.0.0.1:10000', 'peer here 127.0.0.1:10001'], 'already referenced'),
  loads('peer and bind', ['bind 127.0.0.1:10000', 'peer here'], 'mixing "peer" and "bind" line is forbidden'),
  loads(
    'two places',
    ['bind 127.0.0.1:10000', 'bind 127.0.0.1:10001', 'server here'],
    'One listener per "peers" section',
  ),
  loads(
    'an address too many',
    ['bind 127.0.0.1:10000', 'server here 127.0.0.1:10001'],
    "unknown keyword '127.0.0.1:10001'",
  ),
  loads('an odd name', ['peer he!re 127.0.0.1:10000'], "character '!' is not permitted"),
  loads('a table without a size', ['peer here 127.0.0.1:10000', 'table seen type ip'], 'missing size'),
  loads(
    'peers of a table of peers',
    ['peer here', 'table seen type ip size 10 peers mesh-{id}'],
    "unknown argument 'peers'",
  ),
  {
    ...loads('an unknown section', ['peer here'], 'unable to find sync peers'),
    backend: ['stick-table type ip size 10 peers other-{id}', 'server s1 {server}'],
  },
  {
    ...loads('a section twice', ['peer here'], 'has the same name as another peers section'),
    sections: `${section('peer here')}\n${section('peer here')}`,
  },
]
