/** A check of LDAP servers: binds as nobody, and reads the result. HAProxy: `option ldap-check`. */
import { type CheckTiming, HealthCheck } from '../health-check.js'
import type { BytesJudge } from './bytes-judge.js'
import { expect } from './expect.js'
import { protocolOptions } from './protocol-check.js'
import { sendBinary } from './steps.js'

/** RFC 4511 section 4.2: message 1, a bind request of version 3, no name, no password. */
const BIND = '300c020101600702010304008000'

/** A bind response is at least as long. */
const SHORTEST = 14

/** Checks an LDAPv3 server. @throws {OptionError} that names the option that is wrong */
export function ldapCheck(options: CheckTiming = {}): HealthCheck {
  const { timing } = protocolOptions('ldapCheck', {}, options)
  return HealthCheck.sequence([sendBinary(BIND), expect.custom(bound)], { ...timing, numbered: false })
}

const bound: BytesJudge = (bytes, last) => {
  if (bytes.length < SHORTEST) return last ? { passed: false, status: 'L7RSP', info: '' } : undefined
  const message = bytes[0] === 0x30 ? contentOf(bytes, 1) : undefined
  // Message 1, a bind response.
  if (message === undefined || bytes.toString('hex', message.at, message.at + 4) !== '02010161') return foreign
  const missing = message.at + message.length > bytes.length
  if (missing && !last) return undefined
  if (missing) return { passed: false, status: 'L7RSP', info: '' }
  const response = contentOf(bytes, message.at + 4)
  // The result is an enumeration of one byte.
  if (response === undefined || bytes.toString('hex', response.at, response.at + 2) !== '0a01') return foreign
  const result = bytes[response.at + 2] as number
  if (result === 0) return { passed: true, code: 0 }
  return {
    passed: false,
    status: 'L7STS',
    code: result,
    info: 'See RFC: http://tools.ietf.org/html/rfc4511#section-4.1.9',
  }
}

const foreign = { passed: false, status: 'L7RSP', info: 'Not LDAPv3 protocol' } as const

/** Where the content of an element begins, and how long it is: in one byte, or in as many as the first one says. */
function contentOf(bytes: Buffer, at: number): { readonly at: number; readonly length: number } | undefined {
  const first = bytes[at]
  if (first === undefined) return undefined
  if (first < 0x80) return { at: at + 1, length: first }
  const size = first & 0x7f
  if (size === 0 || size > 4 || at + 1 + size > bytes.length) return undefined
  return { at: at + 1 + size, length: bytes.readUIntBE(at + 1, size) }
}
