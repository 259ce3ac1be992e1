/** `redirect`: sends the client elsewhere. */
import { OptionError } from '../../base/errors.js'
import { checkKnown } from '../../base/options.js'
import type { Context } from '../../match/context.js'
import { asFormat, type Text } from '../../match/format.js'
import type { Phase } from '../../match/phase.js'
import { Headers } from '../../message/headers.js'
import { Response } from '../../message/response.js'
import { rewriting } from '../rewrite.js'
import { Rule } from '../rule.js'
import { answered } from './answer.js'

/** The statuses that a redirect can have. */
export type RedirectCode = 301 | 302 | 303 | 307 | 308

/** The reasons that HAProxy writes in a redirect; its usual one for 302 is another. */
const REASONS: Readonly<Record<RedirectCode, string>> = {
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
}

/** Where to, and how. Exactly one of `location`, `prefix` and `scheme` says where. */
export interface RedirectOptions<in P extends Phase> {
  /** The whole `Location`. */
  readonly location?: Text<P> | undefined
  /** Put before the request's path and query. `/` means nothing is put before it. */
  readonly prefix?: Text<P> | undefined
  /** Another scheme for the same host, path and query, as `https`. */
  readonly scheme?: Text<P> | undefined
  /** Default 302. */
  readonly code?: RedirectCode | undefined
  /** With `prefix` and `scheme`: leaves the query away. Default false. */
  readonly dropQuery?: boolean | undefined
  /** With `prefix` and `scheme`: appends a slash to what does not end with one; give it together with `dropQuery`. Default false. */
  readonly appendSlash?: boolean | undefined
  /** With `location`: does nothing when it comes out empty. Default false. */
  readonly ignoreEmpty?: boolean | undefined
  /** With `location`: appends the request's query to it, behind `?`, or `&` where it has a query already. Default false. HAProxy 3.5: `keep-query`. */
  readonly keepQuery?: boolean | undefined
  /** Adds `Set-Cookie: <value>; path=/;`. HAProxy: `set-cookie`, and with samples in it (3.5) `set-cookie-fmt`. */
  readonly setCookie?: Text<P> | undefined
  /** Adds a `Set-Cookie` that removes this cookie; the name, with `=` if the cookie has a value. */
  readonly clearCookie?: string | undefined
}

/**
 * Redirects the client. HAProxy: `http-request redirect`, `http-response redirect`, `redirect`. The answer's bytes are HAProxy's; 301 and
 * 308 may be cached, the others say `cache-control: no-cache`. Throws {@link OptionError} when it is not clear where to.
 */
export function redirect<P extends Phase = Phase>(
  options: RedirectOptions<P> | string,
): Rule<P & ('request' | 'response')> {
  const given: RedirectOptions<P> = typeof options === 'string' ? { location: options } : options
  checkRedirect(given)
  const [kind, text] =
    given.location !== undefined
      ? (['location', given.location] as const)
      : given.prefix !== undefined
        ? (['prefix', given.prefix] as const)
        : (['scheme', given.scheme as Text<P>] as const)
  const format = asFormat(text)
  const cookie = given.setCookie === undefined ? undefined : asFormat(given.setCookie)
  const code = given.code ?? 302
  const ignoreEmpty = kind === 'location' && given.ignoreEmpty === true
  const act = rewriting((context) => {
    const base = format.render(context)
    if (ignoreEmpty && base === '') return undefined
    const fields = new Headers(['content-length', '0'])
    fields.append('location', locate(context, kind, base, given))
    if (code !== 301 && code !== 308) fields.append('cache-control', 'no-cache')
    if (cookie !== undefined) fields.append('set-cookie', `${cookie.render(context)}; path=/;`)
    if (given.clearCookie !== undefined) fields.append('set-cookie', `${given.clearCookie}; path=/; Max-Age=0;`)
    const response = new Response(code, REASONS[code], '1.1', fields)
    return { kind: 'respond', response, body: '', outcome: answered(context), close: hasBody(context), silent: false }
  })
  const phases = (['request', 'response'] as const).filter((phase) =>
    [format, cookie].every((each) => each === undefined || each.phases.includes(phase)),
  )
  return new Rule(`redirect ${kind} ${format.text}${given.code === undefined ? '' : ` code ${code}`}`, phases, act)
}

type Kind = 'location' | 'prefix' | 'scheme'

function locate(context: Context, kind: Kind, base: string, options: RedirectOptions<never>): string {
  if (kind === 'prefix') return prefixed(context, base, options)
  if (kind === 'scheme') return schemed(context, base, options)
  const { query = '' } = context.request
  if (options.keepQuery !== true || query === '') return base
  return `${base}${base.includes('?') ? '&' : '?'}${query}`
}

const known = 'location prefix scheme code dropQuery appendSlash ignoreEmpty keepQuery setCookie clearCookie'.split(' ')

function checkRedirect(options: RedirectOptions<never>): void {
  checkKnown('redirect', options, known)
  const kinds = (['location', 'prefix', 'scheme'] as const).filter((kind) => options[kind] !== undefined)
  if (kinds.length !== 1) throw new OptionError('redirect', '', "give exactly one of 'location', 'prefix' and 'scheme'")
  const code = options.code ?? 302
  if (![301, 302, 303, 307, 308].includes(code)) {
    throw new OptionError('redirect', 'code', `must be 301, 302, 303, 307 or 308, but is ${code}`)
  }
  const [kind] = kinds
  if (kind === 'location' && (options.dropQuery === true || options.appendSlash === true)) {
    throw new OptionError(
      'redirect',
      options.dropQuery === true ? 'dropQuery' : 'appendSlash',
      "needs 'prefix' or 'scheme'",
    )
  }
  for (const option of ['ignoreEmpty', 'keepQuery'] as const) {
    if (kind !== 'location' && options[option] === true) throw new OptionError('redirect', option, "needs 'location'")
  }
}

/** A redirected client is not asked for the rest of its request: HAProxy closes after a redirect of one that has a body. */
function hasBody({ request }: Context): boolean {
  const length = request.headers.first('content-length')
  return (length !== undefined && length !== '0') || request.headers.has('transfer-encoding')
}

function prefixed(context: Context, prefix: string, options: RedirectOptions<never>): string {
  return (prefix === '/' ? '' : prefix) + target(context, options)
}

function schemed(context: Context, scheme: string, options: RedirectOptions<never>): string {
  return `${scheme}://${context.request.headers.first('host') ?? ''}${target(context, options)}`
}

function target({ request }: Context, options: RedirectOptions<never>): string {
  if (request.form === 'asterisk') return '/'
  const kept = (options.dropQuery === true ? request.path : request.pathq) ?? '/'
  return options.appendSlash === true && !kept.endsWith('/') ? `${kept}/` : kept
}
