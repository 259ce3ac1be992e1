/** What a group of peers has around it: all that it takes of the engine. */
import type { Clock } from '../../base/clock.js'
import type { Random } from '../../base/random.js'
import type { Network } from '../network.js'

export interface Surroundings {
  readonly clock: Clock
  readonly random: Random
  readonly network: Network
  /** Of our process. */
  readonly pid: number
}
