/** `balance`, `hash-type` and `hash-balance-factor` together → an algorithm. */

import { urlParam } from '../balance/url-param.js'
import {
  type Algorithm,
  first,
  type HashOptions,
  hash,
  headerHash,
  leastConn,
  random,
  rdpCookie,
  roundRobin,
  source,
  staticRoundRobin,
  uri,
} from '../index.js'
import type { Linker } from './linker.js'
import type { BalanceDraft, ProxyDraft } from './proxy-draft.js'

/** `len 3 depth 2 whole path-only`. */
function uriOptions(words: readonly string[]): { len?: number; depth?: number; whole: boolean; pathOnly: boolean } {
  const after = (word: string): number | undefined => {
    const index = words.indexOf(word)
    return index < 0 ? undefined : Number(words[index + 1])
  }
  const len = after('len')
  const depth = after('depth')
  return {
    ...(len === undefined ? {} : { len }),
    ...(depth === undefined ? {} : { depth }),
    whole: words.includes('whole'),
    pathOnly: words.includes('path-only'),
  }
}

function hashOptions({ settings }: ProxyDraft): HashOptions {
  const { hashType, hashBalanceFactor, hashAffinity } = settings
  return {
    ...(hashType === undefined ? {} : { method: hashType.method === 'consistent' ? 'consistent' : 'mapBased' }),
    ...(hashType?.hash === undefined ? {} : { function: hashType.hash }),
    // Without a function, consistent hashing mixes of itself.
    ...(hashType?.hash === undefined ? {} : { avalanche: hashType.avalanche }),
    ...(hashBalanceFactor === undefined || hashType?.method !== 'consistent'
      ? {}
      : { balanceFactor: hashBalanceFactor }),
    ...(hashAffinity === undefined || hashType?.method !== 'consistent' ? {} : { preserveAffinity: hashAffinity }),
  }
}

function hashed(balance: BalanceDraft, options: HashOptions, linker: Linker): Algorithm | undefined {
  const [word = ''] = balance.options
  switch (balance.algorithm) {
    case 'source':
      return source(options)
    case 'uri':
      return uri({ ...options, ...uriOptions(balance.options) })
    case 'url_param':
      // HAProxy looks into what is posted, and waits for it, whether `check_post` says so or not.
      return urlParam(word, { ...options, checkPost: true })
    case 'hdr':
      return headerHash(balance.argument ?? '', { ...options, useDomainOnly: word === 'use_domain_only' })
    case 'rdp-cookie':
      return balance.argument === undefined ? rdpCookie(undefined, options) : rdpCookie(balance.argument, options)
    default: {
      const sample = linker.sample(word, balance, {
        phases: ['request', 'content', 'connection'],
        name: 'balance hash',
      })
      return sample === undefined ? undefined : hash(sample, options)
    }
  }
}

/** The algorithm that a section asks for; nothing when it is faulty, which has been told. */
export function makeAlgorithm(draft: ProxyDraft, linker: Linker): Algorithm | undefined {
  const { balance, hashBalanceFactor, mode } = draft.settings
  if (balance === undefined) return roundRobin()
  if (mode === 'tcp' && ['uri', 'url_param', 'hdr'].includes(balance.algorithm)) {
    const message = `Layer 7 hash not possible for backend '${draft.name}' (needs 'mode http'). Falling back to round robin.`
    linker.diagnostics.warning(draft, message, "write 'mode http', or another 'balance'")
    return roundRobin()
  }
  switch (balance.algorithm) {
    case 'roundrobin':
      return roundRobin()
    case 'static-rr':
      return staticRoundRobin()
    case 'leastconn':
      return leastConn()
    case 'first':
      return first()
    case 'random': {
      const draws = balance.argument === undefined ? 2 : Number(balance.argument)
      return random(draws, hashBalanceFactor === undefined ? {} : { balanceFactor: hashBalanceFactor })
    }
    default:
      if (hashBalanceFactor && draft.settings.hashType?.method !== 'consistent') {
        linker.diagnostics.warning(
          draft,
          "'hash-balance-factor' means nothing without 'hash-type consistent'.",
          'remove it',
        )
      }
      if ((draft.settings.hashAffinity ?? 'always') !== 'always' && draft.settings.hashType?.method !== 'consistent') {
        linker.diagnostics.warning(
          draft,
          "'hash-preserve-affinity' means nothing without 'hash-type consistent'.",
          'remove it',
        )
      }
      return hashed(balance, hashOptions(draft), linker)
  }
}
