/** `do-resolve`: looks a name up while the request waits, and keeps the address in a variable. */
import { OptionError } from '../../base/errors.js'
import { castText } from '../../match/cast.js'
import type { Context } from '../../match/context.js'
import type { Phase } from '../../match/phase.js'
import { Resolvers } from '../../match/resolvers.js'
import { notYet, Sample } from '../../match/sample.js'
import { Variable } from '../../match/variable.js'
import { Rule } from '../rule.js'
import type { Verdict } from '../verdict.js'
import { waiting } from '../verdict.js'

/** The checkpoints at which names can be looked up. */
type ResolvingPhase = 'content' | 'request'

/**
 * Looks up the address of a name, which the client may have chosen: what is resolved may lie in your own network, so check the address before you
 * send anybody there. The variable is not set when there is no address, or nobody says one in time. HAProxy: `do-resolve`.
 * @param variable as in `txn.address`
 * @param prefer which kind of address is asked for first; the other one is asked for when there is none. Default 6, as in HAProxy
 */
export function doResolve<P extends Phase = Phase>(
  variable: string,
  resolvers: Resolvers,
  name: Sample<unknown, P>,
  prefer: 4 | 6 = 6,
): Rule<P & ResolvingPhase> {
  const target = Variable.parse(variable)
  if (!(resolvers instanceof Resolvers)) throw new OptionError('doResolve', 'resolvers', 'must be Resolvers')
  if (!(name instanceof Sample)) throw new OptionError('doResolve', 'name', 'must be a question, as host')
  const places: readonly ResolvingPhase[] = ['content', 'request']
  const phases = places.filter((phase) => (name.phases as readonly Phase[]).includes(phase))
  return new Rule(`do-resolve(${variable},${resolvers.name}) ${name.name}`, phases, (context) => {
    const value = name.ask(context)
    if (value === notYet) return waiting
    const text = castText(value)
    if (text === undefined || !isName(text)) return undefined
    return lookUp(context, target, resolvers, text, prefer)
  })
}

/** What can be a host's name at all (RFC 1035 §2.3.4); nothing else is asked for. */
const isName = (text: string): boolean => text.length > 0 && text.length <= 253 && /^[A-Za-z0-9_.-]+$/.test(text)

async function lookUp(
  context: Context,
  variable: Variable,
  resolvers: Resolvers,
  name: string,
  prefer: 4 | 6,
): Promise<Verdict> {
  const address = await context.process?.resolve(resolvers, name, prefer)
  if (address !== undefined) variable.set(context, address)
  return undefined
}
