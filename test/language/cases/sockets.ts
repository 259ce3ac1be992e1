/** Listeners, and what the kernel is told of sockets: what a request can see of it, and what the loader says of the rest. */
import type { LanguageCase } from '../case.js'

/** Without effect here, and told so. */
const idle = (name: string, covers: string, more: Partial<LanguageCase>): LanguageCase => ({
  name,
  covers: [covers],
  sees: ['load'],
  expect: 'has no effect here',
  ...more,
})

/** A server at a port that there is not. */
const nowhere = (name: string, server: string, expect: string, more: Partial<LanguageCase> = {}): LanguageCase => ({
  name,
  covers: [],
  backend: [`server s1 ${server}`],
  expression: 'src',
  sees: ['load'],
  expect,
  ...more,
})

/** HAProxy loads these. */
const cut = { differs: 'a port that there is not is refused, wherever it is written' }

export const cases: readonly LanguageCase[] = [
  nowhere('a port of a server beyond the last', '127.0.0.1:65536', 'invalid port 65536: it must be from 0 to 65535'),
  nowhere('a port of a server far beyond the last', '127.0.0.1:70000', 'invalid port 70000'),
  nowhere('a port of a server with many digits', '127.0.0.1:99999999999', "invalid port '99999999999'"),
  nowhere('a port of a server that is no number', '127.0.0.1:http', 'invalid port'),
  nowhere('a difference of ports beyond the last', '127.0.0.1:+70000', 'invalid port 70000', cut),
  nowhere(
    'a port of checks beyond the last',
    '127.0.0.1:80 check port 70000',
    "'port' expects a numeric value between 1 and 65535",
    cut,
  ),
  { name: 'the number of a listener', covers: ['bind:id'], bind: 'id 7001', expression: 'so_id' },
  { name: 'the name of a listener', covers: ['bind:name'], bind: 'name front-door', expression: 'so_name' },
  {
    name: 'a longer backlog',
    covers: ['keyword:backlog'],
    frontend: ['backlog 2000'],
    sees: ['load'],
    expression: 'src',
  },
  {
    name: 'a longer backlog of one listener',
    covers: ['bind:backlog'],
    bind: 'backlog 2000',
    sees: ['load'],
    expression: 'src',
  },
  {
    name: 'a backlog that is no number',
    covers: ['keyword:backlog'],
    frontend: ['backlog many'],
    expression: 'src',
    sees: ['load'],
    differs: 'HAProxy takes a word for 0 here',
    expect: "'backlog' expects an integer",
  },
  {
    name: 'a backlog of a listener that is no number',
    covers: ['bind:backlog'],
    bind: 'backlog many',
    expression: 'src',
    sees: ['load'],
    differs: 'HAProxy takes a word for 0 here',
    expect: "'backlog' expects an integer",
  },
  {
    name: 'a limit of a listener that is no number',
    covers: ['bind:maxconn'],
    bind: 'maxconn many',
    expression: 'src',
    sees: ['load'],
    differs: 'HAProxy takes a word for 0 here',
    expect: "'maxconn' expects an integer",
  },
  idle('questions between two', 'keyword:clitcpka-intvl', { frontend: ['clitcpka-intvl 5s'], expression: 'src' }),
  idle('questions to a client', 'keyword:clitcpka-cnt', { frontend: ['clitcpka-cnt 5'], expression: 'src' }),
  idle('questions between two, of servers', 'keyword:srvtcpka-intvl', {
    backend: ['srvtcpka-intvl 5s'],
    expression: 'src',
  }),
  idle('questions to a server', 'keyword:srvtcpka-cnt', { backend: ['srvtcpka-cnt 5'], expression: 'src' }),
]
