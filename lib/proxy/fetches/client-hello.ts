/** Questions about the TLS ClientHello that a connection began with, for content rules that route TLS without ending it. */
import { type Hello, parseClientHello } from '../../codec/client-hello.js'
import { BytesSample } from '../../match/bytes-sample.js'
import type { Context } from '../../match/context.js'
import { defineFetch, type FetchDefinition } from '../../match/fetch.js'
import { FlagSample } from '../../match/flag-sample.js'
import { NumberSample } from '../../match/number-sample.js'
import type { Phase } from '../../match/phase.js'
import { type NotYet, notYet } from '../../match/sample.js'
import { TextSample } from '../../match/text-sample.js'

/** HAProxy takes them in rules of HTTP, too, where there are no such bytes and no value. */
const phases: readonly Phase[] = ['content', 'request']

/** The hello, once it is whole; absent when what came is none. */
function hello({ input }: Context): Hello | undefined | NotYet {
  if (input === undefined) return undefined
  const parsed = parseClientHello(input.bytes)
  if (parsed.type === 'hello') return parsed
  return parsed.type === 'more' && !input.complete ? notYet : undefined
}

function ofHello<T>(read: (hello: Hello) => T | undefined): (context: Context) => T | undefined | NotYet {
  return (context) => {
    const found = hello(context)
    return found === undefined || found === notYet ? found : read(found)
  }
}

/**
 * The server name that the client asks for, as it wrote it; a client may leave it out or lie. Conditions in code have no regard to case. HAProxy:
 * `req.ssl_sni`.
 */
export const sni: TextSample<'content'> = new TextSample<'content'>({
  name: 'req.ssl_sni',
  type: 'str',
  phases,
  ask: ofHello((found) => found.serverName),
}).ignoringCase()

/** 1 when the connection began with a ClientHello; waits until it is whole. HAProxy: `req.ssl_hello_type`. */
export const helloType: NumberSample<'content'> = new NumberSample({
  name: 'req.ssl_hello_type',
  type: 'int',
  phases,
  ask: ofHello((found) => found.helloType),
})

/** The protocols that the client offers by ALPN, with commas between them. HAProxy: `req.ssl_alpn`. */
export const alpn: TextSample<'content'> = new TextSample({
  name: 'req.ssl_alpn',
  type: 'str',
  phases,
  ask: ofHello((found) => (found.alpn.length === 0 ? undefined : found.alpn.join(','))),
})

/** HAProxy knows the first of them only. */
const firstProtocol = new TextSample<'content'>({
  name: 'req.ssl_alpn',
  type: 'str',
  phases,
  ask: ofHello((found) => found.alpn[0]),
})

/** The version of the hello itself, `major * 65536 + minor`: 196611 (3.3) for TLS 1.2 and 1.3. HAProxy: `req.ssl_ver`. */
export const helloVersion: NumberSample<'content'> = new NumberSample({
  name: 'req.ssl_ver',
  type: 'int',
  phases,
  ask: ofHello(({ legacyVersion }) => (legacyVersion >> 8) * 65_536 + (legacyVersion & 255)),
})

/** Session tickets (RFC 5077): 0 not supported, 1 supported, 2 one was sent. HAProxy: `req.ssl_st_ext`. */
export const helloTicket: NumberSample<'content'> = new NumberSample({
  name: 'req.ssl_st_ext',
  type: 'int',
  phases,
  ask: ofHello(({ extensions }) => {
    if (extensions === undefined) return undefined
    const ticket = extensions.get(35)
    return ticket === undefined ? 0 : ticket.length === 0 ? 1 : 2
  }),
})

/** The client tells its elliptic curves (RFC 8422). HAProxy: `req.ssl_ec_ext`. */
export const helloCurves: FlagSample<'content'> = new FlagSample({
  name: 'req.ssl_ec_ext',
  type: 'bool',
  phases,
  ask: ofHello(({ extensions }) => extensions?.has(10)),
})

const bytes = (name: string, read: (hello: Hello) => Uint8Array | undefined): BytesSample<'content'> =>
  new BytesSample<'content'>({
    name,
    type: 'bin',
    phases,
    ask: ofHello((found) => {
      const value = read(found)
      return value === undefined ? undefined : Buffer.from(value)
    }),
  })

/** The cipher suites that the client offers, two bytes each. HAProxy: `req.ssl_cipherlist`. */
export const helloCiphers: BytesSample<'content'> = bytes('req.ssl_cipherlist', ({ ciphers }) => ciphers)
/** Its signature algorithms, two bytes each. HAProxy: `req.ssl_sigalgs`. */
export const helloSignatures: BytesSample<'content'> = bytes('req.ssl_sigalgs', ({ extensions }) =>
  extensions?.get(13)?.subarray(2),
)
/** Its groups, two bytes each. HAProxy: `req.ssl_supported_groups`. */
export const helloGroups: BytesSample<'content'> = bytes('req.ssl_supported_groups', ({ extensions }) =>
  extensions?.get(10)?.subarray(2),
)
/** The groups that it sends keys of, two bytes each. HAProxy: `req.ssl_keyshare_groups`. */
export const helloKeyShares: BytesSample<'content'> = bytes('req.ssl_keyshare_groups', ({ extensions }) =>
  shareGroups(extensions?.get(51)),
)

/** RFC 8446 section 4.2.8: a list of groups, each with its key behind a length. */
function shareGroups(data: Uint8Array | undefined): Uint8Array | undefined {
  if (data === undefined) return undefined
  const groups: number[] = []
  for (let at = 2; at + 4 <= data.length; at += 4 + ((data[at + 2]! << 8) | data[at + 3]!))
    groups.push(data[at] as number, data[at + 1] as number)
  return Uint8Array.from(groups)
}

/** The words of haproxy.cfg for these. */
export const clientHelloFetches: readonly FetchDefinition[] = [
  defineFetch({ ...sni, phases, aliases: ['req_ssl_sni'], match: 'str', make: () => sni }),
  defineFetch({ ...helloType, aliases: ['req_ssl_hello_type'], make: () => helloType }),
  defineFetch({ ...firstProtocol, match: 'str', make: () => firstProtocol }),
  defineFetch({ ...helloVersion, aliases: ['req_ssl_ver'], match: 'dotted', make: () => helloVersion }),
  ...[helloTicket, helloCurves, helloCiphers, helloSignatures, helloGroups, helloKeyShares].map((sample) =>
    defineFetch({ ...sample, make: () => sample }),
  ),
]
