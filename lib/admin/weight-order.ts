/** A server's weight as an operator orders it: a number, or a share of the first one, in HAProxy's words when it is none. */
import type { Backend } from '../proxy/backend.js'
import type { Server } from '../proxy/server.js'
import { CommandError } from './command.js'

const HEAVIEST = 256

/** @throws {CommandError} when it is no weight, or not one that the backend's algorithm can have */
export function orderWeight(backend: Backend, server: Server, given: string | undefined): void {
  if (given === undefined || given === '') throw new CommandError('Require <weight> or <weight%>.\n')
  const [, number, rest] = /^\s*([+-]?\d+)?(.*)$/s.exec(given) ?? []
  if (number === undefined) throw new CommandError('Empty weight string empty or preceded by garbage')
  const weight = weightOf(Number(number), rest ?? '', server.initialWeight)
  if (!backend.weighs && weight !== 0 && weight !== server.initialWeight)
    throw new CommandError("Backend is using a static LB algorithm and only accepts weights '0%' and '100%'.\n")
  server.setWeight(weight)
}

function weightOf(number: number, rest: string, initial: number): number {
  if (rest === '%') {
    if (number < 0) throw new CommandError('Relative weight must be positive.\n')
    return Math.min(Math.trunc((initial * number) / 100), HEAVIEST)
  }
  if (rest !== '') throw new CommandError('Trailing garbage in weight string')
  if (number < 0 || number > HEAVIEST)
    throw new CommandError('Absolute weight can only be between 0 and 256 inclusive.\n')
  return number
}
