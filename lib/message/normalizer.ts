/** Normalizers of a request's target: each brings one kind of difference that means nothing into one form. Manual, `http-request normalize-uri`. */
import type { Request } from './request.js'

/** Changes a request's target. `false`: the target has what a strict normalizer does not take. */
export type Normalizer = (request: Request) => boolean

/** What a normalizer is asked to do besides. */
export type NormalizerOption = 'strict' | 'full'

/** The names, each with the options that it has. */
export const normalizers: ReadonlyMap<string, readonly NormalizerOption[]> = new Map<
  string,
  readonly NormalizerOption[]
>([
  ['fragment-encode', []],
  ['fragment-strip', []],
  ['path-merge-slashes', []],
  ['path-strip-dot', []],
  ['path-strip-dotdot', ['full']],
  ['percent-decode-unreserved', ['strict']],
  ['percent-to-uppercase', ['strict']],
  ['query-sort-by-name', []],
])

/** The normalizer of a name; `undefined` for one that is not known. */
export function normalizer(name: string, option?: NormalizerOption): Normalizer | undefined {
  switch (name) {
    case 'fragment-encode':
      return (request) => setTarget(request, request.target.replaceAll('#', '%23'))
    case 'fragment-strip':
      return (request) => setTarget(request, beforeFragment(request.target))
    case 'path-merge-slashes':
      return ofPath((path) => path.replace(/\/{2,}/g, '/'))
    case 'path-strip-dot':
      return ofPath(withoutDots)
    case 'path-strip-dotdot':
      return ofPath((path) => withoutParents(path, option === 'full'))
    case 'percent-decode-unreserved':
      return ofEscapes(decoded, option === 'strict')
    case 'percent-to-uppercase':
      return ofEscapes((triplet) => triplet.toUpperCase(), option === 'strict')
    case 'query-sort-by-name':
      return sortQuery
    default:
      return undefined
  }
}

function setTarget(request: Request, target: string): true {
  if (target !== request.target) request.target = target
  return true
}

function beforeFragment(target: string): string {
  const mark = target.indexOf('#')
  return mark === -1 ? target : target.slice(0, mark)
}

function ofPath(change: (path: string) => string): Normalizer {
  return (request) => {
    const { path } = request
    if (path?.startsWith('/') !== true) return true
    const changed = change(path)
    if (changed !== path) request.path = changed
    return true
  }
}

function withoutDots(path: string): string {
  const segments = path.slice(1).split('/')
  const kept = segments.filter((segment) => segment !== '.')
  if (segments.at(-1) === '.') kept.push('')
  return `/${kept.join('/')}`
}

/** @param full those that lead above the root are taken away as well */
function withoutParents(path: string, full: boolean): string {
  const segments = path.slice(1).split('/')
  const kept: string[] = []
  for (const segment of segments) {
    if (segment !== '..') kept.push(segment)
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop()
    else if (!full) kept.push('..')
  }
  if (segments.at(-1) === '..') kept.push('')
  return `/${kept.join('/')}`
}

const UNRESERVED = /[A-Za-z0-9._~-]/

function decoded(triplet: string): string {
  const char = String.fromCharCode(Number.parseInt(triplet.slice(1), 16))
  return UNRESERVED.test(char) ? char : triplet
}

/** Of path and query. A percent sign without two hexadecimal digits behind it stays, or is refused. */
function ofEscapes(change: (triplet: string) => string, strict: boolean): Normalizer {
  return (request) => {
    const { pathq } = request
    if (pathq?.includes('%') !== true) return true
    if (strict && /%(?![0-9A-Fa-f]{2})/.test(pathq)) return false
    const changed = pathq.replace(/%[0-9A-Fa-f]{2}/g, change)
    if (changed !== pathq) request.pathq = changed
    return true
  }
}

/** By the bytes of the names; those of one name keep their order. */
function sortQuery(request: Request): boolean {
  const { query } = request
  if (query?.includes('&') !== true) return true
  const named = query.split('&').map((parameter) => [nameOf(parameter), parameter] as const)
  named.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  const sorted = named.map(([, parameter]) => parameter).join('&')
  if (sorted !== query) request.query = sorted
  return true
}

const nameOf = (parameter: string): string => {
  const equals = parameter.indexOf('=')
  return equals === -1 ? parameter : parameter.slice(0, equals)
}
