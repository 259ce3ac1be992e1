/** Log lines of one's own: formats with samples and log variables, and those that HAProxy has names for. Manual, chapters 8.2.3, 8.2.4 and 8.2.6. */
import { OptionError } from '../base/errors.js'
import { Ip } from '../base/ip.js'
import { Context } from '../match/context.js'
import { Format } from '../match/format.js'
import { FormatItem } from '../match/format-item.js'
import { parseFormat } from '../match/format-parser.js'
import { Sample } from '../match/sample.js'
import { isToldAtTheEnd } from './fetches/transaction.js'
import { httpLog, type LogFormat, type LogFormatOptions } from './log-format.js'
import { logVariables } from './log-variables.js'
import type { TransactionRecord } from './record.js'

/** The formats that options of HAProxy stand for. */
export const namedFormats = {
  httplog: '%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r',
  tcplog: '%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq',
  'httplog clf':
    '%{+Q}o %{-Q}ci - - [%trg] %r %ST %B "" "" %cp %ms %ft %b %s %TR %Tw %Tc %Tr %Ta %tsc %ac %fc %bc %sc %rc %sq %bq %CC %CS %hrl %hsl',
  'tcplog clf':
    '%{+Q}o %{-Q}ci - - [%T] "TCP " 000 %B "" "" %cp %ms %ft %b %s %Th %Tw %Tc %Tt %U %ts-- %ac %fc %bc %sc %rc %sq %bq "" "" ',
} as const

/** What a record alone knows of its transaction, for whoever prints one without the engine at hand. */
function contextOf(record: TransactionRecord): Context {
  const { frontend, clientAddress, clientPort, destinationAddress, destinationPort, startedAt } = record
  const context = new Context(
    {
      frontend,
      source: Ip.parse(clientAddress),
      sourcePort: clientPort,
      destination: Ip.parse(destinationAddress),
      destinationPort,
    },
    0,
    startedAt,
  )
  context.record = record
  return context
}

const noExpression = (source: string): never => {
  throw new OptionError(
    'logFormat',
    '',
    `'%[${source}]' is read in a haproxy.cfg only: write format\`…\${sample}\` in code`,
  )
}

/** A text with log variables, as `%ci [%tr] %{+Q}r`. Expressions (`%[…]`) are for a haproxy.cfg. */
export function readLogFormat(text: string): Format<'log'> {
  return parseFormat(text, { expression: noExpression, aliases: logVariables() }) as Format<'log'>
}

/**
 * A log line of your own: HAProxy's `log-format`. What is missing is a dash, blanks are merged.
 *
 * ```ts
 * syslog('127.0.0.1:514', { logFormat: logFormat('%ci:%cp [%tr] %ft %b/%s %ST %Ta %{+Q}r') })
 * syslog('127.0.0.1:514', { logFormat: logFormat(format`${src} ${logVariable('ST')} ${logVariable('HU', { quote: true })}`) })
 * ```
 *
 * @throws {OptionError} when the text cannot be read
 */
export function logFormat(format: string | Format<'log'>, { early = false }: LogFormatOptions = {}): LogFormat {
  const made = typeof format === 'string' ? readLogFormat(format) : format
  if (!(made instanceof Format)) throw new OptionError('logFormat', '', 'must be a text or a format')
  const { render } = made.as(early ? 'early log' : 'log')
  return (record, context = contextOf(record)) => render(context)
}

/** HTTP lines in the order of the Common Log Format: `option httplog clf`. */
export const clfLog = (options?: LogFormatOptions): LogFormat => logFormat(namedFormats['httplog clf'], options)

/**
 * `option httpslog`: {@link httpLog} and how the client's TLS went. Without TLS, which is not there yet, that is what HAProxy prints for a plain connection.
 */
export function httpsLog(options?: LogFormatOptions): LogFormat {
  const http = httpLog(options)
  return (record) => `${http(record)} 0/-/-/-/0 -/-/-`
}

/** Everything of a format is known with the answer's head, so that its line need not wait for the end. */
export const isKnownEarly = ({ parts }: Format<never>): boolean =>
  parts.every((part) => {
    if (!(part instanceof FormatItem) || part.what === undefined) return true
    return part.what instanceof Sample ? !isToldAtTheEnd(part.what) : !part.what.late
  })
