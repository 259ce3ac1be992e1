/** What a request's standard field `Forwarded` tells servers of its client and of us: `option forwarded`. RFC 7239. */
import { z } from 'zod'
import { OptionError } from '../base/errors.js'
import { Ip } from '../base/ip.js'
import { checkKnown } from '../base/options.js'
import { castInteger, castText } from '../match/cast.js'
import type { Context } from '../match/context.js'
import { Sample } from '../match/sample.js'
import { isFieldValue } from '../message/headers.js'

/** Of each parameter: whether it is told, or a question that has it for an answer. */
export interface ForwardedOptions {
  /** `http` or `https`, as the client speaks to us. */
  readonly proto?: boolean
  /** The request's host. */
  readonly host?: boolean | Sample<unknown, 'request'>
  /** The address that the client connected to, and the client's own; what is no address becomes an obfuscated name. */
  readonly by?: boolean | Sample<unknown, 'request'>
  readonly for?: boolean | Sample<unknown, 'request'>
  /** The ports that belong to them. */
  readonly byPort?: boolean | Sample<unknown, 'request'>
  readonly forPort?: boolean | Sample<unknown, 'request'>
}

type Asking = (context: Context) => unknown

/** The options, understood. */
export interface Forwarded {
  readonly proto: boolean
  readonly host: Asking | undefined
  readonly by: Asking | undefined
  readonly byPort: Asking | undefined
  readonly for: Asking | undefined
  readonly forPort: Asking | undefined
}

const names = ['proto', 'host', 'by', 'byPort', 'for', 'forPort'] as const

export const forwardedOption: z.ZodType<boolean | ForwardedOptions> = z.union(
  [
    z.boolean(),
    z.custom<ForwardedOptions>((given) => typeof given === 'object' && given !== null && !(given instanceof Sample)),
  ],
  { error: 'must be true, false or an object of parameters' },
)

/** `true` and `{}` are HAProxy's defaults: `proto` and `for`. */
export function decideForwarded(subject: string, given: boolean | ForwardedOptions | undefined): Forwarded | undefined {
  if (given === undefined || given === false) return undefined
  const options = given === true ? {} : given
  checkKnown(`${subject}: option 'forwarded'`, options, names)
  const none = names.every((name) => options[name] === undefined || options[name] === false)
  const asked = none ? { proto: true, for: true } : options
  const read = (name: 'host' | 'by' | 'byPort' | 'for' | 'forPort', own: Asking): Asking | undefined => {
    const value: unknown = asked[name]
    if (value === undefined || value === false) return undefined
    if (value === true) return own
    if (value instanceof Sample) return value.ask
    throw new OptionError(subject, `forwarded.${name}`, 'must be true, false or a sample')
  }
  return {
    proto: asked.proto === true,
    host: read('host', ({ request }) => request.headers.first('host')),
    by: read('by', ({ session }) => session.destination),
    byPort: read('byPort', ({ session }) => session.destinationPort),
    for: read('for', ({ session }) => session.source),
    forPort: read('forPort', ({ session }) => session.sourcePort),
  }
}

/** Adds the field to a request. */
export function tellForwarded(context: Context, forwarded: Forwarded | undefined): void {
  if (forwarded === undefined) return
  const parts: string[] = []
  if (forwarded.proto) parts.push('proto=http')
  const host = forwarded.host === undefined ? undefined : castText(forwarded.host(context))
  if (host !== undefined && host !== '' && isFieldValue(host)) parts.push(`host=${quoted(host)}`)
  if (forwarded.by !== undefined) parts.push(`by=${node(context, forwarded.by, forwarded.byPort)}`)
  if (forwarded.for !== undefined) parts.push(`for=${node(context, forwarded.for, forwarded.forPort)}`)
  context.request.headers.append('forwarded', parts.join(';'))
}

/** RFC 7239 section 6: an address and its port, in quotes where it has a colon or brackets. */
function node(context: Context, ask: Asking, askPort: Asking | undefined): string {
  const value = ask(context)
  const name = nodeName(value)
  const port = askPort === undefined ? undefined : portName(askPort(context))
  const whole = port === undefined ? name : `${name}:${port}`
  return /[:[\]]/.test(whole) ? `"${whole}"` : whole
}

function nodeName(value: unknown): string {
  const address = value instanceof Ip ? value : typeof value === 'string' ? Ip.parse(value) : undefined
  if (address !== undefined) return address.toString().includes(':') ? `[${address}]` : address.toString()
  return obfuscated(value) ?? 'unknown'
}

function portName(value: unknown): string | undefined {
  const number = typeof value === 'string' && !/^\d+$/.test(value) ? undefined : castInteger(value)
  if (number !== undefined) return number > 0 && number < 65_536 ? String(number) : undefined
  return obfuscated(value)
}

/** Section 6.3: a name of the proxy's own begins with an underscore, and has few kinds of characters. */
function obfuscated(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value : undefined
  return text !== undefined && /^[A-Za-z0-9._-]+$/.test(text) ? `_${text}` : undefined
}

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`
