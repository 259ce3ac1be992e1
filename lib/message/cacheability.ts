/** Whether a cache between us and the client may keep a response, as far as HAProxy looks: what becomes of cookies in it hangs on that. */
import type { Headers } from './headers.js'

/** Statuses whose responses caches keep without being told to. */
const KEPT: ReadonlySet<number> = new Set([200, 203, 204, 206, 300, 301, 404, 405, 410, 414, 501])
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/** Caches may keep it: there is something to tell its age or to recognize it by, nothing forbids it, and method and status allow it or `public` does. */
export function isCacheable(method: string, status: number, headers: Headers): boolean {
  if (headers.values('pragma').some((word) => startsWith(word, 'no-cache'))) return false
  let allowed = SAFE.has(method) && KEPT.has(status)
  let dated = headers.has('expires') || headers.has('etag') || headers.has('last-modified')
  for (const word of headers.values('cache-control')) {
    if (forbids(word)) return false
    if (startsWith(word, 'max-age=') || startsWith(word, 's-maxage=')) dated = true
    else if (word.toLowerCase() === 'public') allowed = true
  }
  return allowed && dated
}

/** Sets a cookie. */
export const setsCookies = (headers: Headers): boolean => headers.has('set-cookie') || headers.has('set-cookie2')

/** Caches may keep its cookies with it, and give them to others: nothing says `no-cache="set-cookie"`, or `public` behind that takes it back. */
export function exposesCookies(method: string, status: number, headers: Headers): boolean {
  let kept = true
  for (const word of headers.values('cache-control')) {
    if (startsWith(word, 'no-cache="set-cookie')) kept = false
    else if (word.toLowerCase() === 'public') kept = true
  }
  return kept && isCacheable(method, status, headers)
}

const startsWith = (word: string, begin: string): boolean => word.slice(0, begin.length).toLowerCase() === begin

/** Not when it names fields, as in `no-cache="set-cookie"`: the rest may be kept. */
function forbids(word: string): boolean {
  switch (word.toLowerCase()) {
    case 'private':
    case 'no-cache':
    case 'no-store':
    case 'max-age=0':
    case 's-maxage=0':
      return true
    default:
      return false
  }
}
