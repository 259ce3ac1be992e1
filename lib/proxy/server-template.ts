/** Servers that differ in nothing but their numbers. */
import { OptionError } from '../base/errors.js'
import { Server } from './server.js'
import type { ServerOptions } from './server-options.js'

/** More than that is a slip of the pen. */
const MOST_SERVERS = 100_000

/**
 * Servers with names of a prefix and a number, all of them with the same address and options: for what a name has several of. Each gets one of the
 * addresses or places that are found, and is out of use while there is none for it. HAProxy: `server-template`. Manual, chapter 4.
 *
 * ```ts
 * new Backend('api', { servers: serverTemplate('api', 20, '_http._tcp.api.service.consul', { resolvers: dns }) })
 * ```
 *
 * @param prefix what their names begin with
 * @param range how many, from 1; or the first and the last number
 * @throws {OptionError} on what is no range, and as {@link Server} does
 */
export function serverTemplate(
  prefix: string,
  range: number | readonly [first: number, last: number],
  address: string,
  options: Omit<ServerOptions, 'id'> = {},
): readonly Server[] {
  const [first, last] = typeof range === 'number' ? [1, range] : range
  const usable = Number.isInteger(first) && Number.isInteger(last) && first >= 0 && last >= first
  if (!usable || last - first >= MOST_SERVERS)
    throw new OptionError(
      `serverTemplate('${prefix}')`,
      'range',
      `must be a number from 1 to ${MOST_SERVERS}, or two whole numbers, the lower one first`,
    )
  return Array.from(
    { length: last - first + 1 },
    (_, index) => new Server(`${prefix}${first + index}`, address, options),
  )
}
