/**
 * Words that no case of the table can exercise, and the tests that do: each entry names a file of `test/`, the title of a test or of a
 * differential exchange in it, and the words whose breaking would turn that test red.
 */
export interface Elsewhere {
  readonly file: string
  /** As it stands in the file. */
  readonly title: string
  readonly covers: readonly string[]
}

export const elsewhere: readonly Elsewhere[] = [
  {
    file: 'interop/cases/setups-tcp.ts',
    title: 'TCP mode, half-closed, ',
    covers: ['keyword:timeout client-fin', 'keyword:timeout server-fin'],
  },
  {
    file: 'interop/cases/setups-tcp.ts',
    title: 'TCP mode, independent streams',
    covers: ['keyword:option independent-streams'],
  },
  // In memory a frontend is reached without one.
  { file: 'interop/cases/setups-tcp.ts', title: 'words both ways, the client closes', covers: ['keyword:bind'] },
  {
    file: 'interop/cases/setups-failure.ts',
    title: 'idle after a response',
    covers: ['keyword:timeout http-keep-alive'],
  },
  {
    file: 'interop/cases/setups-failure.ts',
    title: 'a server that does not answer',
    covers: ['keyword:timeout server'],
  },
  {
    file: 'interop/cases/setups-failure.ts',
    title: 'a tunnel on which nobody speaks',
    covers: ['keyword:timeout tunnel'],
  },
  {
    file: 'interop/cases/setups-failure.ts',
    title: 'servers that cannot be reached',
    covers: ['keyword:timeout connect', 'keyword:retries', 'keyword:option redispatch'],
  },
  { file: 'interop/cases/setups-http.ts', title: 'http-reuse never', covers: ['keyword:http-reuse'] },
  {
    file: 'interop/cases/setups-balance.ts',
    title: 'the second client waits in vain',
    covers: ['keyword:timeout queue', 'server:maxconn'],
  },
  {
    file: 'interop/cases/setups-retries.ts',
    title: 'answers 503 by and by',
    covers: ['keyword:retry-on'],
  },
  {
    file: 'interop/cases/setups-queues.ts',
    title: 'who waits for an answer',
    covers: ['keyword:option abortonclose'],
  },
  {
    file: 'interop/cases/setups-queues.ts',
    title: 'fullconn 8',
    covers: ['keyword:fullconn', 'server:minconn', 'server:maxqueue'],
  },
  {
    file: 'config/limits.test.ts',
    title: 'what limits a server and its connections, with default-server',
    covers: [
      'server:pool-max-conn',
      'server:pool-purge-delay',
      'server:pool-conn-name',
      'server:max-reuse',
      'server:strict-maxconn',
    ],
  },
  {
    file: 'config/limits.test.ts',
    title: 'what limits clients',
    covers: [
      'keyword:rate-limit sessions',
      'keyword:max-session-srv-conns',
      'global:maxconn',
      'global:maxconnrate',
      'global:maxsessrate',
    ],
  },
  {
    file: 'config/healthcheck.test.ts',
    title: 'a server is checked as the section says that it names, the others as their backend',
    covers: ['section:healthcheck', 'server:healthcheck'],
  },
  { file: 'config/limits.test.ts', title: 'what is tried again', covers: ['keyword:option prefer-last-server'] },
  {
    file: 'config/limits.test.ts',
    title: 'rules that say how often a request is tried',
    covers: [
      'action:http-request disable-l7-retry',
      'action:http-request set-retries',
      'action:tcp-request content set-retries',
    ],
  },
  // They have no effect, and say so.
  {
    file: 'cases/limits.cfg',
    title: "'idle-ping' has no effect",
    covers: ['server:idle-ping', 'server:pool-low-conn', 'server:check-reuse-pool', 'server:check-pool-conn-name'],
  },
  { file: 'interop/cases/setups-balance.ts', title: 'maxconn of the frontend', covers: ['keyword:maxconn'] },
  {
    file: 'interop/sockets.test.ts',
    title: 'source, and keep-alive of',
    covers: [
      'keyword:source',
      'server:source',
      'keyword:option clitcpka',
      'keyword:option srvtcpka',
      'keyword:clitcpka-idle',
      'keyword:srvtcpka-idle',
    ],
  },
  {
    file: 'interop/resolve.test.ts',
    title: 'do-resolve gives the addresses that HAProxy finds',
    covers: ['action:http-request do-resolve'],
  },
  {
    file: 'rules/bandwidth-limit.test.ts',
    title: 'as a haproxy.cfg has it',
    covers: ['keyword:filter', 'action:http-request set-bandwidth-limit', 'action:http-response set-bandwidth-limit'],
  },
  {
    file: 'cli/runtime.test.ts',
    title: 'what the file says of the process, and the command line before it, reaches the balancer',
    covers: ['global:node', 'global:description', 'section:resolvers'],
  },
  { file: 'cli/fairlead.test.ts', title: 'hard-stop-after ends a soft stop', covers: ['global:hard-stop-after'] },
  {
    file: 'config/idle-close.test.ts',
    title: 'idle clients of a balancer that stops are closed, or served once more',
    covers: ['keyword:option idle-close-on-response'],
  },
  {
    file: 'config/check-addresses.test.ts',
    title: 'checks go where addr says, to a port of its own or not',
    covers: ['server:addr', 'server:port'],
  },
  {
    file: 'config/check-addresses.test.ts',
    title: 'no-check takes back what default-server says',
    covers: ['server:no-check'],
  },
  {
    file: 'config/hash.test.ts',
    title: 'a key leaves a server that carries too much',
    covers: ['keyword:hash-balance-factor'],
  },
  {
    file: 'config/hash.test.ts',
    title: 'a key that is not to wait goes on, and waits when nobody has a place',
    covers: ['keyword:hash-preserve-affinity'],
  },
  {
    file: 'cli/runtime.test.ts',
    title: 'what the file says of the process, and the command line before it, reaches the balancer',
    covers: ['global:stats'],
  },
  {
    file: 'config/inspection.test.ts',
    title: 'rules on what a server sends wait for more of it',
    covers: ['keyword:tcp-response inspect-delay'],
  },
  {
    file: 'config/resolve-rules.test.ts',
    title: 'a rule on content asks name servers',
    covers: ['action:tcp-request content do-resolve'],
  },
  {
    file: 'config/keep-alive-queue.test.ts',
    title: 'a client waits for the server that it knows, or takes another',
    covers: ['keyword:max-keep-alive-queue'],
  },
  { file: 'config/names.test.ts', title: 'families of all sections', covers: ['global:dns-accept-family'] },
  {
    file: 'config/names.test.ts',
    title: 'servers by name, what they inherit, and templates of them',
    covers: ['keyword:server-template', 'server:resolvers', 'server:resolve-prefer', 'server:resolve-net'],
  },
  {
    file: 'interop/cases/runtime/states.ts',
    title: 'states of servers from a file',
    covers: [
      'global:server-state-file',
      'global:server-state-base',
      'keyword:load-server-state-from-file',
      'keyword:server-state-file-name',
    ],
  },
  {
    file: 'interop/checks.test.ts',
    title: 'checks ask the same and come to the same verdict',
    covers: ['server:check', 'keyword:timeout check'],
  },
  { file: 'interop/cases/runtime/statistics.ts', title: 'statistics', covers: ['keyword:option socket-stats'] },
  {
    file: 'scenarios/counted.test.ts',
    title: 'option contstats counts bytes while they flow',
    covers: ['keyword:option contstats'],
  },
  { file: 'interop/sockets.test.ts', title: 'source, and keep-alive of', covers: ['keyword:option tcpka'] },
  {
    file: 'config/limits.test.ts',
    title: 'connections that end by a reset',
    covers: ['keyword:option nolinger'],
  },
  {
    file: 'rules/bandwidth-limit.test.ts',
    title: 'in TCP mode, by rules on what the client sends',
    covers: ['action:tcp-request content set-bandwidth-limit'],
  },
  {
    file: 'rules/bandwidth-limit.test.ts',
    title: 'in TCP mode, by rules on what the server sends; the last order counts',
    covers: ['action:tcp-response content set-bandwidth-limit'],
  },
  {
    file: 'interop/logs.test.ts',
    title: 'option log-health-checks tells the same of checks',
    covers: ['keyword:option log-health-checks'],
  },
  {
    file: 'interop/states.test.ts',
    title: 'every check is told of, and what comes of it',
    covers: ['server:inter', 'server:downinter', 'server:rise', 'server:fall'],
  },
  { file: 'interop/states.test.ts', title: 'servers that track another', covers: ['server:track'] },
  {
    file: 'interop/states.test.ts',
    title: 'an agent that orders',
    covers: ['server:agent-check', 'server:agent-inter', 'server:agent-port', 'server:agent-send'],
  },
  {
    file: 'interop/states.test.ts',
    title: 'an agent is told of',
    covers: ['server:agent-addr', 'server:no-agent-check'],
  },
  {
    file: 'interop/states.test.ts',
    title: 'traffic makes checks come faster',
    covers: ['server:fastinter', 'server:error-limit', 'server:observe', 'server:on-error'],
  },
  {
    file: 'interop/states.test.ts',
    title: 'sessions end with their server, and those of a backup when another is up',
    covers: ['server:on-marked-down', 'server:on-marked-up'],
  },
  { file: 'interop/states.test.ts', title: 'a slow start has an end', covers: ['server:slowstart'] },
  {
    file: 'scenarios/states.test.ts',
    title: 'a haproxy.cfg says how checks are spread',
    covers: ['global:spread-checks', 'global:max-spread-checks'],
  },
  {
    file: 'interop/logs.test.ts',
    title: 'streams, rings and unix sockets get the same bytes',
    covers: ['section:ring'],
  },
  { file: 'interop/cases/setups-failure.ts', title: 'a tarpit with a status', covers: ['keyword:timeout tarpit'] },
  {
    file: 'interop/checks.test.ts',
    title: 'checks ask the same and come to the same verdict',
    covers: [
      'keyword:option httpchk',
      'keyword:option tcp-check',
      'keyword:http-check comment',
      'keyword:http-check connect',
      'keyword:http-check disable-on-404',
      'keyword:http-check expect',
      'keyword:http-check send',
      'keyword:http-check send-state',
      'keyword:http-check set-var',
      'keyword:http-check unset-var',
      'keyword:tcp-check comment',
      'keyword:tcp-check connect',
      'keyword:tcp-check expect',
      'keyword:tcp-check send',
      'keyword:tcp-check send-binary',
      'keyword:tcp-check send-binary-lf',
      'keyword:tcp-check send-lf',
      'keyword:tcp-check set-var',
      'keyword:tcp-check unset-var',
    ],
  },
  {
    file: 'interop/checks.test.ts',
    title: 'programs are run in the same way',
    covers: [
      'global:external-check',
      'keyword:option external-check',
      'keyword:external-check command',
      'keyword:external-check path',
    ],
  },
  {
    file: 'interop/protocol-checks.test.ts',
    title: 'checks of other protocols ask the same and come to the same verdict',
    covers: [
      'keyword:option ldap-check',
      'keyword:option mysql-check',
      'keyword:option pgsql-check',
      'keyword:option redis-check',
      'keyword:option smtpchk',
      'keyword:option spop-check',
      'keyword:option ssl-hello-chk',
    ],
  },
]
