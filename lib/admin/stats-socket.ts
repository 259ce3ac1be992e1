/** Where the runtime API listens, and what those who come there may do. */
import { z } from 'zod'
import { type Address, parseBindAddress } from '../base/address.js'
import { OptionError } from '../base/errors.js'
import { checkOptions, integerOption } from '../base/options.js'
import type { Network } from '../engine/network.js'
import type { CommandState, Level } from './command.js'

/** One place to listen at. Manual, `stats socket` of `global`. */
export interface StatsSocketOptions {
  /** A path, or as for a bind line: `127.0.0.1:9999`, `ipv4@…`, `abns@x`, `fd@3`. Who can connect can do what {@link level} allows. */
  readonly address: string
  /** Default `operator`. */
  readonly level?: Level
  /** Permissions of the socket's file, as in 0o600. Default: what the process's umask leaves. */
  readonly fileMode?: number
  /** Owner of the socket's file. */
  readonly uid?: number
  readonly gid?: number
  /** Connections that the kernel keeps for us. */
  readonly backlog?: number
  /** Connections of this socket at a time; more wait. Default: only the API's own limit. */
  readonly maxConnections?: number
  /** How answers tell their severity, unless told otherwise. Default `none`. */
  readonly severityOutput?: CommandState['severityOutput']
}

const LEVELS = ['user', 'operator', 'admin'] as const

const socketOptions = z.strictObject({
  address: z.string({ error: 'must be an address, as in /run/fairlead.sock' }),
  level: z.enum(LEVELS, { error: "must be 'user', 'operator' or 'admin'" }).optional(),
  fileMode: integerOption(0, 0o777).optional(),
  uid: integerOption(0, 2 ** 32 - 1).optional(),
  gid: integerOption(0, 2 ** 32 - 1).optional(),
  backlog: integerOption(1, 2 ** 31 - 1).optional(),
  maxConnections: integerOption(0, 2 ** 31 - 1).optional(),
  severityOutput: z.enum(['none', 'number', 'string']).optional(),
})

/** One place to listen at, understood. */
export interface StatsSocket extends Omit<StatsSocketOptions, 'level'> {
  readonly level: Level
  readonly bind: Parameters<Network['listen']>[0]
  /** As HAProxy shows it. */
  readonly shown: string
}

/** @throws {OptionError} that names the option that is wrong */
export function decideSocket(given: string | StatsSocketOptions): readonly StatsSocket[] {
  const subject = 'RuntimeApi'
  const options = checkOptions(subject, socketOptions, typeof given === 'string' ? { address: given } : given)
  let addresses: Address[]
  try {
    addresses = parseBindAddress(options.address)
  } catch (error) {
    throw new OptionError(subject, 'address', (error as Error).message)
  }
  const { level = 'operator' } = options
  return addresses.map((parsed) => ({
    ...(options as StatsSocketOptions),
    level,
    bind: { ...(options as StatsSocketOptions), parsed },
    shown: shownAs(parsed),
  }))
}

function shownAs(address: Address): string {
  switch (address.kind) {
    case 'unix':
      return `unix@${address.path}`
    case 'abns':
      return `abns@${address.name}`
    case 'fd':
      return `fd@${address.fd}`
    default: {
      const host = address.kind === 'ip' ? address.ip : address.name
      return host.includes(':') ? `[${host}]:${address.port}` : `${host}:${address.port}`
    }
  }
}
