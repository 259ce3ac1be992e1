/** A check of servers that speak TLS, without speaking it: sends a hello of SSLv3 and takes anything that looks like an answer. HAProxy: `option ssl-hello-chk`. */
import { type CheckTiming, HealthCheck } from '../health-check.js'
import { expect } from './expect.js'
import { protocolOptions } from './protocol-check.js'
import { sendBinary } from './steps.js'

/** A record of SSLv3 that says hello, up to the time. */
const BEFORE_TIME = '1603000079010000750300'
/** What should be chance, no session, and 39 sets of ciphers without compression. */
const AFTER_TIME = `${Buffer.from('HAPROXYSSLCHK\nHAPROXYSSLCHK\n', 'latin1').toString('hex')}00004e`
const CIPHERS = [...range(0x01, 0x1b), ...range(0x2f, 0x3a)]

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

/**
 * Checks that somebody answers in SSL, an alert included. Servers of today refuse SSLv3, and some say nothing at all then; a real handshake says more.
 *
 * @throws {OptionError} that names the option that is wrong
 */
export function sslHelloCheck(options: CheckTiming = {}): HealthCheck {
  const { timing } = protocolOptions('sslHelloCheck', {}, options)
  const like = { okStatus: 'L6OK', errorStatus: 'L6RSP', timeoutStatus: 'L6TOUT', onError: '' } as const
  const steps = [sendBinary(HELLO), expect.rbinary(/^1[56]/, { ...like, atLeast: 5, onSuccess: '' })]
  return HealthCheck.sequence(steps, { ...timing, numbered: false })
}

const ciphers = CIPHERS.map((cipher) => cipher.toString(16).padStart(4, '0')).join('')

/** The time is a constant: servers do not look at it, and checks are to be the same every time. */
const HELLO = `${BEFORE_TIME}6b01b456${AFTER_TIME}${ciphers}0100`
