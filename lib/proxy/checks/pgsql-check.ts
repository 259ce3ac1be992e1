/** A check of PostgreSQL: begins to log a user in, and sees whether the server goes on. HAProxy: `option pgsql-check`. */
import { type CheckTiming, HealthCheck } from '../health-check.js'
import { expect } from './expect.js'
import { protocolOptions, userOption } from './protocol-check.js'
import { connect, sendBinary } from './steps.js'

/** How PostgreSQL is asked. */
export interface PgsqlCheckOptions extends CheckTiming {
  /** Begun to be logged in, which needs no password: the server only has to ask for one. */
  readonly user: string
}

/** What a server may ask for before it lets a user in: nothing, or one of the ways to prove who one is. */
const PROOF = /^52000000[0-9A-F]{2}000000(?:00|02|03|04|05|06|07|09|0A)/

/**
 * Checks PostgreSQL.
 *
 * ```ts
 * new Backend('db', { mode: 'tcp', check: pgsqlCheck({ user: 'haproxy' }), servers })
 * ```
 *
 * @throws {OptionError} that names the option that is wrong
 */
export function pgsqlCheck(options: PgsqlCheckOptions): HealthCheck {
  const { own, timing } = protocolOptions('pgsqlCheck', { user: userOption }, options)
  const unlike = { atLeast: 9, errorStatus: 'L7STS', onError: 'PostgreSQL unknown error' } as const
  const steps = [
    connect(),
    sendBinary(startup(own.user)),
    expect.custom(refusal, { atLeast: 5 }),
    expect.rbinary(PROOF, { ...unlike, onSuccess: 'PostgreSQL server is ok' }),
  ]
  return HealthCheck.sequence(steps, { ...timing, numbered: false })
}

/** A refusal has fields, each a letter and a text; the first one's text is how grave it is. */
function refusal(bytes: Buffer, last: boolean): { passed: boolean; info?: string; status?: 'L7RSP' } | undefined {
  if (bytes.length < 5 && !last) return undefined
  if (bytes[0] !== 0x45) return { passed: true }
  return { passed: false, status: 'L7RSP', info: /^[^\0]*/.exec(bytes.toString('latin1', 6))?.[0] ?? '' }
}

/** The first packet of a client, of protocol 3.0. */
function startup(user: string): Buffer {
  const body = Buffer.from(`\0\x03\0\0user\0${user}\0\0`, 'latin1')
  const head = Buffer.alloc(4)
  head.writeUInt32BE(body.length + 4)
  return Buffer.concat([head, body])
}
