/** The keywords of `global` that can change nothing in this process: each is accepted, and says why. Manual, chapter 3. */
import type { Line, ProcessKeyword } from '../keyword.js'

const idle =
  (reason: string, instead: string) =>
  (line: Line): void => {
    line.warning(`'${line.keyword}' has no effect here: ${reason}.`, instead)
  }

const without = (reason: string, names: string, instead = 'remove it'): readonly ProcessKeyword[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => ({ name, negatable: true, parse: idle(reason, instead) }))

export const idleKeywords: readonly ProcessKeyword[] = [
  ...without(
    'one thread serves all connections, and the system decides where it runs',
    `cpu-map cpu-affinity cpu-policy cpu-set thread-group thread-groups max-threads-per-group thread-hard-limit numa-cpu-mapping
     tune.runqueue-depth tune.sched.low-latency tune.listener.multi-queue tune.listener.default-shards tune.renice.runtime
     tune.renice.startup tune.idle-pool.shared tune.takeover-other-tg-connections tune.max-checks-per-thread tune.ring.queues`,
    "remove it; to use more cores, start one process for each with 'bind' at ports of their own",
  ),
  ...without(
    'this one process serves, and nothing watches or reloads it',
    'master-worker mworker-max-reloads',
    'remove it, and have a service manager restart the process',
  ),
  ...without(
    'Node chooses how it waits for sockets',
    `noepoll nopoll nokqueue noevports nosplice noreuseport nogetaddrinfo busy-polling tune.maxaccept tune.maxpollevents
     tune.epoll.mask-events tune.events.max-events-at-once tune.fd.edge-triggered tune.fd.tables tune.recv_enough tune.pipesize maxpipes
     tune.idletimer`,
  ),
  ...without(
    'bytes are copied once, and never spliced',
    `tune.disable-fast-forward tune.disable-zero-copy-forwarding tune.applet.zero-copy-forwarding tune.h1.zero-copy-fwd-recv
     tune.h1.zero-copy-fwd-send tune.h2.zero-copy-fwd-send tune.pt.zero-copy-forwarding tune.quic.zero-copy-fwd-send`,
  ),
  ...without(
    'Node manages its memory itself',
    `no-memory-trimming tune.memory.hot-size tune.pool-low-fd-ratio tune.pool-high-fd-ratio tune.buffers.limit tune.buffers.reserve
     tune.bufsize.small tune.streams-elasticity tune.defaults.purge tune.fail-alloc`,
    "remove it; Node's own limit is 'node --max-old-space-size'",
  ),
  ...without(
    'Node has no way to set it',
    `tune.rcvbuf.client tune.rcvbuf.server tune.rcvbuf.frontend tune.rcvbuf.backend tune.sndbuf.client tune.sndbuf.server
     tune.sndbuf.frontend tune.sndbuf.backend tune.notsent-lowat.client tune.notsent-lowat.server set-dumpable insecure-fork-wanted
     insecure-setuid-wanted setcap fd-hard-limit prealloc-fd ulimit-n strict-limits`,
    "remove it, or set it from outside (systemd's LimitNOFILE=, LimitCORE=, AmbientCapabilities=; sysctl)",
  ),
  ...without(
    'TLS is not supported yet',
    `ssl-default-bind-ciphers ssl-default-bind-ciphersuites ssl-default-bind-options ssl-default-bind-curves ssl-default-bind-sigalgs
     ssl-default-bind-client-sigalgs ssl-default-server-ciphers ssl-default-server-ciphersuites ssl-default-server-options
     ssl-default-server-curves ssl-default-server-sigalgs ssl-default-server-client-sigalgs ssl-server-verify ssl-dh-param-file
     ssl-load-extra-files ssl-load-extra-del-ext ssl-mode-async ssl-engine ssl-skip-self-issued-ca ssl-passphrase-cmd ssl-propquery
     ssl-provider ssl-provider-path ssl-security-level issuers-chain-path noktls acme.scheduler ocsp-update.disable
     ocsp-update.httpproxy ocsp-update.maxdelay ocsp-update.mindelay ocsp-update.mode tune.ssl.default-dh-param tune.ssl.cachesize
     tune.ssl.lifetime tune.ssl.maxrecord tune.ssl.hard-maxrecord tune.ssl.ssl-ctx-cache-size tune.ssl.force-private-cache
     tune.ssl.capture-buffer-size tune.ssl.capture-cipherlist-size tune.ssl.keylog tune.ssl.certificate-compression
     tune.ssl.keyupdate-rate-limit tune.ssl.ocsp-update.maxdelay tune.ssl.ocsp-update.mindelay maxsslconn maxsslrate ca-base crt-base
     key-base`,
  ),
  ...without(
    'HTTP/2 is not supported yet',
    `h2-workaround-bogus-websocket-clients tune.h2.be.glitches-threshold tune.h2.be.initial-window-size tune.h2.be.max-concurrent-streams
     tune.h2.be.max-frames-at-once tune.h2.be.rxbuf tune.h2.fe.glitches-threshold tune.h2.fe.initial-window-size
     tune.h2.fe.max-concurrent-streams tune.h2.fe.max-frames-at-once tune.h2.fe.max-rst-at-once tune.h2.fe.max-total-streams
     tune.h2.fe.rxbuf tune.h2.header-table-size tune.h2.initial-window-size tune.h2.log-errors tune.h2.max-concurrent-streams
     tune.h2.max-frame-size`,
  ),
  ...without(
    'QUIC is not supported',
    `limited-quic no-quic cluster-secret harden.reject-privileged-ports.quic tune.quic.be.cc.cubic-min-losses tune.quic.be.cc.hystart
     tune.quic.be.cc.max-frame-loss tune.quic.be.cc.max-win-size tune.quic.be.cc.reorder-ratio tune.quic.be.max-idle-timeout
     tune.quic.be.sec.glitches-threshold tune.quic.be.stream.data-ratio tune.quic.be.stream.max-concurrent tune.quic.be.stream.rxbuf
     tune.quic.be.tx.pacing tune.quic.be.tx.udp-gso tune.quic.fe.cc.cubic-min-losses tune.quic.fe.cc.hystart
     tune.quic.fe.cc.max-frame-loss tune.quic.fe.cc.max-win-size tune.quic.fe.cc.reorder-ratio tune.quic.fe.max-idle-timeout
     tune.quic.fe.sec.glitches-threshold tune.quic.fe.sec.retry-threshold tune.quic.fe.sock-per-conn tune.quic.fe.stream.data-ratio
     tune.quic.fe.stream.max-concurrent tune.quic.fe.stream.max-total tune.quic.fe.stream.rxbuf tune.quic.fe.tx.pacing
     tune.quic.fe.tx.udp-gso tune.quic.listen tune.quic.mem.tx-max`,
  ),
  ...without(
    'there is no Lua here',
    `tune.lua.bool-sample-conversion tune.lua.burst-timeout tune.lua.forced-yield tune.lua.log.loggers tune.lua.log.stderr tune.lua.maxmem
     tune.lua.openlibs tune.lua.service-timeout tune.lua.session-timeout tune.lua.task-timeout lua-prepend-path httpclient.resolvers.disabled
     httpclient.resolvers.id httpclient.resolvers.prefer httpclient.retries httpclient.ssl.ca-file httpclient.ssl.verify
     httpclient.timeout.connect`,
    "remove it; what Lua did is a 'rule()' in code (docs/rules.md)",
  ),
  ...without(
    'the statistics page and stats files, which would show it, are not supported yet',
    'stats-file shm-stats-file shm-stats-file-max-objects tune.cli.max-payload-size anonkey debug.counters',
  ),
  ...without('the PROXY protocol is not spoken to servers yet', 'pp2-never-send-local'),
  ...without('peers are told 64 entries at a time, and others are served in between', 'tune.peers.max-updates-at-once'),
  ...without(
    'compression is not supported yet',
    'maxcomprate maxcompcpuusage maxzlibmem tune.comp.maxlevel tune.zlib.memlevel tune.zlib.windowsize',
  ),
  ...without('rules do not yield, and look-ups need no cache', 'tune.max-rules-at-once tune.pattern.cache-size'),
  ...without(
    'nothing counts oddities of a protocol yet',
    'tune.h1.be.glitches-threshold tune.h1.fe.glitches-threshold tune.glitches.kill.cpu-usage',
  ),
  ...without(
    "Node's own tools tell where time and memory go",
    'profiling.memory profiling.tasks warn-blocked-traffic-after stress-level force-cfg-parser-pause',
    "remove it, and start the process with 'node --cpu-prof' or '--heap-prof'",
  ),
  ...without(
    'a request that is framed in a doubtful way is refused, or its connection closed, whatever its version',
    'h1-accept-payload-with-any-method h1-do-not-close-on-insecure-transfer-encoding',
  ),
  ...without('there is nothing deprecated to allow', 'expose-deprecated-directives'),
]
