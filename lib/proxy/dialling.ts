/** How connections to servers are made beside where they go: from which address of ours, and whether the kernel asks if the peer is still there. */
import { z } from 'zod'
import { parseServerAddress } from '../base/address.js'
import { OptionError } from '../base/errors.js'
import { durationOption } from '../base/options.js'

/** As the network is told. */
export interface Dialling {
  readonly localAddress?: string
  readonly localPort?: number
  readonly keepAlive?: boolean
  /** Milliseconds of silence before the kernel's first question; 0 leaves it to the system. */
  readonly keepAliveInitialDelay?: number
}

/** `true`, or the silence before the first question. */
export const tcpKeepAliveOption = z.union([z.boolean(), durationOption], {
  error: "must be true, false or a time such as '60s'",
})

/** The silence before the kernel's first question, 0 for the system's own; `undefined` for no questions. */
export function decideKeepAlive(given: boolean | number | undefined): number | undefined {
  if (given === undefined || given === false) return undefined
  return given === true ? 0 : given
}

/**
 * Reads where connections come from, as in `10.0.0.9` or `10.0.0.9:4000`.
 * @throws {OptionError} when it is no IP address
 */
export function parseSource(subject: string, text: string): Dialling {
  const fault = (problem: string): OptionError => new OptionError(subject, 'source', problem)
  let address: ReturnType<typeof parseServerAddress>
  try {
    address = parseServerAddress(text)
  } catch (error) {
    throw fault((error as Error).message)
  }
  if (address.kind !== 'ip' || (address.portOffset !== undefined && address.portOffset !== 0))
    throw fault(`'${text}' is not an IP address of this machine, as in 10.0.0.9`)
  if (address.any) return address.port === 0 ? {} : { localPort: address.port }
  return address.port === 0 ? { localAddress: address.ip } : { localAddress: address.ip, localPort: address.port }
}

/** What a server's connections go by, from its own source or its backend's. */
export function decideDialling(source: Dialling | undefined, keepAlive: number | undefined): Dialling | undefined {
  if (source === undefined && keepAlive === undefined) return undefined
  return { ...source, ...(keepAlive === undefined ? {} : { keepAlive: true, keepAliveInitialDelay: keepAlive }) }
}
