/** `stats` in `global`: the sockets of the runtime API. They are described; nothing answers there yet, and the line says so. */
import type { Line, ProcessKeyword } from '../keyword.js'
import type { ProcessDraft, StatsSocket } from '../process-draft.js'
import { readInteger, readMode, readTime, readWord } from '../values.js'
import { shownByNobody } from './unshown.js'

type Changing = { -readonly [K in keyof StatsSocket]: StatsSocket[K] }

function statsSocket(line: Line, draft: ProcessDraft): void {
  const [address, ...words] = line.args
  if (readWord(line, address, "'stats socket'") === undefined) return
  const socket: Changing = {
    address: address ?? '',
    mode: undefined,
    user: undefined,
    group: undefined,
    uid: undefined,
    gid: undefined,
    level: 'operator',
  }
  while (words.length > 0) readOption(line, words, socket)
  draft.statsSockets.push(socket)
  line.warning(`'stats socket ${address}': the runtime API is not there yet, so nothing will answer on this socket.`)
}

function readOption(line: Line, words: string[], socket: Changing): void {
  const option = words.shift() ?? ''
  if (option === 'mode') socket.mode = readMode(line, words.shift())
  else if (option === 'user' || option === 'group') socket[option] = readWord(line, words.shift(), `'${option}'`)
  else if (option === 'uid' || option === 'gid')
    socket[option] = readInteger(line, words.shift(), `'${option}'`, { min: 0 })
  else if (option === 'level') {
    const level = words.shift() ?? ''
    if (level === 'user' || level === 'operator' || level === 'admin') socket.level = level
    else line.alert(`'stats socket' : 'level' only supports 'user', 'operator', and 'admin' (got '${level}')`)
  } else if (option === 'expose-fd') {
    if (words.shift() !== 'listeners') line.alert("'stats socket' : 'expose-fd' only supports 'listeners'")
    else line.warning("'expose-fd listeners' is not done: listeners cannot be handed over yet.", 'remove it')
  } else if (option === 'process' || option === 'thread') {
    line.warning(`'${option} ${words.shift() ?? ''}' means nothing here: there is one thread.`, 'remove it')
  } else if (option === 'name') readWord(line, words.shift(), "'name'")
  else {
    line.alert(`'stats socket' : '${option}' is not supported yet`)
    words.length = 0
  }
}

export const statsSocketKeywords: readonly ProcessKeyword[] = [
  { name: 'stats socket', parse: statsSocket },
  {
    name: 'stats timeout',
    parse: (line, draft) => {
      const value = readTime(line, line.args[0], "'stats timeout'")
      if (value === undefined || !line.atMost(1)) return
      draft.settings.statsTimeout = value
      shownByNobody(line)
    },
  },
  {
    name: 'stats bind-process',
    parse: (line) =>
      line.warning("'stats bind-process' was removed in HAProxy 2.7 and means nothing here.", 'remove it'),
  },
  {
    name: 'stats',
    parse: (line) => {
      if (line.first === 'maxconn') line.alert("'stats maxconn' is not supported yet")
      else line.alert(`'stats' only supports 'socket', 'maxconn', and 'timeout' (got '${line.first}')`)
    },
  },
]
