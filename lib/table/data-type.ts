/** The data types of HAProxy's stick tables, by name and by the number that the peers protocol knows them by. */

/** What makes a type count by itself; `general` is what only rules and calls change. */
export type Counted =
  | 'requests'
  | 'connections'
  | 'sessions'
  | 'errors'
  | 'failures'
  | 'bytesIn'
  | 'bytesOut'
  | 'glitches'
  | 'general'

/** How a value is kept: 32 bits with or without a sign, 64 bits, a sliding rate of 32 bits, a text that many entries share. */
export type DataKind = 'signed' | 'unsigned' | 'wide' | 'rate' | 'text'

/** One of them. */
export interface DataType {
  /** HAProxy's word for it. */
  readonly name: string
  /** In the peers protocol. */
  readonly number: number
  readonly kind: DataKind
  /** It is stored as so many of the kind as its argument says. */
  readonly array: boolean
  /** What adds to it by itself. */
  readonly counts: Counted | undefined
}

const type = (name: string, number: number, kind: DataKind, counts?: Counted): DataType => ({
  name,
  number,
  kind,
  array: name === 'gpt' || name === 'gpc' || name === 'gpc_rate',
  counts,
})

/** All of them, in the order of their numbers. */
export const dataTypes: readonly DataType[] = [
  type('server_id', 0, 'signed'),
  type('gpt0', 1, 'unsigned'),
  type('gpc0', 2, 'unsigned', 'general'),
  type('gpc0_rate', 3, 'rate', 'general'),
  type('conn_cnt', 4, 'unsigned', 'connections'),
  type('conn_rate', 5, 'rate', 'connections'),
  // What is tracked now goes up and down; it does not count what happens.
  type('conn_cur', 6, 'unsigned'),
  type('sess_cnt', 7, 'unsigned', 'sessions'),
  type('sess_rate', 8, 'rate', 'sessions'),
  type('http_req_cnt', 9, 'unsigned', 'requests'),
  type('http_req_rate', 10, 'rate', 'requests'),
  type('http_err_cnt', 11, 'unsigned', 'errors'),
  type('http_err_rate', 12, 'rate', 'errors'),
  type('bytes_in_cnt', 13, 'wide', 'bytesIn'),
  type('bytes_in_rate', 14, 'rate', 'bytesIn'),
  type('bytes_out_cnt', 15, 'wide', 'bytesOut'),
  type('bytes_out_rate', 16, 'rate', 'bytesOut'),
  type('gpc1', 17, 'unsigned', 'general'),
  type('gpc1_rate', 18, 'rate', 'general'),
  type('server_key', 19, 'text'),
  type('http_fail_cnt', 20, 'unsigned', 'failures'),
  type('http_fail_rate', 21, 'rate', 'failures'),
  type('gpt', 22, 'unsigned'),
  type('gpc', 23, 'unsigned', 'general'),
  type('gpc_rate', 24, 'rate', 'general'),
  type('glitch_cnt', 25, 'unsigned', 'glitches'),
  type('glitch_rate', 26, 'rate', 'glitches'),
]

const byName: ReadonlyMap<string, DataType> = new Map(dataTypes.map((each) => [each.name, each]))

/** The type of that name. */
export function dataType(name: string): DataType | undefined {
  return byName.get(name)
}
