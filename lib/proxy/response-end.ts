/** What a backend does with a response when its rules are through: the client is told which server it is to come back to, and cookies are kept from caches. */
import type { Context } from '../match/context.js'
import { exposesCookies, setsCookies } from '../message/cacheability.js'
import type { Backend } from './backend.js'
import type { Server } from './server.js'

/** @returns `false` for a response that must not go out: a cache might give its cookies to others. The one that persistence sets is not looked at. */
export function finishResponse({ checkCache, persistence }: Backend, context: Context, server: Server): boolean {
  const { request, response } = context
  const checked = checkCache && setsCookies(response.headers)
  persistence?.answer(context, server)
  return !checked || !exposesCookies(request.method, response.status, response.headers)
}
