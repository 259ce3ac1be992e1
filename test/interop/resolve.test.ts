/** `do-resolve` of both programs, with one name server for both. */
import t from 'tap'
import { NameServer, tellingNames } from '../engine/support/name-server.js'
import { freePort } from './support/ports.js'
import { missing } from './support/programs.js'
import { haproxy, ProxyProcess, subject } from './support/proxy.js'

const config = (port: number, dns: string): string => `
defaults
  mode http
  timeout client 9s
  timeout server 9s
  timeout connect 9s
resolvers dns
  nameserver a ${dns}
  timeout retry 300ms
  resolve_retries 1
  hold valid 10s
frontend f
  bind 127.0.0.1:${port}
  http-request do-resolve(txn.any,dns) hdr(x)
  http-request do-resolve(txn.four,dns,ipv4) hdr(x)
  http-request do-resolve(txn.six,dns,ipv6) hdr(x)
  http-request set-dst var(txn.four) if { var(txn.four) -m found }
  http-request return content-type text/plain lf-string "%[var(txn.any)] %[var(txn.four)] %[var(txn.six)] %[dst]"
`

const names = ['four.test', 'six.test', 'both.test', 'BOTH.test', 'nx.test', 'silent.test', '']

async function answers(program: readonly string[], dns: string): Promise<readonly string[]> {
  const port = await freePort()
  const proxy = await ProxyProcess.start(program, config(port, dns), port)
  try {
    const texts: string[] = []
    for (const name of names) {
      const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { x: name, connection: 'close' } })
      texts.push(`${name}: ${await response.text()}`)
    }
    return texts
  } finally {
    await proxy.stop()
  }
}

const absent = missing('haproxy')
if (absent !== undefined) t.pass('do-resolve', { skip: absent })
else {
  t.test('do-resolve gives the addresses that HAProxy finds', async (t) => {
    await using server = await new NameServer(tellingNames).listen()
    const theirs = await answers(haproxy, server.address)
    const asked = server.questions.length
    t.strictSame(await answers(subject, server.address), theirs)
    t.equal(theirs[2], 'both.test: 2001:db8::9 192.0.2.7 2001:db8::9 192.0.2.7')
    t.ok(server.questions.length > asked, 'the name server was asked by both')
  })
}
