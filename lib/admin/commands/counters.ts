/** `clear counters`: what was counted begins anew. */

import type { Balancer } from '../../balancer.js'
import { type Counters, clearCounters, clearHighest } from '../../observe/counters.js'
import { type Command, type CommandCall, CommandError, mayAt } from '../command.js'

function clear({ balancer, args, level }: CommandCall): string {
  const all = args[0] === 'all'
  if (!mayAt(level, all ? 'admin' : 'operator')) throw new CommandError('Permission denied\n')
  for (const counters of everyCounters(balancer)) (all ? clearCounters : clearHighest)(counters)
  return ''
}

function* everyCounters({ engine, frontends, backends }: Balancer): Generator<Counters> {
  yield engine.counters
  for (const frontend of frontends) {
    yield frontend.counters
    for (const { counters } of frontend.listeners()) if (counters !== undefined) yield counters
  }
  for (const backend of backends) {
    yield backend.counters
    for (const { counters } of backend.servers) yield counters
  }
}

export const counterCommands: readonly Command[] = [
  {
    words: ['clear', 'counters'],
    usage: 'clear counters [all]                    : clear max statistics counters (or all counters)',
    level: 'operator',
    run: clear,
  },
]
