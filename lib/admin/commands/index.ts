/** All commands of the runtime API. */
import type { Command } from '../command.js'
import { backendCommands } from './backends.js'
import { patternOrders } from './change-patterns.js'
import { counterCommands } from './counters.js'
import { dynamicCookieCommands } from './dynamic-cookies.js'
import { dynamicServerCommands } from './dynamic-servers.js'
import { errorCommands } from './errors.js'
import { eventCommands } from './events.js'
import { frontendCommands } from './frontends.js'
import { processCommands } from './process.js'
import { rateLimitCommands } from './rate-limits.js'
import { resolverCommands } from './resolvers.js'
import { serverCommands } from './servers.js'
import { sessionCommands } from './session.js'
import { trafficCommands } from './sessions.js'
import { setServerCommands } from './set-server.js'
import { infoCommands } from './show-info.js'
import { patternViews } from './show-patterns.js'
import { peerViews } from './show-peers.js'
import { serverViews } from './show-servers.js'
import { statCommands } from './show-stat.js'
import { tableCommands } from './tables.js'
import { unavailableCommands } from './unavailable.js'

export const builtInCommands: readonly Command[] = [
  ...sessionCommands,
  ...infoCommands,
  ...statCommands,
  ...processCommands,
  ...counterCommands,
  ...frontendCommands,
  ...backendCommands,
  ...rateLimitCommands,
  ...resolverCommands,
  ...serverCommands,
  ...setServerCommands,
  ...serverViews,
  ...trafficCommands,
  ...errorCommands,
  ...eventCommands,
  ...dynamicServerCommands,
  ...dynamicCookieCommands,
  ...patternViews,
  ...peerViews,
  ...patternOrders,
  ...tableCommands,
  ...unavailableCommands,
]
