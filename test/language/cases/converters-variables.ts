/** Converters around variables, captures, substitutions and names of proxies. */
import type { LanguageCase } from '../case.js'
import { conversions, refusals } from '../support/conversions.js'

export const cases: readonly LanguageCase[] = [
  ...conversions('set-var', [
    'str(a),set-var(txn.a)',
    'str(a),set-var(txn.a),concat(x,txn.a)',
    'str(a),set-var(txn.a,ifnotexists),concat(x,txn.a)',
    'str(a),set-var(txn.a,ifexists),concat(x,txn.a)',
    { set: [['txn.a', 'str(b)']], give: 'str(a),set-var(txn.a,ifexists),concat(x,txn.a)' },
    { set: [['txn.a', 'str(b)']], give: 'str(a),set-var(txn.a,ifnotexists),concat(x,txn.a)' },
    { set: [['txn.a', 'str(b)']], give: 'str(),set-var(txn.a,ifempty),concat(x,txn.a)' },
    { set: [['txn.a', 'str(b)']], give: 'str(),set-var(txn.a,ifnotempty),concat(x,txn.a)' },
    { set: [['txn.a', 'str(b)']], give: 'int(0),set-var(txn.a,ifempty),concat(x,txn.a)' },
    { set: [['txn.a', 'str(b)']], give: 'str(c),set-var(txn.a,ifset),concat(x,txn.a)' },
    { set: [['txn.a', 'str(b)']], give: 'str(c),set-var(txn.a,ifnotset),concat(x,txn.a)' },
    'str(c),set-var(txn.a,ifnotset),concat(x,txn.a)',
    'str(c),set-var(txn.a,ifset),concat(x,txn.a)',
    { set: [['txn.a', 'int(5)']], give: 'int(6),set-var(txn.a,ifgt),concat(x,txn.a)' },
    { set: [['txn.a', 'int(5)']], give: 'int(6),set-var(txn.a,iflt),concat(x,txn.a)' },
    { set: [['txn.a', 'int(5)']], give: 'int(4),set-var(txn.a,ifgt),concat(x,txn.a)' },
    { set: [['txn.a', 'int(5)']], give: 'int(5),set-var(txn.a,ifgt),concat(x,txn.a)' },
    { set: [['txn.a', 'str(5)']], give: 'int(6),set-var(txn.a,ifgt),concat(x,txn.a)' },
    { set: [['txn.a', 'int(5)']], give: 'int(4),set-var(txn.a,ifgt,ifset,ifexists,ifnotempty),concat(x,txn.a)' },
    'str(a),set-var(proc.h4a),concat(x,proc.h4a)',
    'str(a),set-var(proc.h4b,ifexists),concat(x,proc.h4b)',
    'str(a),set-var(proc.h4c,ifset),concat(x,proc.h4c)',
    'str(a),set-var(res.a),concat(x,res.a)',
    'int(5),set-var(txn.a),add(txn.a)',
  ]),
  ...conversions('unset-var', [
    { set: [['txn.a', 'str(b)']], give: 'str(c),unset-var(txn.a),concat(x,txn.a)' },
    { set: [['txn.a', 'str(b)']], give: 'var(txn.none),unset-var(txn.a),concat(x,txn.a)' },
  ]),
  ...conversions('capture-req', [
    'str(hello),capture-req(0)',
    'str(hello),capture-req(9)',
    'str(hello),capture-req(-1)',
    'str(hello),capture-req(0),capture-req(0)',
  ]),
  ...conversions('capture-res', ['str(hello),capture-res(0)']),
  ...conversions('regsub', [
    'str(aabbcc),regsub(b,X)',
    'str(aabbcc),regsub(b,X,g)',
    'str(aabbcc),regsub(B,X,gi)',
    'str(aabbcc),regsub(B,X,ig)',
    'str(aabbcc),regsub(B,X,)',
    'str(aabbcc),regsub(b*,X,g)',
    'str(aabbcc),regsub(x*,-,g)',
    'str(aabbcc),regsub(^a,X,g)',
    'str(aabbcc),regsub(c$,X,g)',
    'str(aabbcc),regsub(z,X,g)',
    'str(aabbcc),regsub(b,,g)',
    'str(),regsub(b,X)',
    'str(),regsub(^,X)',
    'str(),regsub(^$,X,g)',
  ]),
  ...refusals('set-var', [
    [
      'str(a),set-var(txn.a,foo)',
      "option 'cond': 'foo' is not one of ifexists, ifnotexists, ifset, ifnotset, ifempty, ifnotempty, ifgt, iflt",
    ],
    ['str(a),set-var', "option 'var': is missing"],
    ['str(a),set-var()', "option 'var': is missing"],
  ]),
  ...refusals('unset-var', [
    ['str(c),unset-var', "option 'var': is missing"],
    ['str(c),unset-var(foo.a)', "variable 'foo.a': must begin with its scope: proc., sess., txn., req., res., check."],
  ]),
  ...refusals('debug', [
    [
      'str(c),debug(pre,nosuch)',
      'cannot be had: it writes to rings that the runtime API shows, which are not there yet; `explain` shows what expressions see',
    ],
  ]),
  ...refusals('capture-req', [
    ['str(hello),capture-req(x)', "option 'id': 'x' is not an integer"],
    ['str(hello),capture-req', "option 'id': is missing"],
  ]),
  ...refusals('regsub', [
    ['str(aabbcc),regsub(B,X,x)', "option 'flags': 'x' is unknown: only 'i' and 'g' are"],
    ['str(aabbcc),regsub(b)', "option 'subst': is missing"],
    ['str(aabbcc),regsub([b,X)', "regex '[b': missing terminating ] for character class, at position 2"],
  ]),
]
