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

export const cases: readonly LanguageCase[] = [
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
