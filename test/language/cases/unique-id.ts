/** Cases of the ids that transactions have. */
import type { LanguageCase } from '../case.js'

const get = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`

export const cases: readonly LanguageCase[] = [
  {
    name: 'a fetch',
    covers: ['fetch:unique-id', 'keyword:unique-id-format'],
    frontend: ['unique-id-format "id-%[path]-%ci"'],
    expression: 'unique-id',
    send: get('/a'),
  },
  { name: 'no format', covers: ['fetch:unique-id'], expression: 'unique-id' },
  { name: 'no format, in a condition', covers: ['fetch:unique-id'], condition: '{ unique-id -m found }' },
  {
    name: 'made once',
    covers: ['keyword:unique-id-format'],
    frontend: [
      'unique-id-format "%[path]"',
      'http-request set-header x-first "%[unique-id]"',
      'http-request set-path /other',
      'http-request set-header x-second "%[unique-id]"',
    ],
    sees: ['server'],
    send: get('/a'),
  },
  {
    name: 'made before the rules',
    covers: ['keyword:unique-id-format', 'keyword:unique-id-header'],
    frontend: [
      'unique-id-format "%[path]"',
      'unique-id-header X-Id',
      'http-request set-path /other',
      'http-request set-header x-second "%[unique-id]"',
    ],
    sees: ['server'],
    send: get('/a'),
  },
  {
    name: 'made when it is first asked for',
    covers: ['keyword:unique-id-format'],
    frontend: [
      'unique-id-format "%[path]"',
      'http-request set-path /other',
      'http-request set-header x-second "%[unique-id]"',
    ],
    sees: ['server'],
    send: get('/a'),
  },
  {
    name: 'a header',
    covers: ['keyword:unique-id-header', 'keyword:unique-id-format'],
    frontend: ['unique-id-format "%{+X}o id-%cp%[path]"', 'unique-id-header X-Unique-ID'],
    sees: ['server'],
    send: [get('/a'), get('/b')],
    mask: [[/id-[0-9A-F]{4}/g, 'id-PORT']],
  },
  { name: 'a header without a format', covers: [], frontend: ['unique-id-header X-Unique-ID'], sees: ['server'] },
  {
    name: 'a header that is there already',
    covers: ['keyword:unique-id-header'],
    frontend: ['unique-id-format mine', 'unique-id-header X-Id'],
    sees: ['server'],
    send: 'GET / HTTP/1.1\r\nHost: x\r\nX-Id: theirs\r\n\r\n',
  },
  {
    name: 'in the log',
    covers: ['alias:%ID', 'keyword:unique-id-format'],
    frontend: ['unique-id-format "i-%[path]"', 'log-format "%ID %[unique-id]"'],
    sees: ['log'],
    send: get('/a'),
  },
  {
    name: 'only in the log',
    covers: ['alias:%ID'],
    frontend: ['unique-id-format "i-%[path]"', 'log-format "%ID"'],
    sees: ['log'],
    send: get('/a'),
  },
  { name: 'no format in the log', covers: ['alias:%ID'], frontend: ['log-format "<%ID>"'], sees: ['log'] },
  {
    name: 'in the response',
    covers: ['fetch:unique-id'],
    frontend: ['unique-id-format "i-%[src]"', 'http-response set-header x-id %[unique-id]'],
  },
  {
    name: 'in an answer of ours',
    covers: ['fetch:unique-id'],
    frontend: ['unique-id-format "i-%[src]"', 'http-after-response set-header x-id %[unique-id]', 'http-request deny'],
  },
  {
    name: 'in defaults',
    covers: ['keyword:unique-id-format', 'keyword:unique-id-header'],
    defaults: [],
    frontend: ['unique-id-format a', 'unique-id-format b', 'unique-id-header X-A', 'unique-id-header X-B'],
    sees: ['server'],
  },
  {
    name: 'in a TCP proxy',
    covers: ['alias:%ID'],
    mode: 'tcp',
    frontend: ['unique-id-format "i-%[src]"', 'log-format "%ID"'],
    sees: ['log'],
    send: 'hello',
  },
  ...(
    [
      ['no format', 'unique-id-format'],
      ['no name', 'unique-id-header'],
      ['two names', 'unique-id-header a b'],
      ['two formats', 'unique-id-format a b'],
      ['a bad format', 'unique-id-format %[nonsense]'],
      ['a response in a format', 'unique-id-format %[status]'],
    ] as const
  ).map(([name, line]): LanguageCase => ({ name: `a fault: ${name}`, covers: [], frontend: [line], sees: ['load'] })),
  { name: 'a fault: in a backend', covers: [], backend: ['unique-id-format x'], sees: ['load'] },
]
