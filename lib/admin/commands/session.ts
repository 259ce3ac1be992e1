/** Commands about the connection that they come by: its level, its mode, how long it may be silent, how answers are marked. */
import { type Command, type CommandCall, CommandError, Message, mayAt } from '../command.js'

const PROMPT_HELP =
  'Usage: prompt [help | n | i | p | timed]*\n' +
  'Changes the way that this connection goes on after a command:\n' +
  '  n     : non-interactive, one command and the connection is closed\n' +
  '  i     : interactive, without a prompt\n' +
  '  p     : interactive, with a prompt\n' +
  '  timed : shows in the prompt how long the process has been running, or no longer\n' +
  'Without an argument: from the prompt to non-interactive and back.\n'

function prompt({ args, state }: CommandCall): string {
  if (args[0] === 'help') return PROMPT_HELP
  let said = false
  for (const word of args) {
    if (word === 'n') state.mode = 'single'
    else if (word === 'i') state.mode = 'interactive'
    else if (word === 'p') state.mode = 'prompt'
    else if (word === 'timed') {
      state.timed = !state.timed
      if (state.mode !== 'prompt') state.mode = 'prompt'
    } else continue
    said = true
  }
  if (!said) state.mode = state.mode === 'prompt' ? 'single' : 'prompt'
  return ''
}

function setTimeoutCli({ args: [what, delay], state }: CommandCall): string {
  if (what !== 'cli') throw new CommandError("'set timeout' only supports 'cli'.\n")
  if (delay === undefined) throw new CommandError('Expects an integer value.\n')
  const units = /^(\d{1,9})(us|ms|s|m|h|d)?$/.exec(delay)
  const milliseconds = units === null ? 0 : Number(units[1]) * (UNITS[units[2] ?? 's'] as number)
  if (milliseconds < 1) throw new CommandError('Invalid timeout value.\n')
  state.timeout = milliseconds
  return ''
}

const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

function setSeverity({ args: [format], state }: CommandCall): string {
  if (format !== 'none' && format !== 'number' && format !== 'string')
    throw new CommandError("one of 'none', 'number', 'string' is a required argument\n")
  state.severityOutput = format
  return ''
}

function lower(level: 'user' | 'operator'): (call: CommandCall) => string {
  return ({ state }) => {
    if (!mayAt(state.level, level)) throw new CommandError('Permission denied\n')
    state.level = level
    state.expert = false
    state.experimental = false
    return ''
  }
}

function mode(name: 'expert' | 'experimental'): Command {
  return {
    words: [`${name}-mode`],
    usage: `${name}-mode [on|off]`,
    level: 'admin',
    hidden: true,
    run({ args: [order], state }) {
      if (order === undefined) return new Message('info', `${name}-mode is ${state[name] ? 'ON' : 'OFF'}\n`)
      state[name] = order === 'on'
      return ''
    },
  }
}

export const sessionCommands: readonly Command[] = [
  {
    words: ['help'],
    usage: 'help [<command>]',
    level: 'user',
    hidden: true,
    run: ({ args, state, table }) => new Message('info', table.help(args, state)),
  },
  { words: ['prompt'], usage: 'prompt', level: 'user', hidden: true, run: prompt },
  {
    words: ['set', 'timeout'],
    usage: 'set timeout [cli] <delay>               : change a timeout setting',
    level: 'user',
    run: setTimeoutCli,
  },
  {
    words: ['set', 'severity-output'],
    usage: 'set severity-output [none|number|string]: set presence of severity level in feedback information',
    level: 'user',
    run: setSeverity,
  },
  {
    words: ['operator'],
    usage: 'operator                                : lower the level of the current CLI session to operator',
    level: 'user',
    run: lower('operator'),
  },
  {
    words: ['user'],
    usage: 'user                                    : lower the level of the current CLI session to user',
    level: 'user',
    run: lower('user'),
  },
  {
    words: ['show', 'cli', 'level'],
    usage: 'show cli level                          : display the level of the current CLI session',
    level: 'user',
    run: ({ state }) => new Message('info', `${state.level}\n`),
  },
  {
    words: ['show', 'cli', 'sockets'],
    usage: 'show cli sockets                        : dump list of cli sockets',
    level: 'user',
    run: ({ sockets }) =>
      `# socket lvl processes\n${sockets.map(({ address, level }) => `${address} ${level} all\n`).join('')}`,
  },
  mode('expert'),
  mode('experimental'),
]
