/** Questions about the first bytes of a remote desktop connection (MS-RDPBCGR 2.2.1.1): the cookie of its connection request. */
import { callText } from '../call-text.js'
import type { Context } from '../context.js'
import { defineFetch, type FetchDefinition } from '../fetch.js'
import { NumberSample } from '../number-sample.js'
import type { Phase } from '../phase.js'
import { type NotYet, notYet } from '../sample.js'
import { TextSample } from '../text-sample.js'

/** TPKT header (4) and X.224 connection request (7). */
const HEADER_LENGTH = 11
const MOST = 512

/** In rules of HTTP there are no such bytes, and no value. */
const phases: readonly Phase[] = ['content', 'request']

/** The cookie, once its line has come: the only one, by its place. Without a name, of any. */
function find({ input }: Context, name: string | undefined): string | undefined | NotYet {
  if (input === undefined) return undefined
  const { bytes, complete } = input
  const more = complete ? undefined : notYet
  if (bytes.length > 0 && bytes[0] !== 3) return undefined
  if (bytes.length <= HEADER_LENGTH) return more
  if ((bytes[5]! & 0xf0) !== 0xe0) return undefined
  const text = Buffer.from(bytes.subarray(HEADER_LENGTH, HEADER_LENGTH + MOST)).toString('latin1')
  const end = text.indexOf('\r\n')
  if (end === -1) return text.length < MOST ? more : undefined
  const [, found, value] = /^cookie: *([^=;]+)=(.*)$/is.exec(text.slice(0, end)) ?? []
  if (found === undefined || (name !== undefined && found.toLowerCase() !== name.toLowerCase())) return undefined
  return value
}

/** The value of the cookie that a remote desktop client begins with; names have no case. HAProxy: `req.rdp_cookie([name])`. */
export function rdpCookieValue(name?: string): TextSample<'content'> {
  return new TextSample<'content'>({
    name: callText('req.rdp_cookie', name === undefined ? [] : [name]),
    type: 'str',
    phases,
    ask: (context) => find(context, name),
  })
}

/** 1 when there is such a cookie, else 0. HAProxy: `req.rdp_cookie_cnt([name])`. */
export function rdpCookieCount(name?: string): NumberSample<'content'> {
  return new NumberSample<'content'>({
    name: callText('req.rdp_cookie_cnt', name === undefined ? [] : [name]),
    type: 'int',
    phases,
    ask: (context) => {
      const found = find(context, name)
      if (found === notYet) return notYet
      return found === undefined ? 0 : 1
    },
  })
}

const words = [{ name: 'name', type: 'string', optional: true }] as const

/** The words of haproxy.cfg for these. */
export const rdpFetches: readonly FetchDefinition[] = [
  defineFetch({
    name: 'req.rdp_cookie',
    aliases: ['rdp_cookie'],
    type: 'str',
    phases,
    match: 'str',
    derivatives: new Map([['req_rdp_cookie', 'str']]),
    arguments: words,
    make: ([name]) => rdpCookieValue((name as string | undefined) || undefined),
  }),
  defineFetch({
    name: 'req.rdp_cookie_cnt',
    aliases: ['rdp_cookie_cnt', 'req_rdp_cookie_cnt'],
    type: 'int',
    phases,
    arguments: words,
    make: ([name]) => rdpCookieCount((name as string | undefined) || undefined),
  }),
]
