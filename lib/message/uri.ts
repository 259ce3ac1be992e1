/** The forms of a request target (RFC 9112 §3.2) and its parts, cut without decoding; hosts are compared here, never resolved. */

/** `origin` is `/path?query`, `absolute` is `scheme://authority/path?query`, `authority` is CONNECT's `host:port`, `asterisk` is `*`. */
export type TargetForm = 'origin' | 'absolute' | 'authority' | 'asterisk'

/** Where the parts of a target begin and end. `pathEnd` is also where `?query` begins, if there is one. */
export interface TargetParts {
  readonly form: TargetForm
  /** Length of the scheme, 0 without one. */
  readonly schemeEnd: number
  readonly authorityStart: number
  readonly authorityEnd: number
  readonly pathStart: number
  readonly pathEnd: number
}

/** Cuts a target. Says nothing about validity: the codec has refused what is malformed. */
export function splitTarget(target: string, method = ''): TargetParts {
  const first = target.charCodeAt(0)
  if (method === 'CONNECT') return parts('authority', 0, 0, target.length, target.length, target.length)
  if (first === 0x2f) return parts('origin', 0, 0, 0, 0, queryStart(target, 0))
  if (first === 0x2a && (target.length === 1 || target.charCodeAt(1) === 0x3f)) return parts('asterisk', 0, 0, 0, 1, 1)
  const scheme = target.indexOf('://')
  if (scheme <= 0) return parts('authority', 0, 0, target.length, target.length, target.length)
  const authority = scheme + 3
  let path = authority
  while (path < target.length) {
    const code = target.charCodeAt(path)
    if (code === 0x2f || code === 0x3f) break
    path++
  }
  return parts('absolute', scheme, authority, path, path, queryStart(target, path))
}

function parts(
  form: TargetForm,
  schemeEnd: number,
  authorityStart: number,
  authorityEnd: number,
  pathStart: number,
  pathEnd: number,
): TargetParts {
  return { form, schemeEnd, authorityStart, authorityEnd, pathStart, pathEnd }
}

function queryStart(target: string, from: number): number {
  const mark = target.indexOf('?', from)
  return mark === -1 ? target.length : mark
}

/** An authority or `Host` value as it is compared: lower case, without the port. An IPv6 address keeps its brackets. */
export function hostName(authority: string): string {
  const end = portColon(authority)
  return (end === -1 ? authority : authority.slice(0, end)).toLowerCase()
}

/** The port of an authority, as written; undefined when there is none or it is empty. */
export function hostPort(authority: string): string | undefined {
  const colon = portColon(authority)
  return colon === -1 || colon === authority.length - 1 ? undefined : authority.slice(colon + 1)
}

/** Whether two authorities name the same host; ports are not looked at. */
export function sameHost(a: string, b: string): boolean {
  return hostName(a) === hostName(b)
}

/**
 * Whether `text` is a host with or without a port, and nothing that somebody could take for another one: a name of
 * letters, digits, `-`, `.`, `_` and `~`, or an address in brackets; a port from 1 to 65535. No user, no commas, no
 * percent-encoding, not empty: stricter than RFC 3986 §3.2, because hosts are what requests are routed by.
 */
export function isAuthority(text: string): boolean {
  const length = text.length
  let i = 0
  if (text.charCodeAt(0) === BRACKET) {
    i = text.indexOf(']') + 1
    if (i < 4) return false
    for (let at = 1; at < i - 1; at++) if (!isAddressCode(text.charCodeAt(at))) return false
  } else {
    while (i < length && isHostCode(text.charCodeAt(i))) i++
    if (i === 0) return false
  }
  if (i === length) return true
  return text.charCodeAt(i) === COLON && isPort(text, i + 1)
}

/** An authority without the port that its scheme has anyway: 80 for http, 443 for https. */
export function withoutDefaultPort(authority: string, scheme: string): string {
  const port = scheme === 'http' ? ':80' : scheme === 'https' ? ':443' : ''
  return port !== '' && authority.endsWith(port) ? authority.slice(0, -port.length) : authority
}

const BRACKET = 0x5b
const COLON = 0x3a

function isHostCode(code: number): boolean {
  if (code >= 0x61) return code <= 0x7a || code === 0x7e
  if (code >= 0x41) return code <= 0x5a || code === 0x5f
  return code >= 0x30 ? code <= 0x39 : code === 0x2d || code === 0x2e
}

function isAddressCode(code: number): boolean {
  const lower = code | 0x20
  return (code >= 0x30 && code <= COLON) || code === 0x2e || (lower >= 0x61 && lower <= 0x66)
}

function isPort(text: string, from: number): boolean {
  const length = text.length
  let port = 0
  for (let i = from; i < length; i++) {
    const digit = text.charCodeAt(i) - 0x30
    if (digit < 0 || digit > 9) return false
    port = port * 10 + digit
  }
  return length > from && length - from <= 5 && port > 0 && port < 65536
}

function portColon(authority: string): number {
  const colon = authority.lastIndexOf(':')
  return colon !== -1 && authority.indexOf(']', colon) === -1 ? colon : -1
}
