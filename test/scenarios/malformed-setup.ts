/** The malformed cases as exchanges: the bytes, everything that comes back, and a good request afterwards. */

import type { Setup } from '../interop/support/differential.js'
import type { Exchange } from '../interop/support/exchange.js'
import type { OriginStep } from '../interop/support/origin.js'
import { type MalformedCase, malformedCases } from './malformed-cases.js'

const PLAIN = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst'
const NEXT = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext'
/** Found in whatever the server took for a request, it asks for the good answer. */
const MARK = '/next-request'

const good = `GET ${MARK} HTTP/1.1\r\nHost: example.test\r\nConnection: close\r\n\r\n`

export function exchangeOf(one: MalformedCase): Exchange {
  const answer: OriginStep = {
    answer: [
      [MARK, NEXT],
      ['', one.reply ?? PLAIN],
    ],
  }
  const first: OriginStep[] = one.closes === true ? [answer, 'fin', 'end'] : [answer, 'loop']
  return {
    name: `${one.list}: ${one.name}`,
    client: [{ send: one.request }, 'everything', { use: 'b' }, { send: good }, 'everything'],
    origins: { s1: [first, [answer, 'loop']] },
  }
}

export const malformedSetup: Setup = {
  name: 'malformed',
  defaults: `  mode http
  option httplog
  option forwardfor
  http-reuse always
  timeout connect 2s
  timeout client 1200ms
  timeout server 2s
  timeout http-request 1s`,
  sections: `frontend fe{n}
  bind 127.0.0.1:{port}
  http-request deny if { path_beg /admin }
  default_backend be{n}
backend be{n}
  server s1 127.0.0.1:{s1}
`,
  exchanges: malformedCases.map(exchangeOf),
  parallel: 24,
}
