/** Commands for cookies that are made of servers' places: whether there are any, and the key that they are made with. Manual of the runtime API, `enable dynamic-cookie`. */
import type { CookieValues } from '../../proxy/persistence/cookie-values.js'
import { type Command, type CommandCall, CommandError } from '../command.js'
import { backendOf } from '../lookup.js'

function valuesOf({ balancer, args: [name] }: CommandCall): CookieValues {
  if (name === undefined || name === '') throw new CommandError('A backend name is expected.\n')
  const values = backendOf(balancer, name).persistence?.cookie?.values
  if (values === undefined) throw new CommandError('The backend has no cookie.\n')
  return values
}

function enable(call: CommandCall): string {
  valuesOf(call).dynamic = true
  return ''
}

function disable(call: CommandCall): string {
  valuesOf(call).dynamic = false
  return ''
}

function setKey(call: CommandCall): string {
  const values = valuesOf(call)
  const key = call.args[1]
  if (key === undefined || key === '') throw new CommandError('String value expected.\n')
  values.key = key
  return ''
}

export const dynamicCookieCommands: readonly Command[] = [
  {
    words: ['enable', 'dynamic-cookie', 'backend'],
    usage: 'enable dynamic-cookie backend <bk>      : enable dynamic cookies on a specific backend',
    level: 'admin',
    run: enable,
  },
  {
    words: ['disable', 'dynamic-cookie', 'backend'],
    usage: 'disable dynamic-cookie backend <bk>     : disable dynamic cookies on a specific backend',
    level: 'admin',
    run: disable,
  },
  {
    words: ['set', 'dynamic-cookie-key', 'backend'],
    usage: 'set dynamic-cookie-key backend <bk> <k> : change a backend secret key for dynamic cookies',
    level: 'admin',
    run: setKey,
  },
]
