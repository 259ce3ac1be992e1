/** Persistence by cookies, through HAProxy and through fairlead: the same servers, the same bytes of cookies in both directions, the same letters in the log. */

import t from 'tap'
import { cookieSetups } from './cases/setups-cookies.js'
import { type CookieSetup, Mirrors, tryCookies } from './support/cookie-trial.js'
import { missing } from './support/programs.js'
import { haproxy, subject } from './support/proxy.js'

t.setTimeout(0)

const serverIn = (shown: string): string => shown.slice(0, 2)
const cookieIn = (shown: string): string => /set-cookie: ([^;]*)/i.exec(shown)?.[1]?.trim() ?? ''

const absent = missing('haproxy')
if (absent !== undefined) t.pass('cookies', { skip: absent })
else {
  const mirrors = new Mirrors()
  await mirrors.open()
  t.teardown(() => mirrors.close())
  const [expected, seen] = await Promise.all([
    tryCookies(haproxy, cookieSetups, mirrors),
    tryCookies(subject, cookieSetups, mirrors),
  ])
  for (const [number, { name, steps }] of cookieSetups.entries())
    t.test(name, async (t) => {
      for (const [index, step] of steps.entries())
        t.equal(seen[number]?.[index], expected[number]?.[index], JSON.stringify(step).slice(0, 100))
    })
  for (const mode of ['insert', 'insert maxidle 1m maxlife 1h', 'insert dynamic', 'rewrite', 'prefix'])
    t.test(`each takes the cookies of the other: ${mode}`, async (t) => {
      const first: CookieSetup = {
        name: 'gives',
        backend: [`cookie SRV ${mode}`, 'dynamic-cookie-key shared', 'balance hdr(x-key)', 'hash-type consistent'],
        ...(mode.endsWith('dynamic') ? { servers: ['server s1 127.0.0.1:{1}', 'server s2 127.0.0.1:{2}'] } : {}),
        steps: ['k1', 'k2', 'k3', 'k4'].map((key) => ({
          fields: [`X-Key: ${key}`],
          give: ['Set-Cookie: SRV=own; path=/'],
        })),
      }
      const [theirs = [], ours = []] = await Promise.all(
        [haproxy, subject].map(async (program) => (await tryCookies(program, [first], mirrors, { raw: true }))[0]),
      )
      const second = (shown: readonly string[]): CookieSetup => ({
        ...first,
        steps: shown.map((text) => ({ cookies: [cookieIn(text)], fields: ['X-Key: other'] })),
      })
      const swapped = await Promise.all([
        tryCookies(haproxy, [second(ours)], mirrors),
        tryCookies(subject, [second(theirs)], mirrors),
      ])
      for (const [index, shown] of [ours, theirs].entries())
        t.same(
          swapped[index]?.[0]?.map(serverIn),
          shown.map(serverIn),
          index === 0 ? 'HAProxy takes ours' : 'we take theirs',
        )
      t.ok(new Set(theirs.map(serverIn)).size > 1, 'of more than one server')
      t.ok(
        swapped.flat(2).every((text) => / \d{3} --V/.test(text)),
        'each of them is valid',
      )
    })
  t.test('there is enough of it', async (t) => {
    const exchanges = cookieSetups.flatMap(({ steps }) => steps).filter((step) => !('order' in step))
    t.ok(exchanges.length > 1000, `${exchanges.length} exchanges`)
    t.ok(seen.flat().filter((shown) => shown.includes('log: fe')).length >= exchanges.length, 'each was logged')
  })
}
