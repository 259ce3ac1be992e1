/** What can be asked of an entry, by HAProxy's words: the part of `sc_…`, `src_…` and `table_…` that they share. */
import type { Context } from '../match/context.js'
import { Cell, GeneralCounter, type Spot } from './cell.js'

/** How an entry answers. */
export type Answer = (spot: Spot, context: Context) => number | undefined

/** One word. */
export interface TableWord {
  /** Behind `sc_` and `src_`. */
  readonly name: string
  /** Behind `table_`. */
  readonly converter: string
  /** Its first argument says which element of an array. */
  readonly indexed: boolean
  /** An entry that is not known is made, when it is asked by its key. */
  readonly creates: boolean
  readonly make: (element: number) => Answer
}

/** The data types that are asked for by their own name. */
const plain = [
  'bytes_in_rate',
  'bytes_out_rate',
  'conn_cnt',
  'conn_cur',
  'conn_rate',
  'glitch_cnt',
  'glitch_rate',
  'gpc0_rate',
  'gpc1_rate',
  'http_err_cnt',
  'http_err_rate',
  'http_fail_cnt',
  'http_fail_rate',
  'http_req_cnt',
  'http_req_rate',
  'sess_cnt',
  'sess_rate',
] as const

function reading(name: string, converter: string, type: string, indexed = false, unit = 1): TableWord {
  const make = (element: number): Answer => {
    const cell = new Cell(type, element)
    if (unit === 1) return (spot, { now }) => cell.read(spot, now)
    return (spot, { now }) => {
      const value = cell.read(spot, now)
      return value === undefined ? undefined : Math.floor(value / unit)
    }
  }
  return { name, converter, indexed, creates: false, make }
}

/** In a decision that is not carried out, a key that is looked up keeps what it has: only the answer is as it would be. */
const isLeft = ({ table, rows, row }: Spot, { rehearsal }: Context): boolean =>
  row === -1 || (rehearsal && rows === table.rows)

const incrementing = (of: string): TableWord => ({
  name: `inc_${of}`,
  converter: `inc_${of}`,
  indexed: of === 'gpc',
  creates: true,
  make: (element) => {
    const general = new GeneralCounter(of, element)
    return (spot, context) => {
      const { now } = context
      if (!isLeft(spot, context)) return general.add(spot, 1, now)
      if (!context.rehearsal) return 0
      return (general.counter.read(spot, now) ?? general.rate.read(spot, now) ?? -1) + 1
    }
  },
})

const clearing = (of: string): TableWord => ({
  name: `clr_${of}`,
  converter: `clr_${of}`,
  indexed: of === 'gpc',
  creates: true,
  make: (element) => {
    const general = new GeneralCounter(of, element)
    return (spot, context) =>
      isLeft(spot, context) ? general.counter.read(spot, context.now) : general.clear(spot, context.now)
  },
})

const general = ['gpc0', 'gpc1', 'gpc'] as const

/** All of them. */
export const tableWords: readonly TableWord[] = [
  ...plain.map((name) => reading(name, name, name)),
  reading('kbytes_in', 'kbytes_in', 'bytes_in_cnt', false, 1024),
  reading('kbytes_out', 'kbytes_out', 'bytes_out_cnt', false, 1024),
  reading('get_gpt0', 'gpt0', 'gpt0'),
  reading('get_gpt', 'gpt', 'gpt', true),
  reading('gpc_rate', 'gpc_rate', 'gpc_rate', true),
  ...general.map((name) => reading(`get_${name}`, name, name, name === 'gpc')),
  ...general.map(incrementing),
  ...general.map(clearing),
]
