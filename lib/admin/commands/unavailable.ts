/** Commands that show or change the inner works of HAProxy, for which there is nothing here: each says why. */
import { type Command, CommandError, type Level } from '../command.js'

const without = (usage: string, reason: string, level: Level = 'user'): Command => ({
  words:
    usage
      .slice(0, 40)
      .split(/ +(?=[[<{(]|$)/)[0]
      ?.trim()
      .split(' ') ?? [],
  usage,
  level,
  run: () => {
    throw new CommandError(`Not available here: ${reason}.\n`, 'notice')
  },
})

export const unavailableCommands: readonly Command[] = [
  without(
    'set profiling <what> {auto|on|off}      : enable/disable resource profiling (tasks,memory)',
    "there are no tasks to profile; start Node with '--cpu-prof' or '--heap-prof'",
    'admin',
  ),
  without(
    'show fd [num]                           : dump list of file descriptors in use or a specific one',
    'Node keeps its descriptors to itself; look into /proc/<pid>/fd',
    'operator',
  ),
  without(
    'show libs                               : show loaded object files and libraries',
    'there are none but those of Node; look into /proc/<pid>/maps',
    'operator',
  ),
  without(
    'show pools                              : report information about the memory pools usage',
    "there are no memory pools; 'show activity' and 'show info' tell the size of the heap",
  ),
  without(
    'show profiling [<what>|<#lines>|byaddr]*: show profiling state (all,status,tasks,memory)',
    "there are no tasks to profile; start Node with '--cpu-prof' or '--heap-prof'",
  ),
  without(
    'show tasks                              : show running tasks',
    "there is no scheduler of our own; 'show activity' tells of Node's loop",
  ),
  without('show threads                            : show some threads debugging information', 'there is one thread'),
  without(
    'show trace [<module>]                   : show live tracing state',
    'nothing is traced; `explain` tells how a request goes',
  ),
  without(
    'trace [<module>|0] [cmd [args...]]      : manage live tracing (empty to list, 0 to stop all)',
    'nothing is traced; `explain` tells how a request goes',
    'admin',
  ),
]
