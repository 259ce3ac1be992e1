/** What a server is made of, as its users write it, and how that is checked. */
import { z } from 'zod'
import { durationOption, instanceOption, integerOption } from '../base/options.js'
import { isFieldValue } from '../message/headers.js'
import { agentOption } from './agent.js'
import { type CheckTiming, HealthCheck, timingOptions } from './health-check.js'
import { type NamingOptions, namingOptions } from './naming.js'
import type { Server } from './server.js'
import { type ServerLimitOptions, serverLimitShape } from './server-limits.js'
import { type ServerReuseOptions, serverReuseShape } from './server-reuse.js'

/** What is done when so many failures in a row were seen in traffic. Manual, `on-error`. */
export type OnError =
  /** Checks come faster. */
  | 'fastInterval'
  /** It counts as a failed check. */
  | 'failCheck'
  /** It counts as all but one of the failed checks that take the server down. */
  | 'suddenDeath'
  /** The server is down at once. */
  | 'markDown'

/** How a server that checks may take down begins. Manual of HAProxy 3.x, `init-state`. */
export type InitState = 'fullyUp' | 'up' | 'down' | 'fullyDown'

/**
 * An agent on the server that tells how it is, over a connection of its own: a line of words as `up`, `down`, `drain`, `75%`, `maxconn:30`.
 * Manual, `agent-check`.
 */
export interface AgentOptions {
  readonly port: number
  /** Default: the server's own. */
  readonly address?: string
  /** Between two questions, and how long one may take. Default 2s. */
  readonly interval?: number | string
  /** Sent at the connect, as it stands. */
  readonly send?: string
}

/** What a server can be told. */
export interface ServerOptions extends NamingOptions, ServerLimitOptions, ServerReuseOptions {
  /** Share of the load relative to the others, 0 to 256; 0 gets nothing new. Default 1. */
  readonly weight?: number
  /**
   * What a persistence cookie says of clients that belong to this server; see {@link persistCookie}. Several servers may have the same: the first that is up
   * takes them. Default: none, or one of its address where cookies are `dynamic`. Manual, `cookie`.
   */
  readonly cookie?: string
  /** Stick tables do not remember who was sent here, as suits a server of last resort; see {@link stickOn}. Default: they do. Manual, `non-stick`. */
  readonly nonStick?: boolean
  /** Used only when no other server is up. Default: no. */
  readonly backup?: boolean
  /** Starts in maintenance. Default: no. */
  readonly disabled?: boolean
  /** Starts drained: it finishes what it has and gets nothing new. Default: no. */
  readonly drain?: boolean
  /**
   * Whether it is checked, and how when not as its backend says. Default: when the backend has a check. `true` where the backend has none
   * asks for a connection.
   */
  readonly check?: boolean | HealthCheck
  /** This server's own rhythm, over the check's. */
  readonly checkTiming?: CheckTiming
  /** Where checks go, when not to the server's own address and port. */
  readonly checkAddress?: string
  readonly checkPort?: number
  /** How it begins, and begins anew after maintenance. Default: up, and the first failed check takes it down. Not with {@link track}. */
  readonly initState?: InitState
  /** Who on the server tells of weight, limits and state. */
  readonly agent?: AgentOptions
  /** It is up, stopping or down when that one is, and is not checked itself. Manual, `track`. */
  readonly track?: Server
  /** Traffic counts as checks do: connects (`layer4`), or answers too (`layer7`; 500 and above fail, but for 501 and 505). Needs a check. */
  readonly observe?: 'layer4' | 'layer7'
  /** Failures in a row that {@link onError} needs. Default 10. */
  readonly errorLimit?: number
  /** Default `failCheck`. Each makes the next check come at `fastInterval`. */
  readonly onError?: OnError
  /** What becomes of its sessions when it goes down: nothing, or they are ended at once. */
  readonly onMarkedDown?: 'shutdownSessions'
  /** What becomes of the sessions of the backups when it comes up: nothing, or they are ended at once. */
  readonly onMarkedUp?: 'shutdownBackupSessions'
  /** How long it takes from going up to its full weight and limit. Default 0: at once. Never at the start. */
  readonly slowStart?: number | string
  /** The number that consistent hashing places it by. Default: its position, from 1. */
  readonly id?: number
  /** The address of ours that connections to it come from, as in `10.0.0.9`, perhaps with a port. Default: its backend's. HAProxy: `source`. */
  readonly source?: string
}

const flag = z.boolean({ error: 'must be true or false' }).optional()

/** What a server's constructor checks; `track` is looked at there. */
export const serverOptions = z.strictObject({
  weight: integerOption(0, 256).optional(),
  ...serverLimitShape,
  ...serverReuseShape,
  cookie: z
    .string({ error: 'must be a string' })
    .refine((text) => text !== '' && isFieldValue(text), { error: 'must be text that fits into a header field' })
    .optional(),
  nonStick: flag,
  backup: flag,
  disabled: flag,
  drain: flag,
  check: z
    .union([z.boolean(), instanceOption(HealthCheck, 'must be a HealthCheck')], {
      error: 'must be true, false or a HealthCheck',
    })
    .optional(),
  checkTiming: z.strictObject(timingOptions).optional(),
  checkAddress: z.string().optional(),
  checkPort: integerOption(1, 65535, 'a port').optional(),
  initState: z
    .enum(['fullyUp', 'up', 'down', 'fullyDown'], { error: "must be 'fullyUp', 'up', 'down' or 'fullyDown'" })
    .optional(),
  agent: agentOption.optional(),
  track: z.unknown().optional(),
  observe: z.enum(['layer4', 'layer7'], { error: "must be 'layer4' or 'layer7'" }).optional(),
  errorLimit: integerOption(1, 2 ** 31 - 1).optional(),
  onError: z
    .enum(['fastInterval', 'failCheck', 'suddenDeath', 'markDown'], {
      error: "must be 'fastInterval', 'failCheck', 'suddenDeath' or 'markDown'",
    })
    .optional(),
  onMarkedDown: z.literal('shutdownSessions', { error: "must be 'shutdownSessions'" }).optional(),
  onMarkedUp: z.literal('shutdownBackupSessions', { error: "must be 'shutdownBackupSessions'" }).optional(),
  slowStart: durationOption.optional(),
  id: integerOption(1, 2 ** 31 - 1).optional(),
  source: z.string().optional(),
  ...namingOptions,
})
