/** A server that misbehaves costs the request that met it, and nothing else. */
import t, { type Test } from 'tap'
import { eventually, goingOn, leftBehind, type Rig, resources, startRig } from './rig.js'

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: soak\r\nConnection: close\r\n\r\n`
const served = /^HTTP\/1\.1 200 [\s\S]*\r\n\r\nquick$/

/** What the client may see of it: a status of ours, or an answer that visibly breaks off. */
const misbehaviour: readonly [path: string, what: string, seen: RegExp][] = [
  ['/reset', 'resets the connection', /^HTTP\/1\.1 502 /],
  ['/gone', 'closes without an answer', /^HTTP\/1\.1 502 /],
  ['/garbage', 'answers garbage', /^HTTP\/1\.1 502 /],
  ['/888', 'answers with status 888', /^HTTP\/1\.1 888 /],
  ['/half-head', 'ends within the head', /^HTTP\/1\.1 502 /],
  ['/both', 'gives two lengths', /^HTTP\/1\.1 502 /],
  ['/endless-head', 'sends a head without measure', /^HTTP\/1\.1 502 /],
  ['/silent', 'says nothing', /^HTTP\/1\.1 504 /],
  ['/half-body', 'ends within the body', /^HTTP\/1\.1 200 [\s\S]*\r\n\r\nonly this$/],
  ['/half-chunk', 'ends within a chunk', /^HTTP\/1\.1 200 (?![\s\S]*\r\n0\r\n\r\n$)/],
  ['/bad-chunk', 'sends a chunk without a size', /^HTTP\/1\.1 (502 |200 (?![\s\S]*\r\n0\r\n\r\n$))/],
  ['/twice', 'answers twice', /^HTTP\/1\.1 200 [\s\S]*\r\n\r\ntwice$/],
]

async function costsThatRequestOnly(t: Test, rig: Rig, path: string, seen: RegExp): Promise<void> {
  const good = Array.from({ length: 4 }, () => rig.exchange(get('/quick')))
  const bad = await rig.exchange(get(path))
  t.match(bad, seen, 'the client is told')
  good.push(rig.exchange(get('/quick')), rig.exchange(get('/quick')))
  for (const answer of await Promise.all(good)) t.match(answer, served, 'others are served')
}

t.test('a server that', async (t) => {
  const before = await resources()
  const rig = await startRig()
  for (const [path, what, seen] of misbehaviour) {
    await t.test(what, (t) => costsThatRequestOnly(t, rig, path, seen))
  }

  await t.test('breaks off under an upload', async (t) => {
    const upload = (path: string): string =>
      `POST ${path} HTTP/1.1\r\nHost: soak\r\nConnection: close\r\nContent-Length: 300000\r\n\r\n${'x'.repeat(300_000)}`

    t.match(await rig.exchange(upload('/drop')), /^HTTP\/1\.1 502 /)
    t.match(await rig.exchange(upload('/swallow')), /^HTTP\/1\.1 200 [\s\S]*\r\n\r\nthanks$/, 'the next one is taken')
  })

  t.ok(await eventually(() => goingOn(rig.balancer).length === 0), 'nothing is going on any more')
  t.strictSame(goingOn(rig.balancer), [])
  await rig.balancer.stop()
  t.ok(await eventually(async () => (await rig.originConnections()) === 0), 'no server connection is left')
  await rig.close()
  t.strictSame(await leftBehind(before), [])
})
