/** Cases of the questions about connections: addresses, ports, errors, names of listeners and frontends. */
import type { LanguageCase } from '../case.js'

const asked = (
  fetch: string,
  expressions: readonly string[],
  more: Partial<LanguageCase> = {},
  note = '',
): readonly LanguageCase[] =>
  expressions.map((expression) => ({ name: `${expression}${note}`, covers: [`fetch:${fetch}`], expression, ...more }))

const answered = (fetch: string, expressions: readonly string[]): readonly LanguageCase[] =>
  asked(fetch, expressions, { at: 'response' }, ' in the response')

const tested = (fetch: string, conditions: readonly string[]): readonly LanguageCase[] =>
  conditions.map((condition) => ({ name: condition, covers: [`fetch:${fetch}`], condition }))

const newer = (
  since: string,
  fetch: string,
  expression: string,
  expect: string,
  at: 'request' | 'response' = 'request',
): LanguageCase => ({
  name: `${expression} in the ${at}`,
  covers: [`fetch:${fetch}`],
  since,
  expression,
  expect,
  at,
})

export const cases: readonly LanguageCase[] = [
  ...['src', 'fc_src'].flatMap((fetch) => [
    ...asked(fetch, [fetch, `${fetch},hex`]),
    ...asked(fetch, [fetch], { from: '127.0.0.9' }, ' from elsewhere'),
    ...answered(fetch, [fetch]),
    ...tested(fetch, [
      `{ ${fetch} 127.0.0.0/8 }`,
      `{ ${fetch} 127.0.0.1 }`,
      `{ ${fetch} 10.0.0.0/8 }`,
      `{ ${fetch} -m found }`,
    ]),
  ]),
  ...['dst', 'fc_dst'].flatMap((fetch) => [
    ...asked(fetch, [fetch]),
    ...answered(fetch, [fetch]),
    ...tested(fetch, [`{ ${fetch} 127.0.0.1 }`]),
  ]),
  ...['dst_port', 'fc_dst_port'].flatMap((fetch) => asked(fetch, [fetch])),
  ...['src_port', 'fc_src_port'].flatMap((fetch) => tested(fetch, [`{ ${fetch} gt 1023 }`, `{ ${fetch} 80 }`])),
  ...['src_is_local', 'dst_is_local', 'fc_src_is_local', 'fc_dst_is_local'].flatMap((fetch) => asked(fetch, [fetch])),
  ...asked('src_is_local', ['src_is_local'], { from: '127.0.0.9' }, ' from elsewhere'),
  ...asked('dst_conn', ['dst_conn'], { alone: true }),
  ...asked('fc_http_major', ['fc_http_major']),
  ...asked('bc_http_major', ['bc_http_major'], { sees: ['load'] }, ' loads'),
  ...answered('bc_http_major', ['bc_http_major']),
  ...answered('bc_dst', ['bc_dst', 'bc_dst_port']),
  {
    name: 'bc_src in the response',
    covers: ['fetch:bc_src'],
    frontend: ['http-response set-header x yes if { bc_src -m found }'],
  },
  {
    name: 'bc_src_port',
    covers: ['fetch:bc_src_port'],
    frontend: ['http-response set-header x yes if { bc_src_port gt 1023 }'],
  },
  {
    name: 'bc_dst_port',
    covers: ['fetch:bc_dst_port'],
    frontend: ['http-response set-header x %[bc_dst_port]'],
  },
  ...asked('fc_err', ['fc_err']),
  ...asked('fc_err_str', ['fc_err_str']),
  ...answered('bc_err', ['bc_err']),
  ...answered('bc_err_str', ['bc_err_str']),
  {
    name: 'why a server could not be reached',
    covers: ['fetch:bc_err', 'fetch:bc_err_str'],
    backend: ['retries 0', 'server s1 127.0.0.1:1', 'http-after-response set-header x "%[bc_err] %[bc_err_str]"'],
    patience: 4000,
  },
  ...asked('fc_rcvd_proxy', ['fc_rcvd_proxy']),
  ...asked('ssl_fc', ['ssl_fc', 'ssl_fc,iif(yes,no)']),
  ...asked('fc_pp_authority', ['fc_pp_authority']),
  ...asked('fc_pp_unique_id', ['fc_pp_unique_id']),
  ...asked('fe_name', ['fe_name']),
  ...answered('fe_name', ['fe_name']),
  ...asked('fe_id', ['fe_id,bool']),
  { name: 'fe_id of a number', covers: ['fetch:fe_id', 'keyword:id'], frontend: ['id 70001'], expression: 'fe_id' },
  ...asked('fe_defbe', ['fe_defbe']),
  {
    name: 'no default backend',
    covers: ['fetch:fe_defbe'],
    frontend: ['default_backend %[str(x)]'],
    expression: 'fe_defbe',
  },
  ...asked('fe_client_timeout', ['fe_client_timeout']),
  {
    name: 'a longer timeout',
    covers: ['fetch:fe_client_timeout'],
    frontend: ['timeout client 3m'],
    expression: 'fe_client_timeout',
  },
  ...asked('so_id', ['so_id']),
  { name: 'so_id of a number', covers: ['fetch:so_id'], bind: 'id 77', expression: 'so_id' },
  ...asked('so_name', ['so_name']),
  { name: 'so_name of a name', covers: ['fetch:so_name', 'bind:name'], bind: 'name here', expression: 'so_name' },
  ...asked('http_first_req', ['http_first_req'], {
    send: ['GET /1 HTTP/1.1\r\nHost: x\r\n\r\n', 'GET /2 HTTP/1.1\r\nHost: x\r\n\r\n'],
  }),
  ...tested('http_first_req', ['{ http_first_req }', 'HTTP']),
  ...['fc_rtt', 'fc_rttvar', 'fc_unacked', 'fc_sacked', 'fc_retrans', 'fc_fackets', 'fc_lost', 'fc_reordering'].map(
    (fetch): LanguageCase => ({
      name: fetch,
      covers: [`fetch:${fetch}`],
      condition: `{ ${fetch} ge 0 }`,
      differs: 'Node does not tell what the kernel knows of a connection',
      expect: 'no',
    }),
  ),
  ...['bc_rtt', 'bc_rttvar', 'fc_saved_syn'].map(
    (fetch): LanguageCase => ({
      name: fetch,
      covers: [`fetch:${fetch}`],
      since: '3.0',
      at: 'response',
      expression: fetch,
      expect: '',
    }),
  ),
  newer('2.7', 'fc_err_name', 'fc_err_name', ''),
  newer('2.7', 'bc_err_name', 'bc_err_name', '', 'response'),
  newer('3.0', 'bc_reused', 'bc_reused', '0', 'response'),
  newer('3.0', 'fc_glitches', 'fc_glitches', '0'),
  newer('3.0', 'bc_glitches', 'bc_glitches', '0', 'response'),
  newer('3.0', 'fc_nb_streams', 'fc_nb_streams', '1'),
  newer('3.0', 'bc_nb_streams', 'bc_nb_streams', '1', 'response'),
  newer('3.0', 'fc_settings_streams_limit', 'fc_settings_streams_limit', '1'),
  newer('3.0', 'bc_settings_streams_limit', 'bc_settings_streams_limit', '1', 'response'),
  newer('3.0', 'fs.id', 'fs.id', '1'),
  newer('3.0', 'bs.id', 'bs.id', '1', 'response'),
  newer('3.0', 'fs.aborted', 'fs.aborted', '0'),
  newer('3.0', 'bs.aborted', 'bs.aborted', '0', 'response'),
  newer('3.0', 'accept_date', 'accept_date,sub(1000),div(1000000000000)', '0'),
  newer('3.0', 'request_date', 'request_date,div(1000000000000)', '0'),
]
