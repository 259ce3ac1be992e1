/** The keywords of `global` that tune: those that change something here, and those that can change nothing in this process. */
import type { Line, ProcessKeyword } from '../keyword.js'
import { readInteger, readSize } from '../values.js'

const bufferSize: ProcessKeyword = {
  name: 'tune.bufsize',
  parse: (line, draft) => {
    const value = readSize(line, line.args[0], "'tune.bufsize'")
    if (value === undefined || !line.atMost(1)) return
    if (value < 2048 || value > 2 ** 24)
      line.alert(`'tune.bufsize' must be between 2048 and ${2 ** 24} (got ${value}).`)
    else draft.settings.bufferSize = value
  },
}

/** The room that is kept in a buffer for what rules add. */
const rewriteRoom = 1024

const maxRewrite: ProcessKeyword = {
  name: 'tune.maxrewrite',
  parse: (line) => {
    const value = readSize(line, line.args[0], "'tune.maxrewrite'")
    if (value !== undefined && line.atMost(1) && value !== rewriteRoom) {
      line.warning(`'tune.maxrewrite ${value}' has no effect here: ${rewriteRoom} bytes are kept.`, 'remove it')
    }
  },
}

const maxHeaders: ProcessKeyword = {
  name: 'tune.http.maxhdr',
  parse: (line, draft) => {
    const value = readInteger(line, line.args[0], "'tune.http.maxhdr'", { min: 1, max: 32_767 })
    if (value !== undefined && line.atMost(1)) draft.settings.maxHeaders = value
  },
}

const idle =
  (reason: string) =>
  (line: Line): void => {
    line.warning(`'${line.keyword}' has no effect here: ${reason}.`, 'remove it')
  }

const without = (reason: string, names: string): readonly ProcessKeyword[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => ({ name, negatable: true, parse: idle(reason) }))

export const tuneKeywords: readonly ProcessKeyword[] = [
  bufferSize,
  maxRewrite,
  maxHeaders,
  ...without(
    'one thread serves all connections, and the system decides where it runs',
    'cpu-map cpu-affinity cpu-policy cpu-set thread-groups max-threads-per-group thread-hard-limit numa-cpu-mapping tune.runqueue-depth ' +
      'tune.sched.low-latency tune.listener.multi-queue tune.listener.default-shards tune.renice.runtime tune.renice.startup',
  ),
  ...without(
    'Node chooses how it waits for sockets',
    'noepoll nopoll nokqueue noevports nosplice noreuseport nogetaddrinfo busy-polling tune.maxaccept tune.maxpollevents ' +
      'tune.epoll.mask-events tune.events.max-events-at-once tune.fd.edge-triggered tune.recv_enough tune.pipesize maxpipes',
  ),
  ...without(
    'Node manages its memory itself',
    'no-memory-trimming tune.memory.hot-size tune.pool-low-fd-ratio tune.pool-high-fd-ratio tune.buffers.limit tune.buffers.reserve',
  ),
  ...without(
    'Node has no way to set it',
    'tune.rcvbuf.client tune.rcvbuf.server tune.rcvbuf.frontend tune.rcvbuf.backend tune.sndbuf.client tune.sndbuf.server ' +
      'tune.sndbuf.frontend tune.sndbuf.backend tune.notsent-lowat.client tune.notsent-lowat.server set-dumpable insecure-fork-wanted ' +
      'insecure-setuid-wanted setcap fd-hard-limit prealloc-fd ulimit-n strict-limits',
  ),
  ...without(
    'TLS is not supported yet',
    'ssl-default-bind-ciphers ssl-default-bind-ciphersuites ssl-default-bind-options ssl-default-bind-curves ssl-default-bind-sigalgs ' +
      'ssl-default-bind-client-sigalgs ssl-default-server-ciphers ssl-default-server-ciphersuites ssl-default-server-options ' +
      'ssl-default-server-curves ssl-default-server-sigalgs ssl-default-server-client-sigalgs ssl-server-verify ssl-dh-param-file ' +
      'ssl-load-extra-files ssl-load-extra-del-ext ssl-mode-async ssl-engine ssl-skip-self-issued-ca issuers-chain-path ' +
      'tune.ssl.default-dh-param tune.ssl.cachesize tune.ssl.lifetime tune.ssl.maxrecord tune.ssl.hard-maxrecord ' +
      'tune.ssl.ssl-ctx-cache-size tune.ssl.force-private-cache tune.ssl.capture-buffer-size tune.ssl.capture-cipherlist-size ' +
      'tune.ssl.keylog maxsslconn maxsslrate ca-base crt-base key-base',
  ),
  ...without('the moments of health checks are not spread yet', 'spread-checks max-spread-checks'),
  ...without(
    'compression is not supported yet',
    'maxcomprate maxcompcpuusage maxzlibmem tune.comp.maxlevel tune.zlib.memlevel tune.zlib.windowsize',
  ),
  ...without('there is nothing deprecated to allow', 'expose-deprecated-directives'),
]
