/**
 * `node .build/test/soak/aborts.js [aborts] [seed] [moment]`: by default 100,000 clients leave at random moments; nothing may be left of
 * them, and memory must be as it was after the first fifth. Exits 1 and says what was left when something was.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { eventually, goingOn, leftBehind, type Rig, resources, startRig } from './rig.js'

const aborts = Number(process.argv[2] ?? 100_000)
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000)
const only = process.argv[4] ?? ''
const MEBIBYTE = 2 ** 20

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

interface Memory {
  readonly heap: number
  readonly resident: number
}

/** Memory once the idle server connections are gone and the garbage is collected. */
async function memory(rig: Rig): Promise<Memory> {
  await eventually(async () => goingOn(rig.balancer).length === 0 && (await rig.originConnections()) === 0)
  for (let times = 0; times < 4; times++) {
    collect()
    await resources()
  }
  const { heapUsed, rss } = process.memoryUsage()
  return { heap: heapUsed, resident: rss }
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)
const show = ({ heap, resident }: Memory): string =>
  `heap ${(heap / MEBIBYTE).toFixed(2)} MiB, resident ${(resident / MEBIBYTE).toFixed(1)} MiB`

async function run(): Promise<string[]> {
  const faults: string[] = []
  const expect = (good: boolean, fault: string): void => void (good || faults.push(fault))
  const before = await resources()
  const rig = await startRig()
  const warmUp = Math.ceil(aborts / 5)
  say(`${aborts} aborts, seed ${seed}`)

  await rig.abort(warmUp, seed, only)
  const warm = await memory(rig)
  say(`after ${warmUp}: ${show(warm)}`)
  const started = Date.now()
  const outcome = await rig.abort(aborts - warmUp, seed + 1, only)
  const rate = (aborts - warmUp) / ((Date.now() - started) / 1000)
  const end = await memory(rig)
  say(`after ${aborts}: ${show(end)}, ${rate.toFixed(0)} aborts a second`)
  for (const [moment, count] of Object.entries(outcome.moments)) say(`  ${String(count).padStart(7)}  ${moment}`)

  expect(outcome.refused === 0, `${outcome.refused} clients were refused`)
  for (const fault of goingOn(rig.balancer)) expect(false, fault)
  expect(rig.rulesWaiting() === 0, `${rig.rulesWaiting()} rules still wait`)
  // Compiled code and pools may still grow a little; a few bytes for each abort may not.
  expect(end.heap < warm.heap * 1.1 + MEBIBYTE, 'the heap has grown')
  expect(end.resident < warm.resident * 1.25 + 8 * MEBIBYTE, 'the process has grown')
  const answer = await rig.exchange('GET /quick HTTP/1.1\r\nHost: soak\r\nConnection: close\r\n\r\n')
  expect(answer.startsWith('HTTP/1.1 200 '), 'the next client was not served')

  await rig.balancer.stop()
  expect(await eventually(async () => (await rig.originConnections()) === 0), 'server connections are left')
  await rig.close()
  for (const left of await leftBehind(before)) expect(false, `left behind: ${left}`)
  return faults
}

const faults = await run()
for (const fault of faults) say(`FAULT ${fault}`)
say(faults.length === 0 ? 'nothing was left behind' : `${faults.length} faults`)
process.exitCode = faults.length === 0 ? 0 : 1
