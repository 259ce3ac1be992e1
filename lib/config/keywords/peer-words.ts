/** The words behind a peer's address: of those of servers, what means something between peers. Manual, chapter 3.5, `server`. */
import { didYouMean } from '../advice.js'
import type { Line } from '../keyword.js'
import { readInteger } from '../values.js'
import { serverWords } from '../vocabulary.js'

/** What they say. */
export interface PeerWords {
  shard: number
}

/** Words about balancing, checks and names, by how many words stand behind them: "a number of parameters are irrelevant". */
const idle: ReadonlyMap<string, number> = new Map([
  ...`backup check agent-check disabled enabled no-backup no-check no-agent-check no-disabled check-ssl check-sni-auto
    check-send-proxy check-via-socks4 stick non-stick strict-maxconn tfo no-tfo`
    .split(/\s+/)
    .map((word): [string, number] => [word, 0]),
  ...`weight cookie id guid inter fastinter downinter rise fall port addr resolvers resolve-prefer resolve-opts resolve-net
    init-addr init-state track slowstart maxconn minconn maxqueue max-reuse pool-max-conn pool-low-conn
    pool-purge-delay pool-conn-name agent-addr agent-inter agent-port agent-send observe on-error on-marked-down
    on-marked-up error-limit redir check-proto check-sni check-alpn healthcheck hash-key log-proto log-bufsize tcp-ut cc`
    .split(/\s+/)
    .map((word): [string, number] => [word, 1]),
])

/** Reads them; what is wrong is told. */
export function readPeerWords(line: Line, given: readonly string[]): PeerWords {
  const read: PeerWords = { shard: 0 }
  const rest = [...given]
  while (rest.length > 0) {
    const word = rest.shift() ?? ''
    const takes = idle.get(word)
    if (word === 'shard') read.shard = readInteger(line, rest.shift(), "'shard'", { min: 0, max: 65_535 }) ?? 0
    else if (takes !== undefined) {
      rest.splice(0, takes)
      line.warning(`'${word}' has no effect on a peer: it is neither checked nor balanced.`, 'remove it')
    } else {
      refuse(line, word)
      return read
    }
  }
  return read
}

const tlsWord =
  /^(?:no-)?(?:ssl|sslv3|tlsv1|tls-|force-|ca-|crl-|crt|ciphers|curves|ecdhe|alpn|npn|sni|verify|sigalgs|client-sigalgs|strict-sni|allow-0rtt|renegotiate)/

/** Tells that words of TLS are of no use between peers yet. @returns whether there are any */
export function refuseTls(line: Line, words: readonly string[]): boolean {
  const word = words.find((one) => tlsWord.test(one))
  if (word === undefined) return false
  line.alert(
    `'${word}' is not supported yet in 'peers' sections: peers talk over plain TCP`,
    'leave TLS away on both sides, and lead them through a tunnel (WireGuard, stunnel) where others share the network',
  )
  return true
}

/** What follows may be its argument or another word: nobody can tell. */
function refuse(line: Line, word: string): void {
  if (refuseTls(line, [word])) return
  if (serverWords.includes(word))
    line.alert(`'${word}' is not supported yet in 'peers' sections`, 'remove it: peers are connected to directly')
  else line.alert(`unknown keyword '${word}'`, didYouMean(word, ['shard', ...serverWords]))
}
