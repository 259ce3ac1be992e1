/** `balance rdp-cookie`: the same user of a remote desktop, the same server. */
import { z } from 'zod'
import { checkOptions } from '../base/options.js'
import type { Algorithm } from './algorithm.js'
import { type HashOptions, HashType } from './hash-type.js'
import { keyed, NO_KEY } from './keyed.js'

/** Bytes of a connection request before its cookie: TPKT header (4) and X.224 connection request (7). */
const HEADER_LENGTH = 11
const COOKIE = Buffer.from('cookie:')
const CR = 0x0d
const EQUALS = 0x3d
const SEMICOLON = 0x3b

const cookieName = z
  .string({ error: 'must be a string' })
  .regex(/^[!-:<>-~]+$/, { error: "must be visible ASCII without ';' and '='" })

/**
 * By a cookie of an RDP connection request (MS-RDPBCGR 2.2.1.1), which must be among the first bytes of the connection:
 * wait for it with `tcp-request content` and an inspect delay. Connections without it take turns. Manual, `balance rdp-cookie`.
 * @param name without regard to case. Default `mstshash`.
 */
export function rdpCookie(name = 'mstshash', options: HashOptions = {}): Algorithm {
  checkOptions('balance rdp-cookie', cookieName, name)
  const type = new HashType('balance rdp-cookie', options)
  const wanted = Buffer.from(name.toLowerCase(), 'latin1')
  return keyed(`rdp-cookie(${name})`, 'content', type, ({ input }) => {
    const bytes = input?.bytes
    if (bytes === undefined || !isConnectionRequest(bytes)) return NO_KEY
    const from = valueStart(bytes, wanted)
    return from < 0 ? NO_KEY : type.function(bytes, from, valueEnd(bytes, from))
  })
}

function isConnectionRequest(bytes: Uint8Array): boolean {
  return bytes.length > HEADER_LENGTH && bytes[0] === 3 && (bytes[5]! & 0xf0) === 0xe0
}

/** Where the cookie's value begins; -1 when the request has no cookie of that name. */
function valueStart(bytes: Uint8Array, name: Uint8Array): number {
  if (!startsWith(bytes, HEADER_LENGTH, COOKIE)) return -1
  let at = HEADER_LENGTH + COOKIE.length
  while (bytes[at] === 0x20) at++
  if (!startsWith(bytes, at, name) || bytes[at + name.length] !== EQUALS) return -1
  return at + name.length + 1
}

function startsWith(bytes: Uint8Array, at: number, lower: Uint8Array): boolean {
  for (let i = 0; i < lower.length; i++) {
    const byte = bytes[at + i] ?? 0
    if ((byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) !== lower[i]) return false
  }
  return true
}

function valueEnd(bytes: Uint8Array, from: number): number {
  let end = from
  while (end < bytes.length && bytes[end] !== CR && bytes[end] !== SEMICOLON) end++
  return end
}
