/** Questions about the TLS ClientHello that a connection began with, for content rules that route TLS without ending it. */
import { type Hello, parseClientHello } from '../../codec/client-hello.js'
import type { Context } from '../../match/context.js'
import { defineFetch, type FetchDefinition } from '../../match/fetch.js'
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

/** The server name that the client asks for; a client may leave it out or lie. HAProxy: `req.ssl_sni`. */
export const sni: TextSample<'content'> = new TextSample({
  name: 'req.ssl_sni',
  type: 'str',
  phases,
  ask: ofHello((found) => found.sni),
})

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

/** The words of haproxy.cfg for these. */
export const clientHelloFetches: readonly FetchDefinition[] = [
  defineFetch({ name: 'req.ssl_sni', aliases: ['req_ssl_sni'], type: 'str', phases, match: 'str', make: () => sni }),
  defineFetch({
    name: 'req.ssl_hello_type',
    aliases: ['req_ssl_hello_type'],
    type: 'int',
    phases,
    make: () => helloType,
  }),
  defineFetch({ name: 'req.ssl_alpn', type: 'str', phases, match: 'str', make: () => alpn }),
]
