/** A check of MySQL and MariaDB: reads the greeting, and logs a user in when one is given. HAProxy: `option mysql-check`. */
import { z } from 'zod'
import { type CheckTiming, HealthCheck, type Step } from '../health-check.js'
import type { BytesJudge, Finding } from './bytes-judge.js'
import { expect } from './expect.js'
import { protocolOptions, userOption } from './protocol-check.js'
import { connect, sendBinary } from './steps.js'

/** How MySQL is asked. */
export interface MysqlCheckOptions extends CheckTiming {
  /**
   * Logged in, without a password, and out again. The server must know the user (`CREATE USER 'haproxy'@'10.0.0.9'`); without one it is only
   * greeted, which it counts as a failed connection and after some of them blocks us (`max_connect_errors`).
   */
  readonly user?: string
  /** Speaks as clients before MySQL 4.1 did. Default: no. HAProxy: `pre-41`. */
  readonly pre41?: boolean
}

/**
 * Checks MySQL or MariaDB.
 *
 * ```ts
 * new Backend('db', { mode: 'tcp', check: mysqlCheck({ user: 'haproxy', interval: '2s' }), servers })
 * ```
 *
 * @throws {OptionError} that names the option that is wrong
 */
export function mysqlCheck(options: MysqlCheckOptions = {}): HealthCheck {
  const shape = { user: userOption.optional(), pre41: z.boolean({ error: 'must be true or false' }).optional() }
  const { own, timing } = protocolOptions('mysqlCheck', shape, options)
  const { user, pre41 } = own
  const steps: readonly Step[] =
    user === undefined
      ? [connect(), expect.custom(greeting)]
      : [connect(), sendBinary(login(user, pre41 === true)), expect.custom(greeting), expect.custom(letIn)]
  return HealthCheck.sequence(steps, { ...timing, numbered: false })
}

const HEAD = 4
const REFUSED = 0xff

const greeting: BytesJudge = (bytes, last) => firstPacket(bytes, last)

/** What comes behind the greeting. */
const letIn: BytesJudge = (bytes, last) => {
  const end = packetEnd(bytes)
  return end === undefined ? unfinished(last) : firstPacket(bytes.subarray(end), last)
}

/** A packet that has come as a whole and is no refusal. */
function firstPacket(bytes: Buffer, last: boolean): Finding | undefined {
  const end = packetEnd(bytes)
  if (end === undefined) return unfinished(last)
  if (bytes[HEAD] !== REFUSED) return { passed: true, code: 0, info: '' }
  const code = end >= HEAD + 3 ? bytes.readUInt16LE(HEAD + 1) : 0
  return { passed: false, status: 'L7STS', code, info: bytes.toString('latin1', HEAD + 3, end) }
}

/** Where the first packet ends, if all of it has come. */
function packetEnd(bytes: Buffer): number | undefined {
  if (bytes.length <= HEAD) return undefined
  const end = HEAD + bytes.readUIntLE(0, 3)
  return end > HEAD && end <= bytes.length ? end : undefined
}

const unfinished = (last: boolean): Finding | undefined =>
  last ? { passed: false, status: 'L7RSP', info: '' } : undefined

/** The answer to a greeting that logs a user in, and the order to quit. */
function login(user: string, pre41: boolean): Buffer {
  const name = Buffer.from(`${user}\0`, 'latin1')
  // Capabilities: long passwords do not matter, transactions; with 4.1, its protocol as well. Then the size of the largest packet, and no password.
  const head = pre41 ? '0080000001' : '008200000080000121'.padEnd(64, '0')
  const body = Buffer.concat([Buffer.from(head, 'hex'), name, Buffer.from([0])])
  return Buffer.concat([packet(body, 1), packet(Buffer.from([1]), 0)])
}

function packet(body: Buffer, number: number): Buffer {
  const head = Buffer.alloc(HEAD)
  head.writeUIntLE(body.length, 0, 3)
  head[3] = number
  return Buffer.concat([head, body])
}
