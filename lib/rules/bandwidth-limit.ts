/** How fast bodies may go: so many bytes in so much time, of each transaction that a rule has put it on. HAProxy: the filters `bwlim-in` and `bwlim-out`. */
import { z } from 'zod'
import type { Clock } from '../base/clock.js'
import { checkOptions, durationOption, nameOption } from '../base/options.js'
import { parseSize } from '../base/size.js'
import type { BodyTransformer } from '../match/orders.js'

/** What a limit is made of. */
export interface BandwidthLimitOptions {
  /** `request` is what clients send (`bwlim-in`), `response` what they are sent (`bwlim-out`). */
  readonly direction: 'request' | 'response'
  /** Bytes, or text as in `'1m'`. HAProxy: `default-limit`. */
  readonly limit: number | string
  /** In how much time: milliseconds, or text as in `'1s'`. HAProxy: `default-period`. */
  readonly period: number | string
  /** Pieces are not cut smaller than this many bytes. Default: as many as go in 50 ms, and at least 64. HAProxy: `min-size`. */
  readonly minSize?: number | string | undefined
}

const sizeOption = z.union([z.number(), z.string()]).transform((given, context) => {
  try {
    return parseSize(given)
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message })
    return z.NEVER
  }
})

const bandwidthOptions = z.strictObject({
  direction: z.enum(['request', 'response'], { error: "must be 'request' or 'response'" }),
  limit: sizeOption.refine((bytes) => bytes > 0, { error: 'must be at least 1' }),
  period: durationOption.refine((time) => time > 0, { error: 'must be at least 1ms' }),
  minSize: sizeOption.optional(),
})

/** The shortest pieces that are worth a write of their own. */
const SMALLEST_PIECE = 64
/** A piece is what goes in this many milliseconds. */
const TICK = 50

/**
 * A limit that rules put on transactions with {@link setBandwidthLimit}. It is each transaction's own: two of them go twice as fast together.
 *
 * ```ts
 * const slow = new BandwidthLimit('slow', { direction: 'response', limit: '512k', period: '1s' })
 * new Frontend('edge', { httpRequest: [setBandwidthLimit(slow).if(path.startsWith('/downloads/'))] })
 * ```
 *
 * @throws {OptionError} on wrong options
 */
export class BandwidthLimit {
  readonly name: string
  readonly direction: 'request' | 'response'
  /** Bytes. */
  readonly limit: number
  /** Milliseconds. */
  readonly period: number
  readonly minSize: number

  constructor(name: string, options: BandwidthLimitOptions) {
    const subject = `BandwidthLimit '${name}'`
    this.name = checkOptions(subject, nameOption, name)
    const { direction, limit, period, minSize } = checkOptions(subject, bandwidthOptions, options)
    this.direction = direction
    this.limit = limit
    this.period = period
    this.minSize = minSize ?? 0
  }

  /** Lets bytes pass as fast as the limit says, or as a rule has ordered for this transaction. */
  pace(clock: Clock, limit = this.limit, period = this.period): BodyTransformer {
    const rate = limit / period
    const piece = Math.max(this.minSize, SMALLEST_PIECE, Math.floor(rate * TICK))
    let next = clock.now()
    return new TransformStream<Uint8Array, Uint8Array>({
      transform: async (bytes, controller) => {
        for (let at = 0; at < bytes.length; at += piece) {
          const part = bytes.subarray(at, at + piece)
          controller.enqueue(part)
          // Time in which nothing came is not saved up.
          next = Math.max(next, clock.now()) + part.length / rate
          await rest(clock, next - clock.now())
        }
      },
    })
  }
}

const rest = (clock: Clock, time: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(time, resolve)
  })
