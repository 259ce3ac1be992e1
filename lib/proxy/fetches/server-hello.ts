/** The question about the TLS handshake that a server's answer begins with, for content rules that pass TLS on. */
import type { Context } from '../../match/context.js'
import { defineFetch, type FetchDefinition } from '../../match/fetch.js'
import { NumberSample } from '../../match/number-sample.js'
import type { Phase } from '../../match/phase.js'
import { type NotYet, notYet } from '../../match/sample.js'

/** HAProxy takes it in rules of HTTP, too, where there are no such bytes and no value. */
const phases: readonly Phase[] = ['responseContent', 'response']

const HANDSHAKE = 22
/** Bytes of a record before what is in it, and of the header of a handshake message. */
const RECORD = 5
const MESSAGE = 4

function messageType({ responseInput }: Context): number | undefined | NotYet {
  if (responseInput === undefined) return undefined
  const { bytes, complete } = responseInput
  const more = complete ? undefined : notYet
  if (bytes.length < RECORD) return bytes.length > 0 && bytes[0] !== HANDSHAKE ? undefined : more
  const [type, major] = bytes
  const length = ((bytes[3] as number) << 8) | (bytes[4] as number)
  if (type !== HANDSHAKE || major !== 3 || length < MESSAGE) return undefined
  return bytes.length < RECORD + length ? more : bytes[RECORD]
}

/**
 * The type of the TLS handshake message that a server's answer begins with: 2 for its ServerHello; waits until its record is whole. HAProxy:
 * `res.ssl_hello_type`.
 */
export const responseHelloType: NumberSample<'responseContent'> = new NumberSample({
  name: 'res.ssl_hello_type',
  type: 'int',
  phases,
  ask: messageType,
})

/** The words of haproxy.cfg for this. */
export const serverHelloFetches: readonly FetchDefinition[] = [
  defineFetch({ ...responseHelloType, aliases: ['rep_ssl_hello_type'], make: () => responseHelloType }),
]
