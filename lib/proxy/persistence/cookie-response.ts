/** What a response tells its client of the persistence cookie: the server's own cookie passed on, rewritten or taken out, and ours inserted. */
import type { Context } from '../../match/context.js'
import { isCacheable } from '../../message/cacheability.js'
import { writeCookieDate } from '../../message/cookie-date.js'
import { mayHold, readSetCookie } from '../../message/cookie-field.js'
import { sameName } from '../../message/headers.js'
import type { Server } from '../server.js'
import type { DecidedCookie } from './cookie-options.js'
import { type CookieState, secondsNow } from './cookie-state.js'
import type { CookieKeeper } from './persist-cookie.js'
import type { Persisted } from './persisted.js'

/** A server without a value: whatever the client has is to be forgotten. */
const FORGET = '; Expires=Thu, 01-Jan-1970 00:00:01 GMT'

/** Changes the response of a server; writes down in `state` what was done. */
export function answerCookie(
  keeper: CookieKeeper,
  context: Context,
  server: Server,
  persisted: Persisted,
  state: CookieState,
): void {
  if (persisted.ignored) return
  const { options } = keeper
  const direct = server === persisted.server
  const value = keeper.values.valueOf(server)
  const cacheable =
    options.nocache && isCacheable(context.request.method, context.response.status, context.response.headers)
  const given = editResponse(keeper, context, value, direct, state)
  if (options.mode !== 'insert' || (given && options.preserve)) return
  if (options.postOnly && context.request.method !== 'POST') return
  const now = secondsNow(context)
  if (direct && !isDue(options, state, now)) return
  state.done = direct ? 'U' : 'I'
  const { headers } = context.response
  headers.raw.push('set-cookie', cookieText(keeper, value, state, now))
  if (cacheable) headers.append('cache-control', 'private')
}

/** The client has a cookie for this server, whose dates are not as they should be. */
function isDue({ maxIdle, maxLife }: DecidedCookie, { lastSeen, firstSeen }: CookieState, now: number): boolean {
  if ((maxIdle > 0 || lastSeen > 0) && lastSeen < now) return true
  return maxLife > 0 ? firstSeen === 0 : firstSeen > 0
}

function cookieText(
  { options, signature }: CookieKeeper,
  value: string | undefined,
  { firstSeen }: CookieState,
  now: number,
): string {
  const { name, maxIdle, maxLife, attributes } = options
  if (value === undefined) return `${name}=${FORGET}${attributes}`
  let text = value
  if (maxIdle > 0 || maxLife > 0) text += `|${writeCookieDate(now)}`
  if (maxLife > 0) text += `|${writeCookieDate(firstSeen === 0 ? now : firstSeen)}`
  return `${name}=${signature === undefined ? text : signature.sign(text)}${attributes}`
}

/** Looks at the cookies that the server sets. @returns whether ours is among them */
function editResponse(
  keeper: CookieKeeper,
  { response }: Context,
  value: string | undefined,
  direct: boolean,
  state: CookieState,
): boolean {
  const { raw } = response.headers
  let given = false
  let to = 0
  for (let from = 0; from < raw.length; from += 2) {
    const name = raw[from]!
    let text: string | undefined = raw[from + 1]!
    if ((sameName(name, 'set-cookie') || sameName(name, 'set-cookie2')) && mayHold(text, keeper.options.name)) {
      const set = readSetCookie(text)
      if (set !== undefined) {
        const ours = set.name === keeper.options.name
        given ||= ours
        const left = ours ? rewritten(keeper, set.value, value, direct, state) : set.value
        text = left === undefined ? undefined : `${set.name}=${left}${set.rest}`
      }
    }
    if (text === undefined) continue
    raw[to] = name
    raw[to + 1] = text
    to += 2
  }
  if (to < raw.length) raw.length = to
  return given
}

/** What becomes of the value that a server gives. @returns nothing, when it is taken out */
function rewritten(
  { options, signature }: CookieKeeper,
  given: string,
  value: string | undefined,
  direct: boolean,
  state: CookieState,
): string | undefined {
  const { mode, indirect, preserve } = options
  state.done = 'P'
  if (preserve) return given
  if (mode === 'insert' || (indirect && direct)) {
    state.done = 'D'
    return undefined
  }
  if (value === undefined || mode === 'passive') return given
  state.done = 'R'
  const own = signature === undefined ? value : signature.sign(value)
  return mode === 'rewrite' ? own : `${own}~${given}`
}
