/** Cases of the questions about proxies and servers. */
import type { LanguageCase } from '../case.js'

const asked = (
  fetch: string,
  expressions: readonly string[],
  more: Partial<LanguageCase> = {},
  note = '',
): readonly LanguageCase[] =>
  expressions.map((expression) => ({ name: `${expression}${note}`, covers: [`fetch:${fetch}`], expression, ...more }))

const pool = [
  'balance roundrobin',
  'server a {server} weight 10 maxconn 20',
  'server b {server} weight 20',
  'server c {server} weight 5 disabled',
  'server d {server} weight 7 backup',
]

const sections = `backend pool-{id}\n  ${pool.join('\n  ')}\nbackend limited-{id}\n  server a {server} maxconn 10\n  server b {server} maxconn 6\nbackend none-{id}`

const newer = (
  since: string,
  fetch: string,
  expression: string,
  expect: string,
  more: Partial<LanguageCase> = {},
): LanguageCase => ({
  name: expression,
  covers: [`fetch:${fetch}`],
  since,
  expression,
  expect,
  ...more,
})

/** In the backend of the case, when it is entered. */
const within = (
  fetch: string,
  expressions: readonly string[],
  backend: readonly string[] = [],
): readonly LanguageCase[] =>
  expressions.map((expression) => ({
    name: `${expression} in a backend${backend.length === 0 ? '' : ` with ${backend.join()}`}`,
    covers: [`fetch:${fetch}`],
    backend: [...backend, `http-request set-header x-seen "%[${expression}]"`],
    sees: ['server'],
  }))

const answered = (fetch: string, expressions: readonly string[]): readonly LanguageCase[] =>
  asked(fetch, expressions, { at: 'response' }, ' in the response')

export const cases: readonly LanguageCase[] = [
  ...['nbsrv', 'queue', 'avg_queue', 'connslots', 'be_conn', 'be_conn_free', 'be_sess_rate'].flatMap((fetch) => [
    ...asked(fetch, [`${fetch}(pool-{id})`, `${fetch}(limited-{id})`, `${fetch}(none-{id})`], { sections }),
    ...asked(fetch, [`${fetch}(nobody)`]),
    ...asked(fetch, [fetch], {}, ' of a frontend'),
    ...within(fetch, [fetch]),
  ]),
  { name: 'nbsrv in a condition', covers: ['fetch:nbsrv'], sections, condition: '{ nbsrv(pool-{id}) ge 2 }' },
  { name: 'nbsrv of none', covers: ['fetch:nbsrv'], sections, condition: '{ nbsrv(none-{id}) lt 1 }' },
  ...[
    'srv_conn',
    'srv_conn_free',
    'srv_is_up',
    'srv_iweight',
    'srv_uweight',
    'srv_weight',
    'srv_queue',
    'srv_sess_rate',
  ].flatMap((fetch) => [
    ...asked(
      fetch,
      ['a', 'b', 'c', 'd'].map((server) => `${fetch}(pool-{id}/${server})`),
      { sections },
    ),
    ...asked(fetch, [`${fetch}(pool-{id}/x)`, `${fetch}(nobody/a)`, fetch], { sections }),
    ...within(fetch, [`${fetch}(s1)`]),
  ]),
  { name: 'srv_is_up in a condition', covers: ['fetch:srv_is_up'], sections, condition: '{ srv_is_up(pool-{id}/a) }' },
  {
    name: 'srv_is_up of one that is disabled',
    covers: ['fetch:srv_is_up'],
    sections,
    condition: '{ srv_is_up(pool-{id}/c) }',
  },
  ...['fe_conn', 'fe_req_rate', 'fe_sess_rate'].flatMap((fetch) => [
    ...asked(fetch, [fetch, `${fetch}({frontend})`]),
    ...asked(fetch, [`${fetch}(nobody)`]),
  ]),
  ...within('be_name', ['be_name']),
  ...within('be_id', ['be_id,bool']),
  ...within('be_server_timeout', ['be_server_timeout']),
  ...within('be_tunnel_timeout', ['be_tunnel_timeout']),
  ...within('be_tunnel_timeout', ['be_tunnel_timeout'], ['timeout tunnel 1h']),
  ...within('be_server_timeout', ['be_server_timeout'], ['timeout server 90s']),
  ...within('cur_server_timeout', ['cur_server_timeout']),
  ...within('cur_tunnel_timeout', ['cur_tunnel_timeout'], ['timeout tunnel 1h']),
  ...within('cur_server_timeout', ['cur_server_timeout'], ['http-request set-timeout server 7s']),
  ...within('cur_tunnel_timeout', ['cur_tunnel_timeout'], ['http-request set-timeout tunnel 8s']),
  ...answered('cur_server_timeout', ['cur_server_timeout']),
  ...answered('cur_tunnel_timeout', ['cur_tunnel_timeout']),
  ...answered('be_name', ['be_name']),
  ...answered('be_id', ['be_id,bool']),
  ...answered('srv_name', ['srv_name']),
  ...answered('srv_id', ['srv_id']),
  { name: 'the number of a server', covers: ['fetch:srv_id'], at: 'response', server: 'id 42', expression: 'srv_id' },
  {
    name: 'be_name in a frontend',
    covers: ['fetch:be_name'],
    frontend: ['http-request set-var(txn.x) be_name'],
    sees: ['load'],
  },
  {
    name: 'srv_name in a backend',
    covers: ['fetch:srv_name'],
    backend: ['http-request set-var(txn.x) srv_name'],
    sees: ['load'],
  },
  {
    name: 'bc_dst in a backend',
    covers: ['fetch:bc_dst'],
    backend: ['http-request set-var(txn.x) bc_dst'],
    sees: ['load'],
  },
  newer('3.0', 'be_connect_timeout', 'be_connect_timeout', '2000', { at: 'response' }),
  newer('3.0', 'be_queue_timeout', 'be_queue_timeout', '2000', { at: 'response' }),
  newer('3.0', 'fe_tarpit_timeout', 'fe_tarpit_timeout', '2000'),
  newer('3.0', 'be_tarpit_timeout', 'be_tarpit_timeout', '2000', { at: 'response' }),
  newer('3.1', 'be_max_retries', 'be_max_retries', '3', { at: 'response' }),
  newer('3.0', 'cur_connect_timeout', 'cur_connect_timeout', '2000', { at: 'response' }),
  newer('3.0', 'cur_client_timeout', 'cur_client_timeout', '5000'),
  newer('3.0', 'cur_queue_timeout', 'cur_queue_timeout', '2000', { at: 'response' }),
  newer('3.0', 'cur_tarpit_timeout', 'cur_tarpit_timeout', '2000', { at: 'response' }),
  newer('3.1', 'cur_max_retries', 'cur_max_retries', '3', { at: 'response' }),
]
