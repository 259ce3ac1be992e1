/** What chance has found: expressions that HAProxy and fairlead once read in different ways. */
import type { LanguageCase } from '../case.js'

const fields = 'GET /?X=7&X=8 HTTP/1.1\r\nHost: a\r\nX-A: 1,2\r\nX-B: 3, 4\r\n\r\n'

export const cases: readonly LanguageCase[] = [
  ...[
    'hdr(,)',
    "hdr('',1)",
    "hdr('',2)",
    "hdr('',-2)",
    "hdr('',11)",
    "req.fhdr('',2)",
    "req.fhdr('',-1)",
    "hdr_val('',3)",
  ].map((expression) => ({ name: `any field: ${expression}`, covers: ['fetch:req.hdr'], expression, send: fields })),
  ...["{ hdr('',1) -m found }", "{ req.fhdr('',2) -m str '1,2' }", '{ hdr(,) 2 }'].map((condition) => ({
    name: `any field: ${condition}`,
    covers: [],
    condition,
    send: fields,
  })),
  ...['res.none', 'req.none', 'check.none'].map((variable) => ({
    name: `unset-var of ${variable}`,
    covers: ['converter:unset-var'],
    expression: `path,unset-var(${variable})`,
  })),
  ...[
    '{ path,set-var(txn.a) / }',
    '{ path,set-var(txn.a) -m str / }',
    '{ src,unset-var(txn.a) 127.0.0.1 }',
    '{ req.hdrs_bin,set-var(txn.a) -m int 1 }',
    '{ path,set-var(txn.a),lower / }',
  ].map((condition) => ({ name: `the type behind a variable: ${condition}`, covers: [], condition })),
  { name: 'arithmetic behind a variable', covers: [], expression: 'req.hdrs_bin,set-var(txn.a),add(1)' },
  { name: 'a yes behind a variable', covers: [], expression: 'bool(1),set-var(txn.a),lower' },
  { name: 'an address behind a variable', covers: [], expression: 'src,set-var(txn.a),ipmask(8)' },
  ...["{ path '' }", "{ path / '' }", "!{ path -m str '' / }"].map((condition) => ({
    name: `an empty word in braces: ${condition}`,
    covers: [],
    condition,
  })),
  ...["path '' /", "path / ''", "path -m str -i '' /"].map((acl) => ({
    name: `an empty word in an ACL: ${acl}`,
    covers: [],
    frontend: [`acl it ${acl}`],
    condition: 'it',
  })),
  ...["hdr X-D '%[req.hdr(none)]'", "hdr X-D '%{+X}o'", 'hdr X-D a'].map((field) => ({
    name: `an answer with ${field}`,
    covers: [],
    frontend: [`http-request deny ${field}`],
  })),
  ...['%{+X}lc', '%{+Q,+X}lc', '%lc'].map((format) => ({
    name: `lines before, ${format}`,
    covers: ['alias:%lc'],
    format,
  })),
]
