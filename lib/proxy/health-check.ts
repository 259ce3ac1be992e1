/** What to ask a server to learn whether it works, and how often. Who asks is the engine's monitor; what the answers add up to is `Health`. */
import { z } from 'zod'
import { OptionError } from '../base/errors.js'
import { checkOptions, durationOption, integerOption } from '../base/options.js'
import { type Headers, splitList } from '../message/headers.js'

/** How often a server is checked, and how many results turn it. Times are milliseconds or text with a unit. */
export interface CheckTiming {
  /** Between two checks of a server in a settled state. Default 2s. HAProxy's `inter`. */
  readonly interval?: number | string
  /** While a server is going up or down. Default: `interval`. HAProxy's `fastinter`. */
  readonly fastInterval?: number | string
  /** While a server is down. Default: `interval`. HAProxy's `downinter`. */
  readonly downInterval?: number | string
  /** How long a check may take. Default: the shorter of the backend's connect timeout and `interval` (manual, `timeout check`). */
  readonly timeout?: number | string
  /** Passed checks in a row that take a server up. Default 2. */
  readonly rise?: number
  /** Failed checks in a row that take a server down. Default 3. */
  readonly fall?: number
}

/** How a text of an answer is compared, by HAProxy's words; a regular expression compares by itself. */
export type CheckMatch = 'str' | 'beg' | 'end' | 'sub'

/** A field that an answer has to have. Manual, `http-check expect hdr`, `fhdr`. */
export interface HeaderExpectation {
  /** Case counts for regular expressions only. */
  readonly name: string | RegExp
  /** Default `str`: equal. */
  readonly nameMatch?: CheckMatch
  /** One of its values; without it, any will do. */
  readonly value?: string | RegExp
  readonly valueMatch?: CheckMatch
  /** Values are whole lines and not split at commas. Default: no. */
  readonly full?: boolean
}

/** One expectation of an HTTP check's answer. All of a check's expectations must hold. Manual, `http-check expect`. */
export type Expectation =
  | { readonly status: number | string; readonly not?: boolean }
  | { readonly string: string; readonly not?: boolean }
  | { readonly rstatus: RegExp; readonly not?: boolean }
  | { readonly rstring: RegExp; readonly not?: boolean }
  | { readonly header: HeaderExpectation; readonly not?: boolean }

/** What an HTTP check sends and expects. */
export interface HttpCheckOptions extends CheckTiming {
  /** Default `/`. */
  readonly path?: string
  /** Default `GET`, which most health endpoints serve; HAProxy's own default, which a haproxy.cfg gets, is `OPTIONS`. */
  readonly method?: string
  /** Default `1.0`, as HAProxy's; with `1.1` give a `host` header. */
  readonly version?: '1.0' | '1.1'
  readonly headers?: Readonly<Record<string, string>> | readonly (readonly [string, string])[]
  readonly body?: string
  /** Default: a status of 200 to 399. */
  readonly expect?: Expectation | readonly Expectation[]
}

/** What an HTTP check sends, all decided. */
export interface HttpCheckRequest {
  readonly method: string
  readonly path: string
  readonly version: '1.0' | '1.1'
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
  readonly expect: readonly Expectation[]
}

const timing = {
  interval: durationOption.optional(),
  fastInterval: durationOption.optional(),
  downInterval: durationOption.optional(),
  timeout: durationOption.optional(),
  rise: integerOption(1, 1_000_000).optional(),
  fall: integerOption(1, 1_000_000).optional(),
}

/** The options of {@link CheckTiming}, for whoever else takes them (a server may have its own). */
export const timingOptions = timing

const checkMatch = z.enum(['str', 'beg', 'end', 'sub'], { error: "must be 'str', 'beg', 'end' or 'sub'" }).optional()
const headerExpectation = z.strictObject({
  name: z.union([z.string().min(1), z.instanceof(RegExp)]),
  nameMatch: checkMatch,
  value: z.union([z.string(), z.instanceof(RegExp)]).optional(),
  valueMatch: checkMatch,
  full: z.boolean().optional(),
})

const expectation = z.union(
  [
    z.strictObject({ status: z.union([z.number(), z.string()]), not: z.boolean().optional() }),
    z.strictObject({ string: z.string(), not: z.boolean().optional() }),
    z.strictObject({ rstatus: z.instanceof(RegExp), not: z.boolean().optional() }),
    z.strictObject({ rstring: z.instanceof(RegExp), not: z.boolean().optional() }),
    z.strictObject({ header: headerExpectation, not: z.boolean().optional() }),
  ],
  {
    error:
      'must be { status }, { string }, { rstatus }, { rstring } or { header }, each with an optional { not: true }',
  },
)

const printable = /^[\x21-\x7e]+$/
const headerPair = z.tuple([z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/), z.string().regex(/^[^\r\n\0]*$/)])

const httpOptions = z.strictObject({
  ...timing,
  path: z.string().regex(printable, { error: 'must not be empty nor hold blanks or controls' }).optional(),
  method: z
    .string()
    .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: 'must be an HTTP method' })
    .optional(),
  version: z.enum(['1.0', '1.1'], { error: "must be '1.0' or '1.1'" }).optional(),
  headers: z
    .union([z.record(z.string(), z.string()).transform((record) => Object.entries(record)), z.array(headerPair)])
    .pipe(z.array(headerPair))
    .optional(),
  body: z.string().optional(),
  expect: z.union([expectation, z.array(expectation)]).optional(),
})

/** Milliseconds and counts, as far as they were given; the rest comes from the server or from HAProxy's defaults. */
export interface DecidedTiming {
  readonly interval?: number | undefined
  readonly fastInterval?: number | undefined
  readonly downInterval?: number | undefined
  readonly timeout?: number | undefined
  readonly rise?: number | undefined
  readonly fall?: number | undefined
}

/**
 * How servers are checked: `HealthCheck.tcp()` asks for a connection only, `HealthCheck.http()` for an answer.
 *
 * ```ts
 * new Backend('api', { check: HealthCheck.http({ path: '/healthz', interval: '2s', rise: 2, fall: 3 }), servers })
 * ```
 */
export class HealthCheck {
  /** What is sent; `undefined` for a check that only connects. */
  readonly http: HttpCheckRequest | undefined
  readonly timing: DecidedTiming

  private constructor(http: HttpCheckRequest | undefined, decided: DecidedTiming) {
    this.http = http
    this.timing = decided
  }

  /** A server that accepts a connection passes. */
  static tcp(options: CheckTiming = {}): HealthCheck {
    return new HealthCheck(undefined, checkOptions('HealthCheck.tcp', z.strictObject(timing), options))
  }

  /** A server whose answer meets all expectations passes. */
  static http(options: HttpCheckOptions = {}): HealthCheck {
    const checked = checkOptions('HealthCheck.http', httpOptions, options) as Omit<
      z.infer<typeof httpOptions>,
      'expect'
    > & { expect?: Expectation | readonly Expectation[] }
    const { path, method, version, headers, body, expect, ...rest } = checked
    const expectations = expect === undefined ? [{ status: '200-399' }] : Array.isArray(expect) ? expect : [expect]
    expectations.forEach((each, index) => {
      if ('status' in each)
        checkStatus(each.status, Array.isArray(expect) ? `expect[${index}].status` : 'expect.status')
    })
    return new HealthCheck(
      {
        method: method ?? 'GET',
        path: path ?? '/',
        version: version ?? '1.0',
        headers: headers ?? [],
        body: body ?? '',
        expect: expectations,
      },
      rest,
    )
  }
}

function checkStatus(status: number | string, path: string): void {
  try {
    parseStatusRanges(status)
  } catch (error) {
    throw new OptionError('HealthCheck.http', path, (error as Error).message)
  }
}

/** `200`, `'200-399'`, `'200,204,300-399'` → ranges. */
export function parseStatusRanges(status: number | string): readonly (readonly [number, number])[] {
  const ranges: [number, number][] = []
  for (const part of String(status).split(',')) {
    const match = /^(\d{3})(?:-(\d{3}))?$/.exec(part.trim())
    if (match === null) throw new RangeError(`'${part}' is no status: write 200, 200-399 or a list of them`)
    ranges.push([Number(match[1]), Number(match[2] ?? match[1])])
  }
  return ranges
}

/** What an expectation looks at. */
export interface CheckAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/** Whether an answer meets one expectation. */
export function meets(expectation: Expectation, answer: CheckAnswer): boolean {
  return holds(expectation, answer) !== (expectation.not === true)
}

function holds(expectation: Expectation, { status, headers, body }: CheckAnswer): boolean {
  if ('status' in expectation) return parseStatusRanges(expectation.status).some(([a, b]) => status >= a && status <= b)
  if ('string' in expectation) return body.includes(expectation.string)
  if ('rstatus' in expectation) return expectation.rstatus.test(String(status))
  if ('header' in expectation) return hasField(expectation.header, headers)
  return expectation.rstring.test(body)
}

function hasField({ name, nameMatch, value, valueMatch, full }: HeaderExpectation, headers: Headers): boolean {
  const wanted = typeof name === 'string' ? name.toLowerCase() : name
  for (const [field, line] of headers) {
    if (!compares(wanted, nameMatch, typeof name === 'string' ? field.toLowerCase() : field)) continue
    if (value === undefined) return true
    const values = full === true ? [line] : splitList(line)
    if (values.some((one) => compares(value, valueMatch, one))) return true
  }
  return false
}

function compares(wanted: string | RegExp, match: CheckMatch | undefined, text: string): boolean {
  if (typeof wanted !== 'string') return wanted.test(text)
  if (match === 'beg') return text.startsWith(wanted)
  if (match === 'end') return text.endsWith(wanted)
  return match === 'sub' ? text.includes(wanted) : text === wanted
}
