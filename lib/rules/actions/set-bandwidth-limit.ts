/** `set-bandwidth-limit`: puts a limit on what is left of a transaction. */
import { OptionError } from '../../base/errors.js'
import type { Context } from '../../match/context.js'
import type { BodyTransformer, TransformMaker } from '../../match/orders.js'
import type { Phase } from '../../match/phase.js'
import { notYet } from '../../match/sample.js'
import { BandwidthLimit } from '../bandwidth-limit.js'
import { Rule } from '../rule.js'
import { type Numeric, numberOf, sharedPhases } from './number.js'

const everywhere: readonly Phase[] = ['content', 'request', 'responseContent', 'response']

/** Other figures than those of the limit itself. */
export interface SetBandwidthLimitOptions<in P extends Phase> {
  /** Bytes, or a question about bytes; without an answer, the limit's own hold. */
  readonly limit?: Numeric<P> | undefined
  /** Milliseconds, or a question about milliseconds. */
  readonly period?: Numeric<P> | undefined
}

/**
 * Puts a limit on the body that is still to come: a response's in requests and responses, a request's in requests only; in TCP mode, on the bytes of
 * that direction. The last rule for one limit counts. HAProxy (2.7 and later): `http-request set-bandwidth-limit`, `http-response set-bandwidth-limit`,
 * `tcp-request content set-bandwidth-limit`, `tcp-response content set-bandwidth-limit`.
 */
export function setBandwidthLimit<P extends Phase = Phase>(
  bandwidth: BandwidthLimit,
  options: SetBandwidthLimitOptions<P> = {},
): Rule<P & ('request' | 'response' | 'content' | 'responseContent')> {
  if (!(bandwidth instanceof BandwidthLimit))
    throw new OptionError('setBandwidthLimit', 'bandwidth', 'must be a BandwidthLimit')
  if (bandwidth.shared !== undefined) return together(bandwidth, bandwidth.shared, options)
  const limit = numberOf(options.limit ?? bandwidth.limit)
  const period = numberOf(options.period ?? bandwidth.period)
  const places: readonly Phase[] = sharedPhases(sharedPhases(everywhere, limit), period)
  return new Rule(`set-bandwidth-limit ${bandwidth.name}`, places, (context) => {
    order(context, bandwidth, positive(limit.read(context)), positive(period.read(context)))
    return undefined
  })
}

/** Who has the same key shares it, and nobody can have another figure. */
function together<P extends Phase>(
  bandwidth: BandwidthLimit,
  shared: NonNullable<BandwidthLimit['shared']>,
  { limit, period }: SetBandwidthLimitOptions<never>,
): Rule<P> {
  if (limit !== undefined || period !== undefined)
    throw new OptionError(
      'setBandwidthLimit',
      'limit',
      `the figures of '${bandwidth.name}' are those of all who share it`,
    )
  const places = everywhere.filter((phase) => shared.key.phases.includes(phase))
  return new Rule<P>(`set-bandwidth-limit ${bandwidth.name}`, places, (context) => {
    const value = shared.key.ask(context)
    const key = value === undefined || value === notYet ? undefined : shared.table.keyOf(value)
    const { clock, process, rehearsal } = context
    if (clock === undefined || key === undefined) return undefined
    if (!rehearsal) process?.tables?.adopt(shared.table)
    put(context, bandwidth, () => bandwidth.paceTogether(clock, shared, key))
    return undefined
  })
}

const positive = (value: number | undefined): number | undefined =>
  value !== undefined && value > 0 ? value : undefined

function order(
  context: Context,
  bandwidth: BandwidthLimit,
  limit: number | undefined,
  period: number | undefined,
): void {
  const { clock } = context
  if (clock === undefined) return
  put(context, bandwidth, () => bandwidth.pace(clock, limit, period))
}

function put(context: Context, bandwidth: BandwidthLimit, pace: () => BodyTransformer): void {
  const make: TransformMaker = Object.assign(pace, { sameLength: true, of: bandwidth })
  const orders = context.order()
  const name = bandwidth.direction === 'request' ? 'requestTransforms' : 'responseTransforms'
  orders[name] = [...(orders[name] ?? []).filter((other) => other.of !== bandwidth), make]
}
