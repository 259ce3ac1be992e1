/** Commands about the process: its environment, its backends by name, how busy its loop is. */
import { performance } from 'node:perf_hooks'
import { type Command, type CommandCall, CommandError } from '../command.js'

function* showEnvironment({ balancer, args: [name] }: CommandCall): Generator<string> {
  const { process } = balancer.engine
  if (name !== undefined) {
    const value = process.environment(name)
    if (value === undefined) throw new CommandError('Variable not found\n')
    yield `${name}=${value}\n`
    return
  }
  for (const each of process.environmentNames()) yield `${each}=${process.environment(each) ?? ''}\n`
}

function* showBackends({ balancer }: CommandCall): Generator<string> {
  yield '# name\n'
  for (const { name } of [...balancer.backends].sort((one, other) => one.id - other.id)) yield `${name}\n`
}

/** HAProxy's figures are those of its scheduler; ours are those of Node's loop. */
function showActivity({ balancer }: CommandCall): string {
  const { engine } = balancer
  const { idle, active, utilization } = performance.eventLoopUtilization()
  const resources = new Map<string, number>()
  for (const kind of process.getActiveResourcesInfo()) resources.set(kind, (resources.get(kind) ?? 0) + 1)
  const { heapUsed, rss } = process.memoryUsage()
  const lines = {
    thread_id: '1 (1..1)',
    date_now: (engine.clock.wall() / 1000).toFixed(6),
    loop_idle_ms: Math.round(idle),
    loop_active_ms: Math.round(active),
    loop_utilization_pct: Math.round(utilization * 100),
    sessions: engine.sessions,
    requests: engine.underWay,
    requests_total: engine.transactions,
    idle_connections: engine.idleConnections,
    heap_used: heapUsed,
    rss,
  }
  const told = [...Object.entries(lines), ...[...resources].map(([kind, count]) => [`active_${kind}`, count] as const)]
  return told.map(([name, value]) => `${name}: ${value}\n`).join('')
}

export const processCommands: readonly Command[] = [
  {
    words: ['show', 'env'],
    usage: 'show env [var]                          : dump environment variables known to the process',
    level: 'operator',
    run: showEnvironment,
  },
  {
    words: ['show', 'backend'],
    usage: 'show backend                            : list backends in the current running config',
    level: 'user',
    run: showBackends,
  },
  {
    words: ['show', 'activity'],
    usage: 'show activity                           : show per-thread activity stats (for support/developers)',
    level: 'user',
    run: showActivity,
  },
]
