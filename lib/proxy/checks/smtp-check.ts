/** A check of mail servers: banner, greeting, goodbye. HAProxy: `option smtpchk`. */
import { z } from 'zod'
import { type CheckTiming, HealthCheck } from '../health-check.js'
import type { BytesJudge } from './bytes-judge.js'
import { expect } from './expect.js'
import { firstLine, protocolOptions } from './protocol-check.js'
import { connect, send } from './steps.js'

/** How a mail server is asked. */
export interface SmtpCheckOptions extends CheckTiming {
  /** `HELO`, or `EHLO` for ESMTP. Default `HELO`. */
  readonly hello?: 'HELO' | 'EHLO'
  /** The name that we greet with. Default `localhost`. */
  readonly domain?: string
}

const shape = {
  hello: z.enum(['HELO', 'EHLO'], { error: "must be 'HELO' or 'EHLO'" }).optional(),
  domain: z
    .string()
    .regex(/^[\x21-\x7e]+$/, { error: 'must be a name without blanks' })
    .optional(),
}

/** Checks an SMTP or ESMTP server. @throws {OptionError} that names the option that is wrong */
export function smtpCheck(options: SmtpCheckOptions = {}): HealthCheck {
  const { own, timing } = protocolOptions('smtpCheck', shape, options)
  const { hello = 'HELO', domain = 'localhost' } = own
  const unwelcome = { errorStatus: 'L7STS' } as const
  const steps = [
    connect({ linger: true }),
    expect.custom(banner),
    expect.custom(ready, unwelcome),
    send(`${hello} ${domain}\r\n`),
    expect.custom(replied, unwelcome),
    send('QUIT\r\n'),
    expect.custom(dismissed, unwelcome),
  ]
  return HealthCheck.sequence(steps, { ...timing, numbered: false })
}

/** Enough to know a code, and what stands behind it. */
const SHORTEST = 4

const banner: BytesJudge = (bytes, last) => {
  if (bytes.length < SHORTEST && !last) return undefined
  const text = bytes.toString('latin1')
  return /^[0-9]{3}[ \r]/.test(text) ? { passed: true } : { passed: false, status: 'L7RSP', info: firstLine(text) }
}

const ready: BytesJudge = (bytes) => told(bytes, /^2/)

/** An answer of several lines is read up to its last. */
const replied: BytesJudge = (bytes, last) => {
  const whole = /^2[0-9]{2}(?:-[^\n]*\n2[0-9]{2})*[ \r]/.test(bytes.toString('latin1'))
  return whole || last ? told(bytes, /^2[0-9]{2}[- \r]/) : undefined
}

const dismissed: BytesJudge = (bytes, last) =>
  bytes.length < SHORTEST && !last ? undefined : told(bytes, /^2[0-9]{2}[- \r]/)

/** Shows the code and the words of the first line. */
function told(bytes: Buffer, wanted: RegExp): { passed: boolean; code: number; info: string } {
  const text = bytes.toString('latin1')
  const code = Number.parseInt(text.slice(0, 3), 10) || 0
  return { passed: wanted.test(text), code, info: firstLine(text.slice(4)).replace(/^ +/, '') }
}
