/** `set rate-limit`: how many connections and sessions a second the process takes. */
import { type Command, type CommandCall, CommandError } from '../command.js'

const USAGE =
  "'set rate-limit' only supports :\n" +
  "   - 'connections global' to set the per-process maximum connection rate\n" +
  "   - 'sessions global' to set the per-process maximum session rate\n" +
  "   - 'ssl-sessions global' to set the per-process maximum SSL session rate\n" +
  "   - 'http-compression global' to set the per-process maximum compression speed in kB/s\n"

const KINDS: ReadonlySet<string> = new Set(['connections', 'sessions', 'ssl-sessions', 'http-compression'])

function setRateLimit({ balancer, args: [what = '', where, value] }: CommandCall): string {
  if (!KINDS.has(what) || where !== 'global') throw new CommandError(USAGE)
  if (value === undefined) throw new CommandError('Expects an integer value.\n')
  const limit = Number(/^\s*[+-]?\d+/.exec(value)?.[0] ?? 0)
  if (limit < 0) throw new CommandError('Value out of range.\n')
  if (what === 'ssl-sessions') throw new CommandError('Not available here: TLS is not supported yet.\n', 'notice')
  if (what === 'http-compression')
    throw new CommandError('Not available here: compression is not supported yet.\n', 'notice')
  const { engine } = balancer
  engine[what === 'connections' ? 'maxConnectionRate' : 'maxSessionRate'] = limit || Number.POSITIVE_INFINITY
  for (const entrance of engine.entrances) entrance.limitsChanged()
  return ''
}

export const rateLimitCommands: readonly Command[] = [
  {
    words: ['set', 'rate-limit'],
    usage: 'set rate-limit <setting> <value>        : change a rate limiting value',
    level: 'admin',
    run: setRateLimit,
  },
]
