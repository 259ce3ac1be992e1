/** From a command as it was written to its answer: who may give it, what it says, and how that is marked. */
import type { Balancer } from '../balancer.js'
import {
  type Answer,
  CommandError,
  type CommandState,
  Following,
  Message,
  mayAt,
  type Severity,
  type SocketView,
  type Stream,
} from './command.js'
import type { Given } from './command-input.js'
import type { CommandTable } from './command-table.js'
import type { MakeServer } from './make-server.js'
import type { ListedPatterns } from './pattern-list.js'
import type { OperatorView } from './session-view.js'

const NUMBERS: Readonly<Record<Severity, number>> = {
  alert: 1,
  crit: 2,
  err: 3,
  warning: 4,
  notice: 5,
  info: 6,
  debug: 7,
}

/** What commands work on. */
export interface Surroundings {
  readonly balancer: Balancer
  readonly table: CommandTable
  readonly sockets: readonly SocketView[]
  readonly patterns: readonly ListedPatterns[]
  readonly makeServer: MakeServer | undefined
  readonly operators: Iterable<OperatorView>
}

/**
 * Pieces of an answer; the empty line that ends it is among them.
 * @param follow asked when an answer goes on as things happen: what ends it
 */
export async function* interpret(
  { words, payload }: Given,
  state: CommandState,
  surroundings: Surroundings,
  follow: () => AbortSignal,
): AsyncGenerator<string> {
  let answer: Answer
  try {
    answer = await run(words, payload, state, surroundings)
    if (answer instanceof Message || typeof answer === 'string') yield `${marked(answer, state)}\n`
    else yield* told(answer instanceof Following ? answer.pieces(follow()) : answer)
  } catch (error) {
    yield `${marked(complaint(error, words, surroundings.balancer), state)}\n`
  }
}

async function* told(answer: Stream): AsyncGenerator<string> {
  yield* answer
  yield '\n'
}

function run(
  words: readonly string[],
  payload: string | undefined,
  state: CommandState,
  surroundings: Surroundings,
): Answer | Promise<Answer> {
  const { balancer, table, ...others } = surroundings
  const found = table.find(words)
  if (found === undefined || (found.command.expert === true && !state.expert))
    return new Message('info', table.unknown(words, state))
  const { command, args } = found
  if (!mayAt(state.level, command.level)) return new Message('err', 'Permission denied\n')
  if (command.experimental === true && !state.experimental)
    return new Message('err', 'This command is restricted to experimental mode only.\n')
  return command.run({ balancer, args, payload, level: state.level, state, table, ...others })
}

/** What went wrong. Faults of ours or of the host app are told to whoever listens, too. */
function complaint(error: unknown, words: readonly string[], balancer: Balancer): Message {
  if (error instanceof CommandError) return new Message(error.severity, error.message)
  balancer.engine.complain(error, `the command '${words.join(' ')}'`)
  return new Message('err', 'Internal error.\n')
}

function marked(answer: Message | string, { severityOutput }: CommandState): string {
  if (typeof answer === 'string') return answer
  if (severityOutput === 'none') return answer.text
  const { severity } = answer
  return `[${severityOutput === 'number' ? NUMBERS[severity] : severity}]: ${answer.text}`
}
