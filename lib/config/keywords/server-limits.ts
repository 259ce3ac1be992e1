/** The words of `server` lines about limits and idle connections. Manual, chapter 5.2. */
import { readTime } from '../values.js'
import { flag, most, number, type ServerOption, span, text } from './server-option.js'

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
  ['pool-max-conn', most('pool-max-conn', 'maxIdleConnections')],
  ['pool-purge-delay', span('pool-purge-delay', 'idleTimeout')],
  ['pool-conn-name', text('poolName')],
  ['max-reuse', most('max-reuse', 'maxReuse')],
  ['idle-ping', ping],
]
