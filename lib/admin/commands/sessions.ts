/** What is under way: shown, and ended by order. Manual of management, 9.3. */
import type { Transaction } from '../../engine/transaction.js'
import { type Command, type CommandCall, CommandError, type Stream } from '../command.js'
import { serverOf } from '../lookup.js'
import { sessionDetails, sessionId, sessionLine } from '../session-text.js'

function withId({ balancer }: CommandCall, id: number): Transaction | undefined {
  for (const transaction of balancer.engine.eachTransaction()) if (sessionId(transaction) === id) return transaction
  return undefined
}

/** As C's `strtoul` with base 0 reads what `show sess` prints. */
const idOf = (text: string | undefined): number => {
  const [, hex, decimal] = /^(?:0x([0-9a-f]{1,13})|(\d{1,15}))/i.exec(text ?? '') ?? []
  return hex === undefined ? Number(decimal ?? 0) : Number.parseInt(hex, 16)
}

function showSessions(call: CommandCall): Stream {
  const [which] = call.args
  if (which === 'all') return details(call)
  const id = idOf(which)
  if (id === 0) return lines(call)
  const transaction = withId(call, id)
  if (transaction === undefined) throw new CommandError('Session not found.\n')
  return [sessionDetails(transaction)]
}

function* lines({ balancer: { engine } }: CommandCall): Generator<string> {
  for (const transaction of [...engine.eachTransaction()]) yield sessionLine(transaction)
}

function* details({ balancer: { engine } }: CommandCall): Generator<string> {
  for (const transaction of [...engine.eachTransaction()]) yield sessionDetails(transaction)
}

function shutDown(call: CommandCall): string {
  const id = idOf(call.args[0])
  if (id === 0) throw new CommandError("Session pointer expected (use 'show sess').\n")
  const transaction = withId(call, id)
  if (transaction === undefined) throw new CommandError("No such session (use 'show sess').\n")
  call.balancer.engine.shutdown(transaction)
  return ''
}

function shutDownOfServer({ balancer, args: [which] }: CommandCall): string {
  balancer.shutdownSessions(serverOf(balancer, which).server)
  return ''
}

export const trafficCommands: readonly Command[] = [
  {
    words: ['show', 'sess'],
    usage: 'show sess [id]                          : report the list of current sessions or dump this exact session',
    level: 'operator',
    run: showSessions,
  },
  {
    words: ['shutdown', 'session'],
    usage: 'shutdown session [id]                   : kill a specific session',
    level: 'admin',
    run: shutDown,
  },
  {
    words: ['shutdown', 'sessions', 'server'],
    usage: 'shutdown sessions server <bk>/<srv>     : kill sessions on a server',
    level: 'admin',
    run: shutDownOfServer,
  },
]
