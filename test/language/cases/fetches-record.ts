/** Cases of the questions about how a transaction has gone so far: timers, counts, its end. */
import type { LanguageCase } from '../case.js'

const newer = (
  since: string,
  fetch: string,
  expression: string,
  expect: string,
  more: Partial<LanguageCase> = {},
): LanguageCase => ({
  name: `${expression}${more.at === undefined ? '' : ` in the ${more.at}`}`,
  covers: [`fetch:${fetch}`],
  since,
  expression,
  expect,
  ...more,
})

/** In a log line, when it is over. */
const logged = (
  since: string,
  fetch: string,
  expression: string,
  expect: string,
  more: Partial<LanguageCase> = {},
): LanguageCase => ({
  name: `${expression} in a log${more.backend === undefined ? '' : ' of a failure'}`,
  covers: [`fetch:${fetch}`],
  since,
  // With %ts, the line is not written before the end.
  frontend: [`log-format "<%[${expression}]> %ts"`],
  sees: ['log'],
  expect: `[log] <134>{date} haproxy[{pid}]: <${expect}> ${more.backend === undefined ? '--' : 'SC'}`,
  ...more,
})

const refused: Partial<LanguageCase> = { backend: ['retries 0', 'server s1 127.0.0.1:1'], patience: 4000 }

export const cases: readonly LanguageCase[] = [
  newer('3.0', 'txn.conn_retries', 'txn.conn_retries', '0', { at: 'response' }),
  newer('3.0', 'txn.redispatched', 'txn.redispatched', '0', { at: 'response' }),
  newer('3.0', 'txn.status', 'txn.status', '201', {
    at: 'response',
    origin: 'HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n',
  }),
  newer('3.0', 'server_status', 'server_status', '404', {
    at: 'response',
    origin: 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n',
  }),
  {
    name: 'what the server said, and what is said',
    covers: ['fetch:server_status', 'fetch:txn.status'],
    since: '3.0',
    frontend: [
      'http-response set-status 207',
      'http-response set-header x "%[server_status] %[status]"',
      'log-format "%[server_status] %[txn.status]"',
    ],
    sees: ['log'],
    expect: '[log] <134>{date} haproxy[{pid}]: 200 207',
  },
  logged('3.0', 'server_status', 'server_status', '-', refused),
  logged('3.0', 'txn.status', 'txn.status', '503', refused),
  newer('3.0', 'txn.id32', 'txn.id32,mul(0)', '0'),
  newer('3.0', 'txn.sess_term_state', 'txn.sess_term_state', '--'),
  logged('3.0', 'txn.sess_term_state', 'txn.sess_term_state', 'SC', refused),
  logged('3.0', 'txn.sess_term_state', 'txn.sess_term_state', '--'),
  newer('3.0', 'req.timer.idle', 'req.timer.idle,mul(0)', '0'),
  newer('3.0', 'req.timer.hdr', 'req.timer.hdr', '0'),
  newer('3.0', 'req.timer.tq', 'req.timer.tq,mul(0)', '0'),
  newer('3.0', 'fc.timer.handshake', 'fc.timer.handshake', '0'),
  newer('3.0', 'req.timer.queue', 'req.timer.queue', '0', { at: 'response' }),
  newer('3.0', 'bc.timer.connect', 'bc.timer.connect,mul(0)', '0', { at: 'response' }),
  newer('3.0', 'res.timer.hdr', 'res.timer.hdr,mul(0)', '0', { at: 'response' }),
  logged('3.0', 'res.timer.data', 'res.timer.data,mul(0)', '0'),
  logged('3.0', 'txn.timer.total', 'txn.timer.total,mul(0)', '0'),
  logged('3.0', 'txn.timer.user', 'txn.timer.user,mul(0)', '0'),
  logged('3.0', 'fc.timer.total', 'fc.timer.total,mul(0)', '0'),
  logged('3.0', 'bc.timer.connect', 'bc.timer.connect', '-1', refused),
  logged('3.0', 'bytes_in', 'bytes_in', '41'),
  logged('3.0', 'bytes_out', 'bytes_out', '40'),
  logged('3.2', 'req.bytes_in', 'req.bytes_in', '41'),
  logged('3.2', 'res.bytes_in', 'res.bytes_in', '40'),
  logged('3.2', 'req.bytes_out', 'req.bytes_out', '41'),
  logged('3.2', 'res.bytes_out', 'res.bytes_out', '40'),
  logged('3.0', 'bc_be_queue', 'bc_be_queue', '0'),
  logged('3.0', 'bc_srv_queue', 'bc_srv_queue', '0'),
  {
    name: 'the rule that ended it',
    covers: ['fetch:last_rule_line', 'fetch:last_rule_file'],
    frontend: ['http-request deny if { path / }', 'log-format "%[last_rule_file,length,bool] %[last_rule_line,bool]"'],
    sees: ['log'],
  },
  {
    name: 'no rule ended it',
    covers: ['fetch:last_rule_line', 'fetch:last_rule_file'],
    frontend: ['http-request set-header x y', 'log-format "<%[last_rule_file]> <%[last_rule_line]>"'],
    sees: ['log'],
  },
  logged('3.0', 'last_entity', 'last_entity', '-'),
  logged('3.0', 'waiting_entity', 'waiting_entity', '-'),
]
