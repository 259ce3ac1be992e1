/** All configurations of the differential suite. */

import type { Setup } from '../support/differential.js'
import { balanceSetups } from './setups-balance.js'
import { bodySetups } from './setups-bodies.js'
import { failureSetups } from './setups-failure.js'
import { httpSetups } from './setups-http.js'
import { ruleSetups } from './setups-rules.js'
import { tcpSetups } from './setups-tcp.js'
import { tunnelSetups } from './setups-tunnel.js'

export const setups: readonly Setup[] = [
  ...httpSetups,
  ...ruleSetups,
  ...failureSetups,
  ...tcpSetups,
  ...tunnelSetups,
  ...balanceSetups,
  ...bodySetups,
]
