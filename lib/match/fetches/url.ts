/** Questions about a request's target that are more than its parts: its address and port, and hashes of it for stick tables. */
import { avalanche, sdbm } from '../../base/hash.js'
import { Ip } from '../../base/ip.js'
import type { Request } from '../../message/request.js'
import { AddressSample } from '../address-sample.js'
import { BytesSample } from '../bytes-sample.js'
import type { Context } from '../context.js'
import { defineFetch, type FetchDefinition } from '../fetch.js'
import { NumberSample } from '../number-sample.js'
import type { RequestPhase } from '../phase.js'
import { requestOnly, requestPhases } from './phases.js'

/** The address and port of a target with scheme and authority; only of an IPv4 address, since names are not resolved here. */
function place({ target }: Request): { readonly ip: Ip; readonly port: number } | undefined {
  const [, scheme, host = '', port] = /^([^:/?]*):\/\/([\d.]+)(?::(\d{1,5}))?(?:[/?]|$)/.exec(target) ?? []
  if (scheme === undefined) return undefined
  const ip = Ip.parse(host)
  if (ip === undefined) return undefined
  return { ip, port: port === undefined ? (scheme.toLowerCase() === 'https' ? 443 : 80) : Number(port) }
}

/** The address in a target such as `http://192.0.2.1:8080/`, as clients send it to a proxy; absent in any other. HAProxy: `url_ip`. */
export const urlIp: AddressSample<RequestPhase> = new AddressSample({
  name: 'url_ip',
  type: 'ip',
  phases: requestPhases,
  steady: true,
  ask: ({ request }) => place(request)?.ip,
})

/** Its port; 80 or 443 where the target has none. HAProxy: `url_port`. */
export const urlPort: NumberSample<RequestPhase> = new NumberSample({
  name: 'url_port',
  type: 'int',
  phases: requestPhases,
  steady: true,
  ask: ({ request }) => place(request)?.port,
})

const hashOf = ({ headers }: Request, what: string | undefined): number =>
  avalanche(sdbm((headers.first('host') ?? '') + (what ?? '')))

/** A 32-bit hash of the `Host` field, the path and the query. HAProxy: `url32`. */
export const url32: NumberSample<RequestPhase> = new NumberSample({
  name: 'url32',
  type: 'int',
  phases: requestPhases,
  steady: true,
  ask: ({ request }) => hashOf(request, request.pathq),
})

/** A 32-bit hash of the `Host` field and the path. HAProxy: `base32`. */
export const base32: NumberSample<RequestPhase> = new NumberSample({
  name: 'base32',
  type: 'int',
  phases: requestPhases,
  steady: true,
  ask: ({ request }) => hashOf(request, request.path),
})

/** The hash, then the client's address: what one client asks of one place. */
function withSource(name: string, hash: NumberSample<RequestPhase>): BytesSample<RequestPhase> {
  return new BytesSample({
    name,
    type: 'bin',
    phases: requestPhases,
    ask: (context: Context) => {
      const { source } = context.session
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32BE(hash.ask(context) as number)
      return source === undefined ? bytes : Buffer.concat([bytes, source.bytes])
    },
  })
}

/** HAProxy: `url32+src`. */
export const url32Src: BytesSample<RequestPhase> = withSource('url32+src', url32)
/** HAProxy: `base32+src`. */
export const base32Src: BytesSample<RequestPhase> = withSource('base32+src', base32)

/** The words of haproxy.cfg for these. */
export const urlFetches: readonly FetchDefinition[] = [urlIp, urlPort, url32, base32, url32Src, base32Src].map(
  (sample) => defineFetch({ ...sample, strictPhases: requestOnly, make: () => sample }),
)
