/** A check of Redis and what speaks like it: PING wants PONG. HAProxy: `option redis-check`. */
import { type CheckTiming, HealthCheck } from '../health-check.js'
import type { BytesJudge } from './bytes-judge.js'
import { expect } from './expect.js'
import { firstLine, protocolOptions } from './protocol-check.js'
import { send } from './steps.js'

const PING = '*1\r\n$4\r\nPING\r\n'
const PONG = '+PONG\r\n'

/** Checks Redis. A server that asks for a password, or still loads, does not say PONG and fails. @throws {OptionError} that names the option that is wrong */
export function redisCheck(options: CheckTiming = {}): HealthCheck {
  const { timing } = protocolOptions('redisCheck', {}, options)
  return HealthCheck.sequence([send(PING), expect.custom(pong, { errorStatus: 'L7STS' })], {
    ...timing,
    numbered: false,
  })
}

const pong: BytesJudge = (bytes, last) => {
  if (bytes.includes(PONG, 0, 'latin1')) return { passed: true, info: 'Redis server is ok' }
  return last ? { passed: false, info: firstLine(bytes.toString('latin1')) } : undefined
}
