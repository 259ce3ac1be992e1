/** Registers one scenario as two tests: through sockets and in memory. */
import t from 'tap'
import { memory } from './memory.js'
import type { Actor, Rig, Setup } from './rig.js'
import { sockets } from './sockets.js'

type Test = typeof t

export function scenario(
  name: string,
  setup: Setup,
  actors: Readonly<Record<string, Actor>>,
  play: (t: Test, rig: Rig) => Promise<void>,
): void {
  for (const world of [sockets, memory])
    t.test(`${name} (${world.name})`, (t) => world.perform(setup, actors, (rig) => play(t as unknown as Test, rig)))
}
