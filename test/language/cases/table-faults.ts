/** Words of tables, tracking, stick rules, cookies and peers that are used wrongly, or nearly so: whether they load. */
import type { LanguageCase } from '../case.js'

const tables = [
  ['ip', 'type ip size 10 expire 1m store gpc0,conn_cnt,conn_rate(1s)'],
  ['text', 'type string len 10 size 10 expire 1m store gpc0'],
  ['number', 'type integer size 10 expire 1m store gpc0'],
  ['bytes', 'type binary len 4 size 10 expire 1m store gpc0'],
].map(([name, words]) => `backend ${name}-{id}\n  stick-table ${words}`)

/** Lines that are loaded one by one. */
const each = (
  group: string,
  lines: readonly string[],
  place: (line: string) => Partial<LanguageCase>,
  expect?: Readonly<Record<string, string>>,
): LanguageCase[] =>
  lines.map((line) => ({
    name: `${group}: ${line}`,
    covers: [],
    sees: ['load'],
    sections: tables.join('\n'),
    ...place(line),
    ...(expect?.[line] === undefined ? {} : { expect: expect[line] }),
  }))

const inFrontend = (line: string): Partial<LanguageCase> => ({ frontend: [line] })
const inBackend = (line: string): Partial<LanguageCase> => ({ backend: [line, 'server s1 {server}'] })
const asSection = (text: string): Partial<LanguageCase> => ({ sections: text.replaceAll(' / ', '\n  ') })
const asTable = (words: string): Partial<LanguageCase> => asSection(`backend odd-{id} / stick-table ${words}`)
const asDeny = (test: string): Partial<LanguageCase> => inFrontend(`http-request deny if { ${test} }`)

const stored = `nosuch;conn_rate;conn_cnt(5);gpc;gpc(101);gpc(0);gpc_rate(2);gpc(2),gpc0;gpt(2),gpt0;conn_cnt,conn_cnt`
  .split(';')
  .map((words) => `type ip size 10 store ${words}`)

const made = [
  'type ip size 10 store',
  'type ip store gpc0',
  'size 10 store gpc0',
  'type nosuch size 10',
  'type ip size 0',
  'type ip size x',
  'type ip size 10 expire x',
  'type ip len 5 size 10',
  'type string len 0 size 10',
  'type ip size 10 foo',
  'type ip size 10 peers nosuch',
  'type ip size 10 peers',
]

const tracked = [
  'http-request track-sc0 src table nosuch',
  'http-request track-sc0 src',
  'http-request track-sc0',
  'http-request track-sc0 src table',
  'http-request track-sc3 src table ip-{id}',
  'tcp-request content track-sc9 src table ip-{id}',
  'http-request track-scx src table ip-{id}',
  'http-request track-sc-1 src table ip-{id}',
  'http-request track-sc0(1) src table ip-{id}',
  'http-request track-sc0 method table ip-{id}',
  'http-request track-sc0 path table ip-{id}',
  'http-request track-sc0 always_true table ip-{id}',
  'http-request track-sc0 req.payload(0,4) table ip-{id}',
  'http-request track-sc0 src_port table ip-{id}',
  'http-request track-sc0 src table text-{id}',
  'http-request track-sc0 always_true table number-{id}',
  'http-request track-sc0 src table number-{id}',
  'http-request track-sc0 src,ipmask(24) table number-{id}',
  'http-request track-sc0 path table bytes-{id}',
  'http-request track-sc0 src table bytes-{id}',
  'tcp-request connection track-sc0 path table text-{id}',
  'tcp-request session track-sc0 path table text-{id}',
  'http-after-response track-sc0 src table ip-{id}',
  'http-response track-sc0 status table number-{id}',
  'http-request track-sc0 status table number-{id}',
  'http-request track-sc0 src table ip-{id} foo',
  'http-request track-sc0 nosuch table ip-{id}',
  'http-request track-sc0 src,nosuch table ip-{id}',
  'http-request track-sc0 src table shared/clients',
]

const changed = [
  ...'gpc0(3) gpc0(x) gpc0 gpc0() gpc0(0 gpc(0) gpc(100,0) gpc(0,3) gpc(0,0,0) gpc2(0) gpc0(1)'
    .split(' ')
    .map((word) => `http-request sc-inc-${word}`),
  ...'gpt0(0) x;gpt0(0) src;gpt0(0) 5 6;gpt0(0) -1;gpt0(3) 1;gpt(0,0) 1;gpt(100,0) 1;gpt0(0) 5000000000;gpt0(0)'
    .split(';')
    .map((words) => `http-request sc-set-${words}`),
  'http-request deny(403)',
]

const asked = [
  'sc0_nosuch gt 1',
  'sc3_conn_cnt gt 1',
  'sc_conn_cnt(3) gt 1',
  'sc_conn_cnt gt 1',
  'sc_conn_cnt(x) gt 1',
  'sc_conn_cnt(0,nosuch) gt 1',
  'sc_conn_cnt(0,text-{id}) gt 1',
  'src_conn_cnt(nosuch) gt 1',
  'src_conn_cnt gt 1',
  'src_get_gpt0(ip-{id}) gt 1',
  'src_get_gpc0(number-{id}) gt 1',
  'src,table_conn_cnt(nosuch) gt 1',
  'src,table_conn_cnt(text-{id}) gt 1',
  'src,table_conn_cnt gt 1',
  'src,in_table(nosuch)',
  'src,in_table',
  'method,in_table(ip-{id})',
  'always_true,in_table(ip-{id})',
  'sc_get_gpc(0) gt 1',
  'sc_get_gpc(100,0) gt 1',
  'sc_get_gpc(0,3) gt 1',
  'table_cnt(nosuch) gt 1',
  'table_avl gt 1',
  'sc_tracked(9)',
]

const stuck = [
  'on src table nosuch',
  'on src',
  'on method table ip-{id}',
  'on always_true table ip-{id}',
  'on path table ip-{id}',
  'on src_port table ip-{id}',
  'on res.hdr(x) table text-{id}',
  'store-response path table text-{id}',
  'store-response res.hdr(x) table text-{id}',
  'nosuch src',
  'on',
  'on src foo',
  'on src table',
  'on src table ip-{id} if nosuch',
  'on rdp_cookie(mstshash) table text-{id}',
].map((words) => `stick ${words}`)

const cookies = [
  '',
  ...`rewrite insert;rewrite prefix;insert prefix;rewrite indirect;prefix indirect;indirect;nocache;rewrite preserve;preserve;postonly;httponly;
    prefix secure;insert nocache preserve;insert maxidle 0;insert maxidle;insert maxidle -5;insert maxlife x;rewrite maxidle 10;prefix maxidle 10;
    insert domain "";insert domain localhost;insert domain;insert domain "a;b";insert attr;foo;insert format x`
    .split(/;(?![a-z]")\s*/)
    .map((words) => `C ${words}`),
].map((words) => `cookie ${words}`.trim())

const persisted = [
  'dynamic-cookie-key k',
  'dynamic-cookie-key',
  'persist',
  'persist nosuch',
  'persist rdp-cookie(',
  'force-persist',
  'ignore-persist',
  'ignore-persist now',
  'option persist yes',
  'no option persist',
]

const peers = [
  '',
  'p-{id} / foo',
  'p-{id} / shards x',
  'p-{id} / bind 127.0.0.1:10000 / bind 127.0.0.1:10001',
  'p-{id} / bind 127.0.0.1:10000 / peer a 127.0.0.1:10001',
  'p-{id} / table',
  'p-{id} / table t type nosuch size 1',
  'p-{id} / peer other 127.0.0.1:10000\nbackend odd-{id} / stick-table type ip size 10 peers p-{id}',
  'p-{id}\npeers p-{id}',
].map((text) => `peers ${text}`.trim())

export const cases: readonly LanguageCase[] = [
  ...each('stored', stored, asTable),
  ...each('made', made, asTable),
  ...each('tracked', tracked, inFrontend),
  ...each('changed', changed, inFrontend),
  ...each('asked', asked, asDeny),
  ...each('stuck', stuck, inBackend),
  ...each('cookie', cookies, inBackend),
  ...each('persisted', persisted, inBackend),
  ...each('cookie of a frontend', ['cookie C insert', 'option persist', 'force-persist if TRUE'], inFrontend),
  ...each('peers', peers, asSection),
  ...each('slots', ['101', '-1', 'x', ''], (count) => ({ global: [`tune.stick-counters ${count}`] })),
]
