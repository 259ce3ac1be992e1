/** `setSrc`, `setSrcPort`, `setDst`, `setDstPort`: other addresses for a client's connection than its socket has. */
import { castAddress, castInteger } from '../../match/cast.js'
import type { Context, Readdressing } from '../../match/context.js'
import type { Phase } from '../../match/phase.js'
import type { Sample } from '../../match/sample.js'
import { Rule } from '../rule.js'

type AddressPhase = 'connection' | 'session' | 'content' | 'request'

const PHASES: readonly AddressPhase[] = ['connection', 'session', 'content', 'request']

/**
 * Takes the answer as the client's address: `src`, logs and `X-Forwarded-For` show it. In rules for connections and sessions it holds for the whole
 * connection, in those for requests for the one request. What is no address changes nothing. HAProxy: `set-src`.
 */
export function setSrc<P extends Phase>(address: Sample<unknown, P>): Rule<P & AddressPhase> {
  return addressRule('set-src', address, (value) => {
    const source = castAddress(value)
    return source && { source }
  })
}

/** The same for the client's port. HAProxy: `set-src-port`. */
export function setSrcPort<P extends Phase>(port: Sample<unknown, P>): Rule<P & AddressPhase> {
  return addressRule('set-src-port', port, (value) => {
    const sourcePort = portOf(value)
    return sourcePort === undefined ? undefined : { sourcePort }
  })
}

/**
 * Takes the answer as the address that the client connected to: `dst` shows it, and a server whose address is `*` or `0.0.0.0` is dialled there.
 * Danger: with an address that the client has chosen, it chooses what is dialled. HAProxy: `set-dst`.
 */
export function setDst<P extends Phase>(address: Sample<unknown, P>): Rule<P & AddressPhase> {
  return addressRule('set-dst', address, (value) => {
    const destination = castAddress(value)
    return destination && { destination }
  })
}

/** The same for the port, for servers without one of their own. HAProxy: `set-dst-port`. */
export function setDstPort<P extends Phase>(port: Sample<unknown, P>): Rule<P & AddressPhase> {
  return addressRule('set-dst-port', port, (value) => {
    const destinationPort = portOf(value)
    return destinationPort === undefined ? undefined : { destinationPort }
  })
}

function addressRule<P extends Phase>(
  name: string,
  sample: Sample<unknown, P>,
  change: (value: unknown) => Readdressing | undefined,
): Rule<P & AddressPhase> {
  const { ask } = sample
  const phases = PHASES.filter((phase) => sample.phases.includes(phase))
  return new Rule(`${name} ${sample.name}`, phases, (context: Context) => {
    const given = change(ask(context))
    if (given !== undefined) context.readdress(given)
    return undefined
  })
}

/** HAProxy keeps the lowest 16 bits. */
function portOf(value: unknown): number | undefined {
  const port = castInteger(value)
  return port === undefined ? undefined : Number(BigInt.asUintN(16, BigInt(port)))
}
