/** A check of agents that speak SPOP: says hello, and reads theirs. HAProxy: `option spop-check`. */
import { type CheckTiming, HealthCheck } from '../health-check.js'
import type { BytesJudge, Finding } from './bytes-judge.js'
import { expect } from './expect.js'
import { protocolOptions } from './protocol-check.js'
import { sendBinary } from './steps.js'

/** Frames may have as many bytes as we say, and not fewer than an agent must be able to take. */
const LARGEST = 16_380
const SMALLEST = 256

const VERSION = '2.0'

/** HAProxy's words for what goes wrong, by the protocol's number of it. */
const faults: ReadonlyMap<number, string> = new Map([
  [0, 'normal'],
  [1, 'I/O error'],
  [2, 'a timeout occurred'],
  [3, 'frame is too big'],
  [4, 'invalid frame received'],
  [5, 'version value not found'],
  [6, 'max-frame-size value not found'],
  [7, 'capabilities value not found'],
  [8, 'unsupported version'],
  [9, 'max-frame-size too big or too small'],
  [10, 'fragmentation not supported'],
  [11, 'invalid interlaced frames'],
  [12, 'frame-id not found'],
  [13, 'resource allocation error'],
  [99, 'an unknown error occurred'],
])

const INVALID = 4
const NO_VERSION = 5
const NO_SIZE = 6
const UNSUPPORTED = 8
const BAD_SIZE = 9
const FRAGMENTED = 10
const UNKNOWN = 99

const HAPROXY_HELLO = 0x01
const AGENT_HELLO = 0x65
const AGENT_DISCONNECT = 0x66

/** Types of values. */
const TEXT = 8
const INTEGERS: ReadonlySet<number> = new Set([2, 3, 4, 5])

/** Checks a stream processing offload agent. @throws {OptionError} that names the option that is wrong */
export function spopCheck(options: CheckTiming = {}): HealthCheck {
  const { timing } = protocolOptions('spopCheck', {}, options)
  return HealthCheck.sequence([sendBinary(hello()), expect.custom(welcome)], { ...timing, numbered: false })
}

const welcome: BytesJudge = (bytes, last) => {
  const length = bytes.length < 4 ? undefined : bytes.readUInt32BE(0)
  const whole = length !== undefined && bytes.length >= 4 + length
  if (!whole && !last) return undefined
  const fault = whole ? faultOf(bytes.subarray(4, 4 + length)) : INVALID
  return fault === undefined ? { passed: true, code: 0 } : failed(fault)
}

const failed = (fault: number): Finding => ({
  passed: false,
  status: 'L7RSP',
  info: faults.get(fault) ?? (faults.get(UNKNOWN) as string),
})

/** What is wrong with an agent's frame, or what it complains of. */
function faultOf(frame: Buffer): number | undefined {
  // A type, four bytes of flags, and the numbers of a stream and a frame, which a hello does not have.
  if (frame.length < 7) return INVALID
  const [type] = frame
  if (type !== AGENT_HELLO && type !== AGENT_DISCONNECT) return INVALID
  if ((frame.readUInt32BE(1) & 1) === 0) return FRAGMENTED
  if (frame[5] !== 0 || frame[6] !== 0) return INVALID
  const values = readValues(frame, 7)
  if (values === undefined) return INVALID
  if (type === AGENT_HELLO) return faultOfHello(values)
  const code = values.get('status-code')
  return typeof code === 'number' ? code : 0
}

function faultOfHello(values: ReadonlyMap<string, unknown>): number | undefined {
  const version = values.get('version')
  const size = values.get('max-frame-size')
  const capabilities = values.get('capabilities')
  if (version !== undefined && typeof version !== 'string') return INVALID
  if (version !== undefined && version.trim() !== VERSION) return UNSUPPORTED
  if (size !== undefined && typeof size !== 'number') return INVALID
  if (size !== undefined && (size < SMALLEST || size > LARGEST)) return BAD_SIZE
  if (capabilities !== undefined && typeof capabilities !== 'string') return INVALID
  if (version === undefined) return NO_VERSION
  return size === undefined ? NO_SIZE : undefined
}

/** Names with values: texts and numbers as such, others as `true`. Nothing when they cannot be read. */
function readValues(frame: Buffer, from: number): Map<string, unknown> | undefined {
  const values = new Map<string, unknown>()
  const cursor = { at: from }
  while (cursor.at < frame.length) {
    const name = readText(frame, cursor)
    const type = (frame[cursor.at++] ?? 0xff) & 0x0f
    if (name === undefined) return undefined
    if (type === TEXT) values.set(name, readText(frame, cursor))
    else if (INTEGERS.has(type)) values.set(name, readNumber(frame, cursor))
    else if (type <= 1) values.set(name, true)
    else return undefined
    if (values.get(name) === undefined) return undefined
  }
  return values
}

interface Cursor {
  at: number
}

function readText(frame: Buffer, cursor: Cursor): string | undefined {
  const length = readNumber(frame, cursor)
  if (length === undefined || cursor.at + length > frame.length) return undefined
  cursor.at += length
  return frame.toString('latin1', cursor.at - length, cursor.at)
}

/** A number of variable length: below 240 in one byte, then four bits and seven more a byte. */
function readNumber(frame: Buffer, cursor: Cursor): number | undefined {
  const first = frame[cursor.at++]
  if (first === undefined || first < 240) return first
  let value = first
  for (let shift = 4; shift < 46; shift += 7) {
    const next = frame[cursor.at++]
    if (next === undefined) return undefined
    value += next * 2 ** shift
    if (next < 128) return value
  }
  return undefined
}

function hello(): Buffer {
  const named = (name: string): Buffer => Buffer.concat([Buffer.from([name.length]), Buffer.from(name, 'latin1')])
  const text = (value: string): Buffer => Buffer.concat([Buffer.from([TEXT]), named(value)])
  const body = Buffer.concat([
    Buffer.from([HAPROXY_HELLO, 0, 0, 0, 1, 0, 0]),
    named('supported-versions'),
    text(VERSION),
    named('max-frame-size'),
    // A number of 32 bits: 16380.
    Buffer.from('03fcf006', 'hex'),
    named('capabilities'),
    text(''),
    named('healthcheck'),
    // True.
    Buffer.from([0x11]),
  ])
  const head = Buffer.alloc(4)
  head.writeUInt32BE(body.length)
  return Buffer.concat([head, body])
}
