/** `show stat`: the counters of all proxies, as CSV, typed or as JSON. Manual of management, 9.1. */
import { type Command, type CommandCall, CommandError, mayAt, type Stream } from '../command.js'
import { type StatQuery, statRows } from '../stat-row.js'
import { csv, json, typed } from '../stat-text.js'

function showStat({ balancer, args, level }: CommandCall): Stream {
  let words = args
  if (words[0] === 'domain') {
    if (words[1] !== 'proxy') throw new CommandError('Invalid statistics domain.\n')
    words = words.slice(2)
  }
  const filtered = words.length >= 3 && /^-?\d/.test(words[1] ?? '') ? words.slice(0, 3) : []
  const options = words.slice(filtered.length)
  const query = queryOf(filtered, options, mayAt(level, 'operator'))
  const { proxy } = query
  if (typeof proxy === 'string' && [...balancer.frontends, ...balancer.backends].every(({ name }) => name !== proxy))
    throw new CommandError('No such proxy.\n')
  const rows = statRows(balancer, query)
  switch (options.filter((word) => word === 'typed' || word === 'json').at(-1)) {
    case 'json':
      return json(rows)
    case 'typed':
      return typed(rows, options.includes('desc'))
    default:
      return csv(rows)
  }
}

function queryOf(filter: readonly string[], options: readonly string[], legends: boolean): StatQuery {
  const only = options.includes('up') ? 'up' : options.includes('no-maint') ? 'no-maint' : 'all'
  const [proxy, kinds, id] = filter
  if (proxy === undefined) return { proxy: -1, kinds: -1, id: -1, only, legends }
  const number = /^-?\d+$/.test(proxy) ? Number(proxy) : proxy
  return {
    proxy: number,
    kinds: Number.parseInt(kinds ?? '', 10) || 0,
    id: Number.parseInt(id ?? '', 10) || 0,
    only,
    legends,
  }
}

export const statCommands: readonly Command[] = [
  {
    words: ['show', 'stat'],
    usage: 'show stat [desc|json|no-maint|typed|up]*: report counters for each proxy and server',
    level: 'user',
    run: showStat,
  },
]
