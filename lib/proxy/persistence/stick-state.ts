/** What a request (in TCP mode: a connection) will be remembered by, once its server has answered. */
import type { Context } from '../../match/context.js'
import type { TableKey } from '../../table/key.js'
import type { StickTable } from '../../table/stick-table.js'
import type { Server } from '../server.js'

/** HAProxy remembers a request by no more keys. */
const MOST = 8

/** How a table knows a server: by its name, or by its place as `address:port`. */
export function stickKeyOf({ serverKey }: StickTable, { name, parsed, resolved, address }: Server): string {
  if (serverKey === 'name') return name
  if (parsed.kind === 'ip') return placeText(parsed.ip, parsed.port)
  return parsed.kind === 'name' && resolved !== undefined ? placeText(resolved, parsed.port) : address
}

const placeText = (host: string, port: number): string => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`)

/** The keys: of the request one a table, and of the response. */
export class StickState {
  readonly #ofRequest = new Map<StickTable, TableKey>()
  readonly #ofResponse = new Map<StickTable, TableKey>()

  /** There is a key of that side for this table already: the first one counts. */
  has(side: 'request' | 'response', table: StickTable): boolean {
    return (side === 'request' ? this.#ofRequest : this.#ofResponse).has(table)
  }

  add(side: 'request' | 'response', table: StickTable, key: TableKey): void {
    if (this.#ofRequest.size + this.#ofResponse.size >= MOST) return
    const keys = side === 'request' ? this.#ofRequest : this.#ofResponse
    keys.set(table, key)
  }

  /** Has all tables remember the server that has answered. */
  keep(server: Server, { now, process }: Context): void {
    for (const [table, key] of [...this.#ofRequest, ...this.#ofResponse]) {
      if (table.keeper === undefined) process?.tables?.adopt(table)
      const row = table.open(key, now)
      if (row === -1) continue
      table.write(row, table.field('server_id'), server.id, now)
      table.writeText(row, table.field('server_key'), stickKeyOf(table, server))
      table.touch(row, now)
    }
  }
}
