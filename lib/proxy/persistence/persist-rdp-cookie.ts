/** `persist rdp-cookie`: what a terminal server has told its client of its own address sends that client there again. */
import { z } from 'zod'
import { ipv4ToNumber } from '../../base/ip.js'
import { checkOptions } from '../../base/options.js'
import type { Context } from '../../match/context.js'
import { rdpCookieValue } from '../../match/fetches/rdp.js'
import type { TextSample } from '../../match/text-sample.js'
import type { Server } from '../server.js'
import type { Keeper, PersistenceMethod, PersistentPool } from './method.js'
import type { Persisted } from './persisted.js'

const cookieName = z
  .string({ error: 'must be a string' })
  .regex(/^[!-:<>-~]+$/, { error: "must be visible ASCII without ';' and '='" })

/**
 * Sends remote desktop clients to the server whose IPv4 address and port their routing token says (MS-RDPBCGR 3.2.5.3.1): terminal servers give it when they are set to
 * token redirection. For mode `tcp`; wait for the token with `tcp-request content` and an inspect delay. Manual, `persist rdp-cookie`.
 * @param name of the cookie, without regard to case. Default `msts`.
 */
export function persistRdpCookie(name = 'msts'): PersistenceMethod {
  checkOptions('persistRdpCookie', cookieName, name)
  const sample = rdpCookieValue(name)
  const title = name === 'msts' ? 'rdp-cookie' : `rdp-cookie(${name})`
  return { by: 'rdp-cookie', name: title, join: (pool) => new RdpKeeper(title, sample, pool) }
}

/** Address and port as numbers in the order of bytes that a small machine has; whatever stands behind the second dot. */
const TOKEN = /^[ \t]*\+?(\d{1,20})\.[ \t]*\+?(\d{1,20})\./

class RdpKeeper implements Keeper {
  readonly by = 'rdp-cookie'
  readonly name: string
  readonly #sample: TextSample<'content'>
  readonly #pool: PersistentPool

  constructor(name: string, sample: TextSample<'content'>, pool: PersistentPool) {
    this.name = name
    this.#sample = sample
    this.#pool = pool
  }

  choose(context: Context, persisted: Persisted): Server | undefined {
    const token = this.#sample.ask(context)
    if (persisted.server !== undefined || typeof token !== 'string') return undefined
    const [, address, port] = TOKEN.exec(token) ?? []
    if (address === undefined || port === undefined) return undefined
    const ip = swapped32(Number(BigInt.asUintN(32, BigInt(address))))
    const own = swapped16(Number(BigInt.asUintN(16, BigInt(port))))
    return this.#pool.servers.find((server) => ipOf(server) === ip && portOf(server) === own && persisted.takes(server))
  }
}

const ipOf = ({ parsed, resolved }: Server): number =>
  parsed.kind === 'ip' ? ipv4ToNumber(parsed.ip) : parsed.kind === 'name' ? ipv4ToNumber(resolved ?? '') : -1

const portOf = ({ parsed }: Server): number => ('port' in parsed ? parsed.port : -1)

const swapped16 = (value: number): number => ((value & 0xff) << 8) | (value >>> 8)

const swapped32 = (value: number): number =>
  (((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0
