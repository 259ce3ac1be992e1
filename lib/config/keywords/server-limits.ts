/** The words of `server` lines about limits and idle connections. Manual, chapter 5.2. */
import { readInteger, readTime } from '../values.js'
import { flag, number, type ServerOption } from './server-option.js'

const idleConnections: ServerOption = {
  takes: 1,
  read: (line, value, into) => {
    const read = readInteger(line, value, "'pool-max-conn'", { min: -1 })
    if (read !== undefined) into.maxIdleConnections = read === -1 ? 2 ** 31 - 1 : read
  },
}

const purgeDelay: ServerOption = {
  takes: 1,
  read: (line, value, into) => {
    const read = readTime(line, value, "'pool-purge-delay'")
    if (read !== undefined) into.idleTimeout = read
  },
}

const reuses: ServerOption = {
  takes: 1,
  read: (line, value, into) => {
    const read = readInteger(line, value, "'max-reuse'", { min: -1 })
    if (read !== undefined) into.maxReuse = read === -1 ? 2 ** 31 - 1 : read
  },
}

const poolName: ServerOption = {
  takes: 1,
  read: (_line, value, into) => {
    into.poolName = value
  },
}

const ping: ServerOption = {
  takes: 1,
  read: (line, value) => {
    if (readTime(line, value, "'idle-ping'") !== undefined)
      line.warning("'idle-ping' has no effect here: connections of HTTP/1 have no ping.", 'remove it')
  },
}

export const limitWords: readonly (readonly [string, ServerOption])[] = [
  ['maxconn', number('maxconn', 'maxConnections', { min: 0 })],
  ['minconn', number('minconn', 'minConnections', { min: 0 })],
  ['maxqueue', number('maxqueue', 'maxQueue', { min: 0 })],
  ['strict-maxconn', flag('strictMaxConnections', true)],
  ['pool-max-conn', idleConnections],
  ['pool-purge-delay', purgeDelay],
  ['pool-conn-name', poolName],
  ['max-reuse', reuses],
  ['idle-ping', ping],
]
