/** What is under way: shown, and ended by order. Manual of management, 9.3. */
import type { Transaction } from '../../engine/transaction.js'
import { type Command, type CommandCall, CommandError, type Stream } from '../command.js'
import { serverOf } from '../lookup.js'
import { type Moment, sessionDetails, sessionLine } from '../session-text.js'
import { clientSession, operatorSession, type SessionView, sessionId } from '../session-view.js'

/** As C's `strtoul` with base 0 reads what `show sess` prints. */
const idOf = (text: string | undefined): number => {
  const [, hex, decimal] = /^(?:0x([0-9a-f]{1,13})|(\d{1,15}))/i.exec(text ?? '') ?? []
  return hex === undefined ? Number(decimal ?? 0) : Number.parseInt(hex, 16)
}

function showSessions(call: CommandCall): Stream {
  const [which] = call.args
  if (which === 'all') return told(call, sessionDetails)
  const id = idOf(which)
  if (id === 0) return told(call, sessionLine)
  const session = sessions(call).find((one) => one.id === id)
  if (session === undefined) throw new CommandError('Session not found.\n')
  return [sessionDetails(session, momentOf(call))]
}

function* told(call: CommandCall, text: (one: SessionView, moment: Moment) => string): Generator<string> {
  const moment = momentOf(call)
  for (const session of sessions(call)) yield text(session, moment)
}

const momentOf = ({ balancer: { engine } }: CommandCall): Moment => ({
  now: engine.clock.now(),
  wall: engine.clock.wall(),
})

/** In the order in which they came. */
function sessions({ balancer: { backends, engine }, operators }: CommandCall): SessionView[] {
  const own = new Map([...backends].map((backend) => [backend.id, backend]))
  const ownOf = ({ frontend }: Transaction) => {
    const twin = own.get(frontend.id)
    return twin?.name === frontend.name ? twin : undefined
  }
  const clients = Array.from(engine.eachTransaction(), (transaction) => clientSession(transaction, ownOf(transaction)))
  return [...clients, ...Array.from(operators, operatorSession)].sort((one, other) => one.id - other.id)
}

function withId({ balancer }: CommandCall, id: number): Transaction | undefined {
  for (const transaction of balancer.engine.eachTransaction())
    if (sessionId(transaction.record.number) === id) return transaction
  return undefined
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
