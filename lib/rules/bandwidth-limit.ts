/** How fast bodies may go: so many bytes in so much time, of each transaction that a rule has put it on, or of all with the same key. HAProxy: the filters `bwlim-in` and `bwlim-out`. */
import { z } from 'zod'
import type { Clock } from '../base/clock.js'
import { OptionError } from '../base/errors.js'
import { checkOptions, durationOption, nameOption } from '../base/options.js'
import { parseSize } from '../base/size.js'
import type { BodyTransformer } from '../match/orders.js'
import { Sample } from '../match/sample.js'
import type { Entries } from '../table/entries.js'
import type { TableKey } from '../table/key.js'
import { StickTable } from '../table/stick-table.js'

/** What a limit is made of. */
export interface BandwidthLimitOptions {
  /** `request` is what clients send (`bwlim-in`), `response` what they are sent (`bwlim-out`). */
  readonly direction: 'request' | 'response'
  /** Bytes, or text as in `'1m'`. HAProxy: `default-limit`. */
  readonly limit: number | string
  /** In how much time: milliseconds, or text as in `'1s'`; of a limit that is shared, the period of its table's rate. HAProxy: `default-period`. */
  readonly period?: number | string | undefined
  /** All transactions for which it has the same answer share the limit; without an answer there is none. HAProxy: `limit … key …`. */
  readonly key?: Sample<unknown, never> | undefined
  /** Where that is counted, with {@link key}: it stores a rate of `bytesIn` (of requests) or of `bytesOut` (of responses). HAProxy: `table`. */
  readonly table?: Entries | undefined
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
  period: durationOption.refine((time) => time > 0, { error: 'must be at least 1ms' }).optional(),
  minSize: sizeOption.optional(),
  key: z.instanceof(Sample, { error: 'must be a sample, as src' }).optional(),
  table: z.instanceof(StickTable, { error: 'must be a StickTable' }).optional(),
})

/** The shortest pieces that are worth a write of their own. */
const SMALLEST_PIECE = 64
/** A piece is what goes in this many milliseconds. */
const TICK = 50

/** What transactions with the same key share. */
interface Share {
  readonly key: Sample<unknown, never>
  readonly table: Entries
  /** The number of its rate. */
  readonly field: number
}

/**
 * A limit that rules put on transactions with {@link setBandwidthLimit}. It is each transaction's own: two of them go twice as fast together; with `key` and `table`, all
 * with the same key together go no faster.
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
  /** What is shared, where it is. */
  readonly shared: Share | undefined

  constructor(name: string, options: BandwidthLimitOptions) {
    const subject = `BandwidthLimit '${name}'`
    this.name = checkOptions(subject, nameOption, name)
    const { direction, limit, period, minSize, key, table } = checkOptions(subject, bandwidthOptions, options)
    this.direction = direction
    this.limit = limit
    this.minSize = minSize ?? 0
    if ((key === undefined) !== (table === undefined))
      throw new OptionError(subject, key === undefined ? 'key' : 'table', 'is missing: a limit that is shared has both')
    if ((period === undefined) !== (table !== undefined))
      throw new OptionError(subject, 'period', period === undefined ? 'is missing' : "is the table's own")
    this.shared = key && table && { key, table, field: rateIn(subject, table, direction) }
    this.period = period ?? this.shared?.table.fields[this.shared.field]?.period ?? 0
  }

  /**
   * Lets bytes pass as fast as the limit says, of all that are counted under the key. Who has waited goes on with a piece, so that several
   * get about the same.
   */
  paceTogether(clock: Clock, { table, field }: Share, key: TableKey): BodyTransformer {
    const piece = Math.max(this.minSize, SMALLEST_PIECE, Math.floor((this.limit / this.period) * TICK))
    return new TransformStream<Uint8Array, Uint8Array>({
      transform: async (bytes, controller) => {
        for (let at = 0; at < bytes.length; at += piece) {
          const part = bytes.subarray(at, at + piece)
          while (this.#isFull(table, field, key, part.length, clock.now())) await rest(clock, TICK)
          controller.enqueue(part)
        }
      },
    })
  }

  /** Counts a piece, unless it would be more than the limit. Where there is no room for the key, there is no limit. */
  #isFull(table: Entries, field: number, key: TableKey, length: number, now: number): boolean {
    const row = table.open(key, now)
    if (row === -1) return false
    const counted = table.read(row, field, now)
    if (counted > 0 && counted + length > this.limit) return true
    table.add(row, field, Math.ceil(length / table.bytesFactor), now)
    table.touch(row, now)
    return false
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

function rateIn(subject: string, table: Entries, direction: 'request' | 'response'): number {
  const type = direction === 'request' ? 'bytes_in_rate' : 'bytes_out_rate'
  const field = table.field(type)
  if (field !== -1) return field
  throw new OptionError(subject, 'table', `does not store ${type}`)
}

const rest = (clock: Clock, time: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(time, resolve)
  })
