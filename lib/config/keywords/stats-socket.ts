/** `stats` in `global`: the sockets of the runtime API, and how patient it is. Manual, chapter 3.1. */
import type { Line, ProcessKeyword } from '../keyword.js'
import type { ProcessDraft, StatsSocket } from '../process-draft.js'
import { readTime } from '../values.js'
import { type BindOption, readPlace } from './bind.js'

type Changing = { -readonly [K in 'level' | 'severityOutput']: StatsSocket[K] }

/** The options that only these sockets have. */
function ownOptions(into: Changing): ReadonlyMap<string, BindOption> {
  const level = (line: Line, value: string): void => {
    if (value === 'user' || value === 'operator' || value === 'admin') into.level = value
    else line.alert(`'level' only supports 'user', 'operator', and 'admin' (got '${value}')`)
  }
  const severity = (line: Line, value: string): void => {
    if (value === 'none' || value === 'number' || value === 'string') into.severityOutput = value
    else line.alert(`'severity-output' only supports 'none', 'number', and 'string' (got '${value}')`)
  }
  const exposed = (line: Line, value: string): void => {
    if (value !== 'listeners') line.alert(`'expose-fd' only supports 'listeners' (got '${value}')`)
    else line.warning("'expose-fd listeners' is not done: listeners cannot be handed over yet.", 'remove it')
  }
  return new Map<string, BindOption>([
    ['level', { takes: 1, read: level }],
    ['severity-output', { takes: 1, read: severity }],
    ['expose-fd', { takes: 1, read: exposed }],
  ])
}

function statsSocket(line: Line, draft: ProcessDraft): void {
  const [written, ...words] = line.args
  if (written === undefined || written === '') {
    line.alert("'stats socket' in global section expects an address or a path to a UNIX socket")
    return
  }
  const address = line.loading.environment.expand(written)
  const own: Changing = { level: 'operator', severityOutput: 'none' }
  const about = line.about("'stats socket'")
  const place = readPlace({ line, about, what: 'stats socket', more: ownOptions(own) }, address, words)
  if (place !== undefined) draft.statsSockets.push({ ...place, ...own })
}

export const statsSocketKeywords: readonly ProcessKeyword[] = [
  { name: 'stats socket', parse: statsSocket },
  {
    name: 'stats timeout',
    parse: (line, draft) => {
      const value = readTime(line, line.args[0], "'stats timeout'")
      if (value === undefined || !line.atMost(1)) return
      draft.settings.statsTimeout = value
    },
  },
  {
    name: 'stats maxconn',
    parse: (line, draft) => {
      const [text = ''] = line.args
      const value = /^\d{1,9}$/.test(text) ? Number(text) : 0
      if (value < 1) line.alert("'stats maxconn' expects a positive value")
      else if (line.atMost(1)) draft.settings.statsMaxConnections = value
    },
  },
  {
    name: 'stats bind-process',
    parse: (line) =>
      line.warning("'stats bind-process' was removed in HAProxy 2.7 and means nothing here.", 'remove it'),
  },
  {
    name: 'stats',
    parse: (line) => line.alert(`'stats' only supports 'socket', 'maxconn', and 'timeout' (got '${line.first}')`),
  },
]
