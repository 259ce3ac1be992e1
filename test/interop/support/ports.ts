/** Free ports for programs that must be told a number; below the range from which the kernel picks by itself. */

import { once } from 'node:events'
import { createServer } from 'node:net'

/** Which of the suites that run at the same time this is. */
const LANE = Number(process.env['FAIRLEAD_LANE'] ?? 0)
const LOWEST = 10_000 + 7_000 * (LANE % 3)
const HIGHEST = LOWEST + 6_999
let next = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST))

async function isFree(port: number): Promise<boolean> {
  const probe = createServer()
  probe.listen(port, '127.0.0.1')
  try {
    await once(probe, 'listening')
  } catch {
    return false
  }
  probe.close()
  await once(probe, 'close')
  return true
}

/** One port that nobody listens on, not handed out twice by this process. */
export async function freePort(): Promise<number> {
  for (;;) {
    // Taken before the first await: two callers at a time must not be given the same one.
    const port = next++
    if (next > HIGHEST) next = LOWEST
    if (await isFree(port)) return port
  }
}
