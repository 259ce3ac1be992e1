/** `healthcheck` sections, and servers that name one. */
import t from 'tap'
import { parseConfig } from '../../lib/config/index.js'
import { inMemory, reply } from '../../lib/testing/index.js'

const config = (sections: string, server: string): string => `defaults
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
${sections}
frontend fe
  bind 127.0.0.1:8080
  default_backend be
backend be
  option httpchk GET /backend
  server a 10.0.0.1:80 check
  server b 10.0.0.2:80 ${server}
`

const SECTION = `healthcheck own
  type httpchk GET /own
  http-check send hdr host own.test
  http-check expect status 204
healthcheck bytes
  type redis-check`

t.test('a server is checked as the section says that it names, the others as their backend', async (t) => {
  const made = parseConfig(config(SECTION, 'check healthcheck own'))
  const asked = new Set<string>()
  const answer =
    (name: string, status: number) =>
    ({
      request,
    }: {
      readonly request: { readonly target: string; readonly headers: { first(name: string): string | undefined } }
    }) => {
      asked.add(`${name} ${request.target} ${request.headers.first('host') ?? ''}`)
      return reply(status)
    }
  const lb = inMemory(
    { frontends: made.frontends, backends: made.backends },
    { a: answer('a', 200), b: answer('b', 204) },
  )
  await lb.started
  t.teardown(() => lb.stop())
  await lb.clock.advance('10s')
  t.same([...asked].sort(), ['a /backend ', 'b /own own.test'])
  t.ok(made.backend('be').server('b')?.up)
})

t.test('without check nothing is checked', async (t) => {
  const made = parseConfig(config(SECTION, 'healthcheck own'))
  t.equal(made.backend('be').server('b')?.check, undefined)
})

t.test('what is wrong with sections is told on their lines', async (t) => {
  for (const [section, complaint] of [
    ['healthcheck x', /has no type/],
    ['healthcheck x\n  type nonsense', /'type' expects a health check, got 'nonsense'/],
    ['healthcheck x\n  type tcp-check\n  type httpchk', /'type' has been said already/],
    ['healthcheck x\n  type tcp-check\n  server s 127.0.0.1:80', /unknown keyword 'server' in 'healthcheck' section/],
    ['healthcheck x\n  type tcp-check\nhealthcheck x\n  type httpchk', /already exists/],
    ['healthcheck y\n  type httpchk', /unknown healthcheck section 'x'/],
  ] as const)
    t.throws(() => parseConfig(config(section, 'check healthcheck x')), { message: complaint }, section)
})
