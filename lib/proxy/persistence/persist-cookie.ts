/** `cookie`: a cookie says which server a client belongs to. What requests say is read here; what responses tell clients is in `cookie-response`. */
import { OptionError } from '../../base/errors.js'
import type { Context } from '../../match/context.js'
import { readCookieDate } from '../../message/cookie-date.js'
import { type CookieFate, editCookies } from '../../message/cookie-field.js'
import { type Headers, sameName } from '../../message/headers.js'
import type { TransactionRecord } from '../../observe/record.js'
import type { Server } from '../server.js'
import { type DecidedCookie, decideCookie, type PersistCookieOptions } from './cookie-options.js'
import { answerCookie } from './cookie-response.js'
import { CookieSignature } from './cookie-signature.js'
import { CookieState, type CookieTold, secondsNow } from './cookie-state.js'
import { CookieValues } from './cookie-values.js'
import type { Keeper, PersistenceMethod, PersistentPool } from './method.js'
import type { Persisted } from './persisted.js'

/**
 * Sends clients to the server that a cookie of theirs says, as long as that one is up; see {@link PersistCookieOptions} for who gives it to them. Servers say their
 * value with `cookie`. Where several proxies have the same servers and values, each takes the other's cookies, HAProxy's included. Manual, `cookie`.
 *
 * ```ts
 * new Backend('app', {
 *   persistence: persistCookie('SRV', { indirect: true, nocache: true, httpOnly: true }),
 *   servers: [new Server('a', '10.0.0.1:80', { cookie: 'a' }), new Server('b', '10.0.0.2:80', { cookie: 'b' })],
 * })
 * ```
 *
 * Clients can write cookies themselves: without a `secret`, each can choose its server. Throws {@link OptionError} on what cannot be.
 */
export function persistCookie(name: string, options: PersistCookieOptions = {}): PersistenceMethod {
  const decided = decideCookie(`persistCookie '${name}'`, name, options)
  return { by: 'cookie', name: `cookie ${name}`, join: (pool) => new CookieKeeper(decided, pool) }
}

/** Further into the future than this, a date is wrong. Less may be a clock that is not set right. Seconds. */
const FUTURE = 86_400

/** Why what a client's cookie says does not count. */
const remarks: Readonly<Partial<Record<CookieTold, string>>> = {
  I: 'is of no server',
  D: 'is of a server that is down',
  E: 'was not used for too long',
  O: 'is too old',
  U: 'is not asked',
}

/** A persistence cookie at work in one backend. */
export class CookieKeeper implements Keeper {
  readonly by = 'cookie'
  readonly name: string
  readonly options: DecidedCookie
  readonly values: CookieValues
  readonly signature: CookieSignature | undefined

  constructor(options: DecidedCookie, pool: PersistentPool) {
    if (pool.mode !== 'http')
      throw new OptionError(`Backend '${pool.name}'`, 'persistence', "cookies are for mode 'http' only")
    this.name = `cookie ${options.name}`
    this.options = options
    this.values = new CookieValues(pool, options.dynamic, options.dynamicKey)
    this.signature = options.secrets.length === 0 ? undefined : new CookieSignature(options.name, options.secrets)
  }

  serversChanged(): void {
    this.values.forget()
  }

  enter(context: Context, persisted: Persisted): void {
    persisted.cookie = new CookieState()
    this.note(context, persisted.cookie)
  }

  choose(context: Context, persisted: Persisted): Server | undefined {
    const state = (persisted.cookie ??= new CookieState())
    const reading = new Reading(this, state, persisted, secondsNow(context))
    editRequest(context.request.headers, this.options.name, reading.judge)
    this.note(context, state)
    return reading.server
  }

  remark({ cookie }: Persisted): string | undefined {
    const why = cookie === undefined ? undefined : remarks[cookie.told]
    return why === undefined ? undefined : `${this.name} ${why}`
  }

  moved(context: Context, { cookie }: Persisted): void {
    if (cookie?.told !== 'V') return
    cookie.told = 'D'
    this.note(context, cookie)
  }

  answer(context: Context, server: Server, persisted: Persisted): void {
    const state = (persisted.cookie ??= new CookieState())
    answerCookie(this, context, server, persisted, state)
    this.note(context, state)
  }

  /** Tells the log, unless this cookie is only looked at. */
  note({ record }: Context, { told, done }: CookieState): void {
    const { mode, indirect } = this.options
    if (record === undefined || (mode === 'passive' && !indirect)) return
    const noted = record as TransactionRecord
    noted.cookieFlags = `${told}${done}`
  }
}

/** Shows all cookies of a name to `judge`, and does what that says. */
function editRequest({ raw }: Headers, name: string, judge: (value: string) => CookieFate): void {
  let to = 0
  for (let from = 0; from < raw.length; from += 2) {
    const field = raw[from]!
    let value: string | null = raw[from + 1]!
    if (sameName(field, 'cookie')) value = editCookies(value, name, judge)
    if (value === null) continue
    raw[to] = field
    raw[to + 1] = value
    to += 2
  }
  if (to < raw.length) raw.length = to
}

/** One request's cookies, looked at one after the other. */
class Reading {
  /** Whose the request is. */
  server: Server | undefined = undefined
  readonly #keeper: CookieKeeper
  readonly #state: CookieState
  readonly #persisted: Persisted
  readonly #now: number

  constructor(keeper: CookieKeeper, state: CookieState, persisted: Persisted, now: number) {
    this.#keeper = keeper
    this.#state = state
    this.#persisted = persisted
    this.#now = now
  }

  readonly judge = (text: string): CookieFate => {
    const { mode, indirect } = this.#keeper.options
    if (mode !== 'prefix') {
      this.#read(text, true)
      return mode === 'insert' && indirect ? null : undefined
    }
    const tilde = text.indexOf('~')
    this.#read(tilde === -1 ? text : text.slice(0, tilde), false)
    return tilde === -1 ? undefined : text.slice(tilde + 1)
  }

  #read(text: string, dated: boolean): void {
    const { signature } = this.#keeper
    const value = signature === undefined ? text : signature.open(text)
    if (value === undefined) return
    const bar = dated ? value.indexOf('|') : -1
    if (bar === -1) this.#find(value)
    else if (!this.#isOver(value.slice(bar + 1))) this.#find(value.slice(0, bar))
  }

  /** Takes the dates in. @returns whether one of them is too old, or too far in the future */
  #isOver(dates: string): boolean {
    const state = this.#state
    const { maxIdle, maxLife } = this.#keeper.options
    state.lastSeen = readCookieDate(dates) ?? state.lastSeen
    const bar = dates.indexOf('|')
    if (bar !== -1) state.firstSeen = readCookieDate(dates.slice(bar + 1)) ?? state.firstSeen
    const idle = this.#isPast(state.lastSeen, maxIdle)
    const old = this.#isPast(state.firstSeen, maxLife)
    if (!idle && !old) return false
    state.told = old ? 'O' : 'E'
    state.lastSeen = 0
    state.firstSeen = 0
    return true
  }

  #isPast(date: number, most: number): boolean {
    return most > 0 && date > 0 && (this.#now - date > most || date - this.#now > FUTURE)
  }

  #find(value: string): void {
    const state = this.#state
    const persisted = this.#persisted
    const taken = this.server !== undefined || persisted.server !== undefined
    if (!taken && !persisted.ignored)
      for (const server of this.#keeper.values.serversOf(value)) {
        state.told = 'D'
        if (!persisted.takes(server)) continue
        if (server.reachable) state.told = 'V'
        this.server = server
        return
      }
    if (state.told === 'N' || state.told === 'I' || state.told === 'U')
      state.told = taken || persisted.ignored ? 'U' : 'I'
  }
}
