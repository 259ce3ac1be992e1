/** Which request targets and hosts a request may name (RFC 9112 §3.2), and how the two are brought in line. */
import { isAuthority, splitTarget, withoutDefaultPort } from '../message/uri.js'
import { CodecError } from './step.js'

/** A target and the `Host` that belongs to it. */
export interface Destination {
  target: string
  host: string | undefined
}

/**
 * Checks a target that is not in origin-form against its method and `Host`. A default port is taken out of an absolute
 * target and its `Host`, and out of the `Host` of CONNECT, as HAProxy does. Throws {@link CodecError} when they disagree.
 * @param hostAt where the value of `Host` stands in the head
 */
export function checkDestination(method: string, target: string, host: string | undefined, hostAt = -1): Destination {
  const refuse = (message: string, at = method.length + 1): CodecError =>
    new CodecError('ERR_HTTP1_TARGET', 400, message, at)
  const { form, schemeEnd, authorityStart, authorityEnd } = splitTarget(target, method)
  if (form === 'asterisk') {
    if (method !== 'OPTIONS') throw refuse('the target * is for OPTIONS only')
    return { target, host }
  }
  const authority = target.slice(authorityStart, authorityEnd)
  if (form === 'authority') {
    if (method !== 'CONNECT') throw refuse('the target is neither a path nor an absolute URI')
    const colon = authority.lastIndexOf(':')
    if (!isAuthority(authority) || colon === -1 || authority.endsWith(']')) throw refuse('CONNECT needs host:port')
    const scheme = authority.endsWith(':443') ? 'https' : 'http'
    if (host !== undefined && !sameAuthority(authority, host, scheme))
      throw refuse('Host is not the host of the target', hostAt)
    return { target, host: host === undefined ? undefined : withoutDefaultPort(host, scheme) }
  }
  const scheme = target.slice(0, schemeEnd).toLowerCase()
  if (!isScheme(scheme)) throw refuse('the scheme of the target is malformed')
  if (!isAuthority(authority)) throw refuse('the authority of the target is malformed')
  if (authorityEnd < target.length && target.charCodeAt(authorityEnd) !== 0x2f)
    throw refuse('the target has a query but no path')
  if (host !== undefined && !sameAuthority(authority, host, scheme))
    throw refuse('Host is not the host of the target', hostAt)
  const short = withoutDefaultPort(authority, scheme)
  if (short === authority) return { target, host }
  return {
    target: target.slice(0, authorityStart) + short + target.slice(authorityEnd),
    host: host === undefined ? undefined : withoutDefaultPort(host, scheme),
  }
}

function sameAuthority(a: string, b: string, scheme: string): boolean {
  return withoutDefaultPort(a, scheme).toLowerCase() === withoutDefaultPort(b, scheme).toLowerCase()
}

/** RFC 3986 §3.1, given in lower case. */
function isScheme(scheme: string): boolean {
  for (let i = 0; i < scheme.length; i++) {
    const code = scheme.charCodeAt(i)
    if (code >= 0x61 && code <= 0x7a) continue
    if (i === 0 || !((code >= 0x30 && code <= 0x39) || code === 0x2b || code === 0x2d || code === 0x2e)) return false
  }
  return scheme.length > 0
}
