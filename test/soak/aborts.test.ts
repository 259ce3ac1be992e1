/** Clients that leave at any moment leave nothing behind. The long run, with memory, is aborts.ts. */
import t from 'tap'
import { eventually, goingOn, leftBehind, resources, startRig } from './rig.js'

const ABORTS = 2000

t.test('2,000 aborted clients leave no socket, timer, listener or count behind', async (t) => {
  // The helpers' pipes open with the rig, so that the first look is taken with another rig already gone.
  const before = await resources()
  const rig = await startRig()
  const outcome = await rig.abort(ABORTS, 20_261_121)
  t.equal(
    Object.values(outcome.moments).reduce((sum, each) => sum + each, 0),
    ABORTS,
  )
  t.equal(outcome.refused, 0, 'the balancer listened all the time')
  t.ok(outcome.bytes > ABORTS, 'answers were under way')

  t.ok(await eventually(() => goingOn(rig.balancer).length === 0), 'nothing is going on any more')
  t.strictSame(goingOn(rig.balancer), [])
  t.equal(rig.rulesWaiting(), 0, 'every waiting rule was told that its client had left')
  t.match(
    await rig.exchange('GET /quick HTTP/1.1\r\nHost: soak\r\nConnection: close\r\n\r\n'),
    /^HTTP\/1\.1 200 [\s\S]*\r\n\r\nquick$/,
    'the next client is served',
  )

  await rig.balancer.stop()
  t.ok(await eventually(async () => (await rig.originConnections()) === 0), 'no server connection is left')
  await rig.close()
  t.strictSame(await leftBehind(before), [])
})
