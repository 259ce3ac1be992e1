/** `do-resolve` in rules on what a client sends first. */
import t from 'tap'
import { parseConfig } from '../../lib/config/index.js'
import { inMemory } from '../../lib/testing/index.js'

const text = (rule: string): string => `resolvers dns
  nameserver a 10.0.0.53:53
defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend web
  bind :8080
  ${rule}
  http-request return status 200 content-type text/plain lf-string <%[var(txn.address)]>
`

t.test('a rule on content asks name servers', async (t) => {
  const ask = async (rule: string): Promise<string> => {
    const lb = inMemory(Object.assign(parseConfig(text(rule)), { names: { 'a.example.com': ['10.1.2.3'] } }))
    const { body } = await lb.inject('/', { headers: { host: 'a.example.com' } })
    await lb.stop()
    return body
  }
  t.equal(await ask('tcp-request content do-resolve(txn.address,dns,ipv4) req.hdr(host)'), '<10.1.2.3>')
  t.equal(await ask('tcp-request content do-resolve(txn.address,dns,ipv4) req.hdr(host) if { path /other }'), '<>')
})
