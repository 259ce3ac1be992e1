/** The loggers that people make: `syslog()` and `stdoutLog()`. How lines look and where they go is put together here, and nothing else. */
import { hostname as systemHostname } from 'node:os'
import { z } from 'zod'
import { type Clock, systemClock } from '../base/clock.js'
import { OptionError } from '../base/errors.js'
import { checkOptions, integerOption } from '../base/options.js'
import { type LogFormat, modeLog } from '../observe/log-format.js'
import { LogProfile } from '../observe/log-profile.js'
import { type LogSink, type LogStep, logSteps } from '../observe/logger.js'
import {
  type Facility,
  facilities,
  type Level,
  levels,
  type SyslogFormat,
  type SyslogHeader,
  syslogFormats,
} from '../observe/syslog.js'
import { type LogSample, SyslogLogger } from '../observe/syslog-logger.js'
import { type LogAddress, parseLogAddress } from './log-address.js'
import { logSink } from './log-sink.js'
import { Ring } from './ring.js'

/** How lines are made and which of them are sent. Manual, `log`, `log-tag`, `log-send-hostname`. */
export interface SyslogOptions {
  /** Default `daemon`. */
  readonly facility?: Facility
  /** What is put around the text. Default `local`, or `rfc3164` when `hostname` is given; `raw` (the text alone) for stdout. */
  readonly format?: SyslogFormat
  /** The least grave level that is sent; transactions are `info`. Default `debug`: everything. */
  readonly level?: Level
  /** The gravest level that lines claim; graver ones are reduced to it. Default `emerg`. */
  readonly minLevel?: Level
  /** Longest line in bytes, 80 to 65535; longer ones are cut. The line feed counts for descriptors only; for rings, what stands before the text does not. Default 1024. */
  readonly length?: number
  /** Sends only some of the lines. Default: all. */
  readonly sample?: LogSample
  /** Name of the program in the lines. Default `fairlead`. */
  readonly tag?: string
  /** Name of the machine in the lines; `true` takes the system's. Default: none. */
  readonly hostname?: string | boolean
  /** The text of a line: `httpLog()`, `tcpLog()`, `connectionLog()` or a function of yours. Default: by the frontend's mode. */
  readonly logFormat?: LogFormat
  /** The structured data of RFC 5424; other formats have no place for it. Manual, `log-format-sd`. */
  readonly structuredData?: LogFormat
  /** The text for clients that did not get as far as a request. Default: as for all others. Manual, `error-log-format`. */
  readonly errorFormat?: LogFormat
  /**
   * The moments at which a transaction has a line. Default: `['close']`, its end. With others, and without `close`, it has one line: at the first of
   * these moments that it gets to, or else at its end. Manual, `option logasap`, and of HAProxy 3.x, `log-steps`.
   */
  readonly at?: readonly LogStep[]
  /** Nothing is written of what went well: no error, retry, redispatch or 5xx. Default false. Manual, `option dontlog-normal`. */
  readonly skipNormal?: boolean
  /** What went wrong has the level `err`. Default false. Manual, `option log-separate-errors`. */
  readonly separateErrors?: boolean
  /** Formats by moment, which stand before the others. Manual of HAProxy 3.x, `log-profile`. */
  readonly profile?: LogProfile
  /** Told once when lines are lost because the target cannot be reached. Default: `process.emitWarning`. */
  readonly warn?: (text: string) => void
  /** Default: the system's. */
  readonly clock?: Clock
}

const oneOf = <T extends string>(values: readonly T[]): z.ZodType<T> =>
  z.enum(values as readonly [T, ...T[]], { error: `must be one of ${values.join(', ')}` }) as unknown as z.ZodType<T>

const word = z.string().regex(/^[\x21-\x7e][\x20-\x7e]*$/, { error: 'must be printable text' })
const logFormatOption = z.custom<LogFormat>((given) => typeof given === 'function', {
  error: 'must be a function, as httpLog() gives it',
})
const turn = integerOption(1, 2 ** 31 - 1)

const syslogOptions = z.strictObject({
  facility: oneOf(facilities).optional(),
  format: oneOf(syslogFormats).optional(),
  level: oneOf(levels).optional(),
  minLevel: oneOf(levels).optional(),
  length: integerOption(80, 65_535).optional(),
  sample: z
    .strictObject({ ranges: z.array(z.tuple([turn, turn])).min(1), size: turn })
    .refine(({ ranges, size }) => ranges.every(([first, last]) => first <= last && last <= size), {
      error: 'the ranges must lie between 1 and the size',
    })
    .optional(),
  tag: word.optional(),
  hostname: z.union([word, z.boolean()]).optional(),
  logFormat: logFormatOption.optional(),
  structuredData: logFormatOption.optional(),
  errorFormat: logFormatOption.optional(),
  at: z.array(oneOf(logSteps)).min(1, { error: 'must name a moment at least' }).optional(),
  skipNormal: z.boolean({ error: 'must be true or false' }).optional(),
  separateErrors: z.boolean({ error: 'must be true or false' }).optional(),
  profile: z.custom<LogProfile>((given) => given instanceof LogProfile, { error: 'must be a LogProfile' }).optional(),
  warn: z
    .custom<(text: string) => void>((given) => typeof given === 'function', { error: 'must be a function' })
    .optional(),
  clock: z
    .custom<Clock>((given) => typeof given === 'object' && given !== null, { error: 'must be a clock' })
    .optional(),
})

/**
 * A logger that sends syslog lines, as HAProxy's `log <address> … <facility>` does.
 *
 * ```ts
 * new Frontend('edge', { bind: ':8080', loggers: [syslog('127.0.0.1:514', { facility: 'local0', format: 'rfc3164' })] })
 * ```
 *
 * Nothing is opened before the first line (or the balancer's start). Lines that the receiver cannot take are lost and counted in `dropped`.
 *
 * @param address `host:port` for UDP (the port defaults to 514), `tcp@host:port`, `/path` of a unix socket (one that takes datagrams, as /dev/log, needs
 *   the optional package `unix-dgram`), `uxst@/path` of one of stream kind, `stdout`, `stderr`, `fd@N`, or a {@link Ring}
 * @throws {OptionError} that names the option that is wrong
 */
export function syslog(address: string | Ring, options: SyslogOptions = {}): SyslogLogger {
  if (address instanceof Ring) {
    const checked = checkOptions(`syslog('ring@${address.name}')`, syslogOptions, options)
    return make(address, { ...checked, format: address.format }, address.format)
  }
  const subject = `syslog('${address}')`
  return make(understand(subject, address), checkOptions(subject, syslogOptions, options), 'local')
}

/**
 * A logger that prints on the process's standard output, the text alone unless another `format` is asked for: for containers and development.
 * This is the only way in which the library writes there.
 * @throws {OptionError} that names the option that is wrong
 */
export function stdoutLog(options: SyslogOptions = {}): SyslogLogger {
  return make({ kind: 'fd', fd: 1 }, checkOptions('stdoutLog()', syslogOptions, options), 'raw')
}

function understand(subject: string, address: string): LogAddress {
  try {
    return parseLogAddress(address)
  } catch (error) {
    throw new OptionError(subject, '', (error as Error).message)
  }
}

/** As HAProxy counts: with the line feed for a descriptor, the text alone for a ring, which has a limit of its own. */
function lengths(to: LogAddress | LogSink, length: number): Pick<SyslogHeader, 'length' | 'textLength'> {
  if (to instanceof Ring) return { length: to.maxLength ?? 65_535, textLength: length - 1 }
  return { length: 'kind' in to && to.kind === 'fd' ? length - 1 : length }
}

function make(to: LogAddress | LogSink, options: z.infer<typeof syslogOptions>, format: SyslogFormat): SyslogLogger {
  const { hostname } = options
  const named = hostname === true ? systemHostname() : hostname === false ? undefined : hostname
  const clock = options.clock ?? systemClock
  const warn = options.warn ?? ((text: string) => process.emitWarning(text))
  const settings = {
    facility: options.facility ?? 'daemon',
    format: options.format ?? (format === 'local' && named !== undefined ? 'rfc3164' : format),
    level: options.level ?? 'debug',
    minLevel: options.minLevel ?? 'emerg',
    ...lengths(to, options.length ?? 1024),
    sample: options.sample,
    tag: options.tag ?? 'fairlead',
    hostname: named,
    logFormat: options.logFormat ?? modeLog(),
    structuredData: options.structuredData,
    errorFormat: options.errorFormat,
    at: options.at,
    skipNormal: options.skipNormal,
    separateErrors: options.separateErrors,
    profile: options.profile,
    pid: process.pid,
    clock,
    warn,
  }
  return new SyslogLogger(settings, 'kind' in to ? logSink(to, { clock, warn }) : to)
}
