/**
 * A whole balancer on the test's clock, through schedules that chance makes: machines that refuse, hang, reset, are slow, fail or answer by halves; orders
 * by methods, by the runtime API and by agents; limits that fall and rise; servers that track others, come and go, and are found under other addresses;
 * requests with bodies, some of which come late, WebSockets, TCP mode; all algorithms, retries, queues with priorities, panic, outliers.
 *
 * What must always hold is looked at after every event, with every request that comes to a machine, and with every record:
 * - nothing comes to a server in maintenance, nor to one that was removed; to one that is out of rotation for another reason (drained, stopping, down,
 *   ejected, without an address), only what was sent before it was, unless the backend panics;
 * - checks come to nobody in maintenance, and to nobody whose checks are suspended;
 * - no server has more than its limit, but what it had when the limit fell; no count is below 0;
 * - nobody waits for a server, or for any, while there is a place; nobody waits for a server that is out, or where nobody is left;
 * - a server that tracks another one stands as that one does;
 * - no request fails of a cause that is to be retried while it has tries left and somebody is in rotation; nor, where there are as many tries as servers and each goes
 *   elsewhere, while a server was well and in rotation all the time;
 * - each request is told of once, and nobody is left without an answer or an end;
 * - a WebSocket ends with its client, or where that was ordered;
 * - when all is well again, every server is back in rotation and gets its share to 1 %, all counts are 0, and no connection or timer is left.
 *
 * `FAIRLEAD_SEED` chooses the first schedule, `FAIRLEAD_HOURS` how many simulated hours all of them take together.
 */
import t from 'tap'
import { Storm } from './storm/storm.js'

const firstSeed = Number(process.env['FAIRLEAD_SEED'] ?? 1)
const hours = Number(process.env['FAIRLEAD_HOURS'] ?? 20)
const HOURS_EACH = 10
const HOUR = 3_600_000

t.setTimeout(0)

t.test('whatever fails and whatever is ordered, nothing is stuck, lost or counted wrongly', async (t) => {
  let requests = 0
  const seen = new Map<string, number>()
  for (let seed = firstSeed; seed < firstSeed + Math.ceil(hours / HOURS_EACH); seed++) {
    const storm = new Storm(seed)
    const faults = await storm.run(HOURS_EACH * HOUR)
    requests += storm.customers.all.length
    for (const [what, count] of Object.entries(storm.watch.seen)) seen.set(what, (seen.get(what) ?? 0) + count)
    t.strictSame(faults, [], `schedule ${seed}, ${storm.algorithm}: ${HOURS_EACH} hours`)
  }
  t.ok(requests > hours, `${requests} requests were sent`)
  for (const [what, count] of seen) t.ok(count > 0, `${what}: ${count}`)
})
