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
  ...['%{+Q,+X}ci', '%{+E,+X}ci', '%{+Q,+X}fi', '%{+Q,+X}si', '%{+X,+Q}bi'].map((format) => ({
    name: `digits without quotes: ${format}`,
    covers: [],
    format,
  })),
  ...['%{+X}lc', '%{+Q,+X}lc', '%lc'].map((format) => ({
    name: `lines before, ${format}`,
    covers: ['alias:%lc'],
    format,
  })),
  ...['ge 1.5', 'gt 1.5', 'lt 1.5', 'le 1.5', 'ge 1.2.3', 'gt 1.70000', 'ge 1.2x', 'lt 70000.', 'ge 1.5 eq 0'].flatMap(
    (words) =>
      [0, 1, 2, 70_000].map((number) => ({
        name: `a dot behind an operator: ${number} ${words}`,
        covers: [],
        condition: `{ int(${number}) -m int ${words} }`,
      })),
  ),
  ...['{ path -m len ge 1.5 }', '{ path -m len lt 1.5 }'].map((condition) => ({
    name: `a dot behind an operator: ${condition}`,
    covers: [],
    condition,
  })),
  ...[
    'nbproc lt 9223372036854775808',
    'nbproc ge 1x',
    'nbproc gt .5',
    'req.ssl_ver gt 1.70000',
    'req.ssl_ver ge 1.',
  ].map((words) => ({
    name: `no number behind an operator: ${words}`,
    covers: [],
    sees: ['load'] as const,
    frontend: [`http-request deny if { ${words} }`],
    expect: 'is not a',
  })),
  ...['proc', 'sess', 'txn', 'req', 'res', 'check'].flatMap((scope) =>
    (['request', 'response'] as const).map((at) => ({
      name: `a default in the scope ${scope} of a ${at}`,
      covers: ['fetch:var'],
      expression: `var(${scope}.nobody,5)`,
      at,
    })),
  ),
  ...['str(da),language(,)', 'str(da),language(en,)', 'str(da),language(da,)', 'str(da),language(en,xx)'].map(
    (words) => ({
      name: `found: ${words}`,
      covers: ['converter:language'],
      condition: `{ ${words} -m found }`,
    }),
  ),
  ...['req.fhdr(x-a,99999999999)', 'req.hdr(x-a,9223372036854775807)', 'req.hdr_val(x-a,99999999999999999999)'].map(
    (words) => ({
      name: `no field is that far behind: ${words}`,
      covers: [],
      condition: `{ ${words} -m found }`,
      send: fields,
      differs: 'HAProxy counts in 32 bits, and dies of some numbers',
      expect: 'no',
    }),
  ),
]
