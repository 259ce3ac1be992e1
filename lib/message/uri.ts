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
  if (first === 0x2a && target.length === 1) return parts('asterisk', 0, 0, 0, 1, 1)
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

function portColon(authority: string): number {
  const colon = authority.lastIndexOf(':')
  return colon !== -1 && authority.indexOf(']', colon) === -1 ? colon : -1
}
