/** All cases for the runtime API. */
import type { RuntimeCase } from './case.js'
import { errors } from './errors.js'
import { events } from './events.js'
import { patterns } from './patterns.js'
import { dynamicServers, servers } from './servers.js'
import { sessions } from './sessions.js'
import { states } from './states.js'
import { statistics } from './statistics.js'
import { tables } from './tables.js'
import { talking } from './talking.js'

export const runtimeCases: readonly RuntimeCase[] = [
  ...talking,
  ...statistics,
  ...servers,
  ...patterns,
  ...dynamicServers,
  ...states,
  ...events,
  ...sessions,
  ...errors,
  ...tables,
]
