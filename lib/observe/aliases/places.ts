/** Log variables of who talked to whom: addresses, and the names of proxies and servers. */
import type { Address } from '../../base/address.js'
import { Ip } from '../../base/ip.js'
import type { Alias, AliasValue } from '../../match/alias.js'
import type { Context } from '../../match/context.js'
import { alias, ofRecord, recordOf } from './definition.js'

const address = (text: string | undefined): AliasValue => (text === undefined ? undefined : (Ip.parse(text) ?? text))

/** What is looked at of a server, which belongs to another room. */
interface Located {
  readonly parsed: Address
  readonly resolved: string | undefined
}

function serverAddress({ server, session }: Context): AliasValue {
  if (server === undefined) return undefined
  const { parsed, resolved } = server as unknown as Located
  if (parsed.kind === 'name') return address(resolved)
  if (parsed.kind !== 'ip') return undefined
  return parsed.any ? session.destination : address(parsed.ip)
}

function serverPort({ server, session }: Context): number | undefined {
  if (server === undefined) return undefined
  const { parsed } = server as unknown as Located
  if (parsed.kind !== 'ip' && parsed.kind !== 'name') return undefined
  if (parsed.portOffset !== undefined) return session.destinationPort + parsed.portOffset
  return parsed.port === 0 ? session.destinationPort : parsed.port
}

export const placeAliases: readonly Alias[] = [
  alias('ci', 'address', "the client's address", ({ session }) => session.source ?? 'unix'),
  alias('cp', 'hexable', "the client's port", ({ session }) => session.sourcePort),
  alias('fi', 'address', 'the address that the client connected to', ({ session }) => session.destination ?? 'unix'),
  alias('fp', 'hexable', 'the port that the client connected to', ({ session }) => session.destinationPort),
  alias('f', 'text', "the frontend's name", ({ session }) => session.frontend),
  alias(
    'ft',
    'text',
    "the frontend's name, with ~ behind it for TLS",
    (context) => `${context.session.frontend}${recordOf(context)?.tls === true ? '~' : ''}`,
  ),
  alias('b', 'text', "the backend's name", (context) => recordOf(context)?.backend ?? context.session.frontend),
  alias('s', 'text', "the server's name", (context) => recordOf(context)?.server ?? '<NOSRV>'),
  alias('si', 'address', "the server's address", serverAddress),
  alias('sp', 'hexable', "the server's port", serverPort),
  ofRecord('bi', 'address', 'our address towards the server', ({ localAddress }) => address(localAddress)),
  ofRecord('bp', 'hexable', 'our port towards the server', ({ localAddress, localPort }) =>
    localAddress === undefined ? undefined : localPort,
  ),
  ofRecord('sslc', 'text', 'the cipher of the client, over TLS', () => undefined),
  ofRecord('sslv', 'text', 'the version of TLS that the client speaks', () => undefined),
]
