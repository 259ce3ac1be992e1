/** The tutorials' configurations with tables that remember servers, behind sockets and before real requests, through HAProxy and through fairlead. */

import t from 'tap'
import { missing } from './support/programs.js'
import { haproxy, subject } from './support/proxy.js'
import { serve } from './support/served.js'
import { ask } from './support/talk.js'
import { adapt, bodyOf, named, request, seed, statusOf } from './support/tutorial.js'

t.setTimeout(0)

const programs = missing('haproxy') === undefined ? { HAProxy: haproxy, fairlead: subject } : { fairlead: subject }

/** Without checks, servers are there from the beginning. */
const unchecked = (text: string): string => text.replace(/ check$/gm, '')

for (const [program, command] of Object.entries(programs)) {
  await t.test(`004_sticky, ${program}`, async (t) => {
    const served = await serve(
      named('app1', 'app2'),
      (port, servers) => unchecked(adapt(seed('004_sticky'), port, servers)),
      command,
    )
    t.teardown(() => served.close())
    const from = async (address: string): Promise<string> =>
      bodyOf(await ask({ port: served.port, host: '127.0.0.1', localAddress: address }, request('GET', '/')))
    const seen = new Map<string, string>()
    for (let number = 1; number <= 6; number++) seen.set(`127.0.0.${number}`, await from(`127.0.0.${number}`))
    t.same([...seen.values()], ['app1', 'app2', 'app1', 'app2', 'app1', 'app2'], 'who is new goes where the turn is')
    for (const [address, server] of [...seen].reverse()) t.equal(await from(address), server, `${address} comes back`)
    for (const [address, server] of seen) t.equal(await from(address), server, `${address} comes back again`)
  })

  await t.test(`003_web-lb but for its TLS bind, ${program}`, async (t) => {
    // The rest of what a machine need not have: accounts, a folder to be locked up in, a daemon.
    const plain = seed('003_web-lb')
      .replace(/^\s*bind \*:443.*\n/m, '')
      .replace(/^\s*(?:user|group|chroot|daemon|log)\b.*\n/gm, '')
    const names = ['web1', 'web2', 'web3', 'api1', 'api2', 'admin1', 'admin2']
    const redirecting = await serve(named(...names), (port, servers) => unchecked(adapt(plain, port, servers)), command)
    t.teardown(() => redirecting.close())
    const sent = await ask(redirecting.port, request('GET', '/api/x'))
    t.equal(statusOf(sent), 302, 'who came without TLS is sent to where there is')
    t.match(sent.toLowerCase(), 'location: https://www.example.com/api/x')
    const served = await serve(
      named(...names),
      (port, servers) => unchecked(adapt(plain.replace(/^\s*redirect scheme.*\n/m, ''), port, servers)),
      command,
    )
    t.teardown(() => served.close())
    const get = async (path: string): Promise<string> => bodyOf(await ask(served.port, request('GET', path)))
    const web = [await get('/'), await get('/a'), await get('/b'), await get('/')]
    t.same(web, ['web1', 'web2', 'web3', 'web1'])
    t.match(await get('/api/users'), /^api[12]$/)
    const admin = await get('/admin')
    t.match(admin, /^admin[12]$/)
    t.equal(await get('/admin/more'), admin, 'the same server again')
  })
}
