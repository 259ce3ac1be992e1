/** The agent of a server: where it is asked, and how often. What it answers is read in `AgentReply`. */
import { z } from 'zod'
import { durationOption, integerOption } from '../base/options.js'
import { parseAddress } from './place.js'

/** A server's agent, all decided. Times are milliseconds. */
export interface DecidedAgent {
  readonly port: number
  readonly address: string | undefined
  readonly interval: number
  readonly send: string
}

/** What a server's constructor checks of its agent. */
export const agentOption = z.strictObject({
  port: integerOption(1, 65535, 'a port'),
  address: z.string().optional(),
  interval: durationOption.optional(),
  send: z.string().optional(),
})

/** @throws {OptionError} on what is no address */
export function decideAgent(subject: string, given: z.infer<typeof agentOption> | undefined): DecidedAgent | undefined {
  if (given === undefined) return undefined
  const { port, address, interval, send } = given
  if (address !== undefined) parseAddress(subject, 'agent.address', address)
  return { port, address, interval: interval ?? 2_000, send: send ?? '' }
}
