/** Converters of the names of proxies and servers, and those that keep a text in a capture slot. */
import type { LanguageCase } from '../case.js'
import { refusals } from '../support/conversions.js'

const found = (expression: string): string => `{ ${expression} -m found }`

export const cases: readonly LanguageCase[] = [
  { name: 'usable servers of a backend', covers: ['converter:nbsrv'], expression: 'str({backend}),nbsrv' },
  {
    name: 'usable servers of two',
    covers: ['converter:nbsrv'],
    backend: ['server s1 {server}', 'server s2 {server} disabled'],
    expression: 'str({backend}),nbsrv',
  },
  { name: 'servers of no backend', covers: ['converter:nbsrv'], condition: found('str(none),nbsrv') },
  { name: 'servers of a frontend', covers: ['converter:nbsrv'], condition: found('str({frontend}),nbsrv') },
  { name: 'queue of a server', covers: ['converter:srv_queue'], expression: 'str({backend}/s1),srv_queue' },
  { name: 'queue of no server', covers: ['converter:srv_queue'], condition: found('str({backend}/s9),srv_queue') },
  { name: 'queue of a server alone', covers: ['converter:srv_queue'], condition: found('str(s1),srv_queue') },
  {
    name: 'queue of a server of this backend',
    covers: ['converter:srv_queue'],
    backend: ['http-request return status 200 content-type text/plain lf-string <%[str(s1),srv_queue]>'],
    sees: ['answer'],
  },
  {
    name: 'a server that is up',
    covers: ['converter:srv_is_up'],
    expression: 'str({backend}/s1),srv_is_up',
    since: '3.1',
    expect: '1',
  },
  {
    name: 'a server in maintenance',
    covers: ['converter:srv_is_up'],
    backend: ['server s1 {server} disabled'],
    expression: 'str({backend}/s1),srv_is_up',
    since: '3.1',
    expect: '0',
  },
  {
    name: 'a frontend that exists',
    covers: ['converter:fe_exists'],
    expression: 'str({frontend}),fe_exists',
    since: '3.3',
    expect: '1',
  },
  {
    name: 'a frontend that does not',
    covers: ['converter:fe_exists'],
    expression: 'str({backend}),fe_exists',
    since: '3.3',
    expect: '0',
  },
  {
    name: 'a text in a slot of the request',
    covers: ['converter:capture-req'],
    frontend: ['declare capture request len 3', 'http-request set-var(txn.v) str(hello),capture-req(0)'],
    format: '%[var(txn.v)] %[capture.req.hdr(0)]',
  },
  {
    name: 'a slot that is not there',
    covers: ['converter:capture-req'],
    frontend: ['declare capture request len 3'],
    condition: found('str(hello),capture-req(1)'),
  },
  {
    name: 'a slot before the first',
    covers: ['converter:capture-req'],
    frontend: ['declare capture request len 3'],
    condition: found('str(hello),capture-req(-1)'),
  },
  {
    name: 'a text in a slot of the response',
    covers: ['converter:capture-res'],
    frontend: ['declare capture response len 9', 'http-response set-var(txn.v) str(hello),capture-res(0)'],
    at: 'response',
    format: '%[var(txn.v)] %[capture.res.hdr(0)]',
  },
  {
    name: 'no slot of the response',
    covers: ['converter:capture-res'],
    condition: found('str(hello),capture-res(0)'),
  },
  ...refusals('capture-req', [['str(a),capture-req', "'id': is missing"]]),
]
