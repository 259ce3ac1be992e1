/** Commands for frontends: whether they listen, and how many they let in. */
import { type Command, type CommandCall, CommandError } from '../command.js'
import { frontendOf } from '../lookup.js'

async function disable({ balancer, args: [name] }: CommandCall): Promise<string> {
  const frontend = frontendOf(balancer, name)
  if (frontend.halted === 'stopped') throw new CommandError('Frontend was previously shut down, cannot disable.\n')
  if (frontend.halted === 'paused') throw new CommandError('All sockets are already disabled.\n')
  await frontend.pause()
  return ''
}

async function enable({ balancer, args: [name] }: CommandCall): Promise<string> {
  const frontend = frontendOf(balancer, name)
  if (frontend.halted === 'stopped') throw new CommandError('Frontend was previously shut down, cannot enable.\n')
  if (frontend.halted === undefined) throw new CommandError('All sockets are already enabled.\n')
  try {
    await frontend.resume()
  } catch {
    throw new CommandError('Failed to resume frontend, check logs for precise cause (port conflict?).\n')
  }
  return ''
}

async function shutDown({ balancer, args: [name] }: CommandCall): Promise<string> {
  const frontend = frontendOf(balancer, name)
  if (frontend.halted === 'stopped') throw new CommandError('Frontend was already shut down.\n')
  await frontend.shutDown()
  return ''
}

/** As C's `atol`: what is no number is 0. */
const integerOf = (text: string): number => Number(/^\s*[+-]?\d+/.exec(text)?.[0] ?? 0)

function setMaxConnections({ balancer, args: [name, value] }: CommandCall): string {
  const frontend = frontendOf(balancer, name)
  if (value === undefined) throw new CommandError('Integer value expected.\n')
  const limit = integerOf(value)
  if (limit < 0) throw new CommandError('Value out of range.\n')
  frontend.maxConnections = limit
  return ''
}

function setGlobalMaxConnections({ balancer, args: [value] }: CommandCall): string {
  if (value === undefined) throw new CommandError('Expects an integer value.\n')
  const limit = integerOf(value)
  const { engine } = balancer
  if (limit < 0 || limit > engine.hardMaxConnections) throw new CommandError('Value out of range.\n')
  engine.maxConnections = limit === 0 ? engine.hardMaxConnections : limit
  for (const entrance of engine.entrances) entrance.limitsChanged()
  return ''
}

export const frontendCommands: readonly Command[] = [
  {
    words: ['disable', 'frontend'],
    usage: 'disable frontend <frontend>             : temporarily disable specific frontend',
    level: 'admin',
    run: disable,
  },
  {
    words: ['enable', 'frontend'],
    usage: 'enable frontend <frontend>              : re-enable specific frontend',
    level: 'admin',
    run: enable,
  },
  {
    words: ['shutdown', 'frontend'],
    usage: 'shutdown frontend <frontend>            : stop a specific frontend',
    level: 'admin',
    run: shutDown,
  },
  {
    words: ['set', 'maxconn', 'frontend'],
    usage: "set maxconn frontend <frontend> <value> : change a frontend's maxconn setting",
    level: 'admin',
    run: setMaxConnections,
  },
  {
    words: ['set', 'maxconn', 'global'],
    usage: 'set maxconn global <value>              : change the per-process maxconn setting',
    level: 'admin',
    run: setGlobalMaxConnections,
  },
]
