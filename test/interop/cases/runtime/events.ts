/** `show events`, and what `debug` writes into rings. */
import { defaults, type RuntimeCase, sockets } from './case.js'

/** Moments are alike. */
const maskMoments = (answer: string): string =>
  answer
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d/g, '<moment>')
    .replace(/[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d/g, '<moment>')

const mask = maskMoments

export const events: readonly RuntimeCase[] = [
  {
    name: 'events',
    config: (place) => `global
${sockets(place)}ring r1
  description "My own ring"
  format rfc5424
ring r2
  maxlen 100
ring r3
  format rfc3164
ring r4
  format local
ring r5
  format iso
ring r6
  format short
ring r7
  format priority
  maxlen 80
  size 20000
${defaults}frontend fe
  bind 127.0.0.1:${place.port('fe')}
  acl shown path,debug(acl) -m beg /
  http-request set-var(txn.a) src,debug
  http-request set-var(txn.a) src,debug(pre)
  http-request set-var(txn.a) path,debug(,buf0)
  http-request set-var(txn.a) path,debug("a b:%[src]")
  http-request set-var(txn.a) bin(4142000143),debug(b1)
  http-request set-var(txn.a) bin(00414243),debug(b2)
  http-request set-var(txn.a) bin(410a0d097e7f80a0ff2042),debug(b3)
  http-request set-var(txn.a) path,url_dec,debug(zero)
  http-request set-var(txn.a) bool(false),debug(no)
  http-request set-var(txn.a) int(-7),debug(i),add(1),debug(j)
  http-request set-var(txn.a) ipv6(::ffff:1.2.3.4),debug(6)
  http-request set-var(txn.a) method,debug(m)
  http-request set-var(txn.a) method,lower,debug(ml)
  http-request set-var(txn.a) req.hdr(none),debug(none)
  http-request set-var(txn.a) src,debug(p1,r1)
  http-request set-var(txn.a) path,debug(p2,r2)
  http-request set-var(txn.a) src,debug(p3,r3)
  http-request set-var(txn.a) src,debug(p4,r4)
  http-request set-var(txn.a) src,debug(p5,r5)
  http-request set-var(txn.a) src,debug(p6,r6)
  http-request set-var(txn.a) path,debug(p7,r7)
  http-request return status 200 content-type text/plain lf-string %[path,length,debug(l)] if shown
`,
    steps: [
      { ask: 'show events' },
      { ask: 'show events', level: 'user' },
      // What opened the port has left its traces.
      { get: '/a%00b', from: 'fe' },
      { get: `/${'x'.repeat(200)}`, from: 'fe' },
      { ask: 'show events buf0', mask },
      ...[1, 2, 3, 4, 5, 6, 7].map((ring) => ({ ask: `show events r${ring}`, mask })),
      { ask: 'show events buf0 -n', mask },
      { ask: 'show events buf0 -w', mask },
      { ask: 'show events buf0 -nw;show version', mask },
      { ask: 'show events buf0 -wn\nshow version', mask },
      { ask: 'show events buf0 -w -n', mask },
      { ask: 'show events nope' },
      { ask: 'show events stdout' },
      { ask: 'show events stderr -w' },
      { ask: 'show events -w' },
      { ask: 'show events buf0 -x' },
      { ask: 'show events buf0 n' },
      { ask: 'set severity-output number;show events nope;show events buf0 -x;show events stdout' },
    ],
  },
]
