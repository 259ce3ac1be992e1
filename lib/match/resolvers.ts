/** Where names are looked up while traffic runs: name servers, patience, and how long an answer is good. It asks nobody; the engine does. */
import { z } from 'zod'
import { OptionError } from '../base/errors.js'
import { Ip } from '../base/ip.js'
import { checkOptions, durationOption, integerOption, nameOption } from '../base/options.js'

/** What a name's look-up goes by. */
export interface ResolversOptions {
  /** Addresses of name servers, as `10.0.0.53:53`, `[::1]:53` or without a port for 53; asked in order. Default: those of the system. */
  readonly nameservers?: readonly string[] | undefined
  /** How often a name server that does not answer is asked again. Default 3. HAProxy: `resolve_retries`. */
  readonly retries?: number | undefined
  /** How long an answer is waited for: milliseconds, or text as in `'1s'`. Default 1 second. HAProxy: `timeout retry`. */
  readonly timeout?: number | string | undefined
  /** How long an answer is good. Default 10 seconds. HAProxy: `hold valid`. */
  readonly holdValid?: number | string | undefined
}

const resolversOptions = z.strictObject({
  nameservers: z.array(z.string()).optional(),
  retries: integerOption(1, 100).optional(),
  timeout: durationOption.optional(),
  holdValid: durationOption.optional(),
})

/**
 * A list of name servers. HAProxy: section `resolvers`.
 *
 * ```ts
 * const dns = new Resolvers('dns', { nameservers: ['10.0.0.53:53'], holdValid: '30s' })
 * ```
 *
 * @throws {OptionError} on wrong options
 */
export class Resolvers {
  readonly name: string
  /** Addresses with ports; empty for the system's own. */
  readonly nameservers: readonly string[]
  readonly retries: number
  /** Milliseconds. */
  readonly timeout: number
  readonly holdValid: number

  constructor(name: string, options: ResolversOptions = {}) {
    const subject = `Resolvers '${name}'`
    this.name = checkOptions(subject, nameOption, name)
    const checked = checkOptions(subject, resolversOptions, options)
    this.nameservers = (checked.nameservers ?? []).map((address, index) => serverAddress(subject, index, address))
    this.retries = checked.retries ?? 3
    this.timeout = checked.timeout ?? 1000
    this.holdValid = checked.holdValid ?? 10_000
  }
}

/** An address with its port, as resolvers take it. */
function serverAddress(subject: string, index: number, text: string): string {
  const [, bracketed, plain, port = '53'] = /^(?:\[([^\]]+)\]|([^:]+|[^:]*:[^:]*:.*?))(?::(\d+))?$/.exec(text) ?? []
  const ip = Ip.parse(bracketed ?? plain ?? '')
  if (ip === undefined || Number(port) > 65_535 || Number(port) === 0)
    throw new OptionError(
      subject,
      `nameservers[${index}]`,
      `'${text}' is no address: write it as 10.0.0.53:53 or [::1]:53`,
    )
  return ip.family === 4 ? `${ip}:${port}` : `[${ip}]:${port}`
}
