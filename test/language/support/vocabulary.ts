/** The words that HAProxy knows, by class, and which of them wait for something else to be built: what coverage is counted against. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../interop/support/proxy.js'

/** What a word of `covers` begins with. */
export type WordClass =
  | 'global'
  | 'keyword'
  | 'section'
  | 'action'
  | 'bind'
  | 'server'
  | 'fetch'
  | 'converter'
  | 'derived'
  | 'alias'
  | 'match'
  | 'flag'

export interface Word {
  readonly class: WordClass
  readonly name: string
  /** As `covers` has it: `fetch:path`. */
  readonly key: string
  /** Where it is listed: the class, or for fetches the layer. */
  readonly heading: string
  /** HAProxy 2.6 has it. */
  readonly old: boolean
  /** What must be built before it can mean anything. */
  readonly later: string | undefined
}

interface File {
  readonly words: Readonly<Record<string, readonly string[]>>
  readonly 'newer than 2.6': Readonly<Record<string, readonly string[]>>
}

const file = JSON.parse(readFileSync(join(root, 'test/language/vocabulary.json'), 'utf8')) as File

/** What words wait for, by their keys. The first that fits counts. */
const later: readonly (readonly [needs: string, keys: RegExp])[] = [
  ['a device detection database', /51d|deviceatlas|wurfl|da-csv/],
  ['Lua', /lua/],
  ['QUIC', /quic|action:tcp-request connection (send-retry|dgram-drop)/],
  ['SPOE', /spoe|spop(?!-check)/],
  ['a cache', /:(cache|res\.cache_.*|http-\w+ cache-\w+)$/],
  ['FastCGI', /fcgi/],
  ['compression', /compression|:res\.comp|comprate|comp\.maxlevel|zlib|maxcompcpu/],
  ['HTTP/2', /h2[-.]|h2$|:[bf]s\.|_nb_streams|_streams_limit|glitch|streams-elasticity|disable-h2-upgrade/],
  ['peers', /:(peers|cluster-secret|tune\.peers\S*)$/],
  [
    'TLS',
    /(?<!req[._]|rep_|res\.|option http)ssl(?!-hello|_fc$)|tls|:(ca|crl|crt|key)[-_]|:crt|cipher|sigalgs|curves|ocsp|server-verify|:(no-)?verify(host)?$|:(sni|alpn|npn|ecdhe|ech|0rtt|x509_v_err_str)|allow-0rtt|:no-(alpn|ca-names|strict-sni|renegotiate)|strict-sni|renegotiate|default-crt|generate-cert|issuers-chain|acme|client-hs|:fc\.timer\.handshake|handshake|check-(alpn|sni)|no-check-sni|sni-auto|jwt\.decrypt/,
  ],
  [
    'mailers, sections of health checks, and how checks connect',
    /email-alert|mailers|healthcheck|:(check-|no-check-|redir$)|max-checks|bind:idle-ping/,
  ],
  ['the PROXY protocol', /accept-proxy|send-proxy|proxy-v2|expect-proxy|pp2-|fc_pp_/],
  ['an HTTP client of rules', /httpclient/],
  [
    'the statistics page and stats files',
    /keyword:stats|global:(stats-file|anonkey)|:expose-fd$|tune\.cli|debug\.counters|:guid/,
  ],
  [
    'sockets as only HAProxy opens them',
    /transparent|tcp-md5sig|tcp-ut|tfo$|defer-accept|:(mss|interface|namespace|cc|v4v6|v6only|nice|thread|shard|tcp-ss|gid|uid|group|user|mode|socks4)$|bind:(gid|uid)|via-socks4|tcp-smart|splice|netscaler|attach-srv|reverse|:nbconn|:ktls|switch-mode/,
  ],
  [
    "HAProxy's own process, threads and memory",
    /global:(chroot|cpu-|daemon|gid|uid|user|group|nbthread|max-threads|mworker|numa|prealloc|set-dumpable|strict-limits|ulimit|fd-hard|unix-bind|no(epoll|evports|kqueue|poll|reuseport|splice|getaddrinfo)|busy-polling|profiling|harden|insecure|no-memory|shm|thread|pidfile|tune\.(?!http|vars|maxrewrite|bufsize(?:\.large)?$|pattern)|expose-|force-cfg|zero-warning|quiet|warn-blocked|maxpipes|grace)/,
  ],
  ['log forwarding', /log-forward|section:traces|log-bufsize|log-proto/],
]

const classOf = (heading: string): WordClass => (heading.startsWith('fetch ') ? 'fetch' : (heading as WordClass))

function wordOf(heading: string, name: string): Word {
  const kind = classOf(heading)
  const key = `${kind}:${name}`
  const old = file['newer than 2.6'][kind]?.includes(name) !== true
  return { class: kind, name, key, heading, old, later: later.find(([, keys]) => keys.test(key))?.[0] }
}

export const vocabulary: readonly Word[] = Object.entries(file.words).flatMap(([heading, names]) =>
  names.map((name) => wordOf(heading, name)),
)

export const knownKeys: ReadonlySet<string> = new Set(vocabulary.map(({ key }) => key))
