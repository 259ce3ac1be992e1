/** Commands for backends: whether routes lead to them. HAProxy 3.5's. */
import type { Backend } from '../../proxy/backend.js'
import { type Command, type CommandCall, CommandError, Message } from '../command.js'
import { backendOf } from '../lookup.js'

function asked({ balancer, args: [name] }: CommandCall): Backend {
  if (name === undefined || name === '') throw new CommandError('A backend name is expected.\n')
  const backend = backendOf(balancer, name)
  if (backend.disabled) throw new CommandError('Backend is disabled.\n')
  return backend
}

function publish(call: CommandCall): Message {
  asked(call).publish()
  return new Message('notice', 'Backend published.\n')
}

function unpublish(call: CommandCall): Message {
  asked(call).unpublish()
  return new Message('notice', 'Backend unpublished.\n')
}

export const backendCommands: readonly Command[] = [
  {
    words: ['publish', 'backend'],
    usage: 'publish backend <backend>               : let switching rules and default_backend choose it',
    level: 'operator',
    run: publish,
  },
  {
    words: ['unpublish', 'backend'],
    usage: 'unpublish backend <backend>             : let switching rules and default_backend pass over it',
    level: 'operator',
    run: unpublish,
  },
]
