/** Questions about who a request says that it comes from: the credentials of its `Authorization` or `Proxy-Authorization` field (RFC 7617, RFC 6750). */
import { callText } from '../call-text.js'
import type { Context } from '../context.js'
import { defineFetch, type FetchDefinition } from '../fetch.js'
import { FlagSample } from '../flag-sample.js'
import type { RequestPhase } from '../phase.js'
import { TextSample } from '../text-sample.js'
import type { UserList } from '../user-list.js'
import { requestOnly, requestPhases } from './phases.js'

/** What a request brings. */
type Credentials =
  | { readonly scheme: 'Basic'; readonly user: string; readonly password: string }
  | { readonly scheme: 'Bearer'; readonly token: string }

/** A token of the scheme Bearer in a field's value. */
const tokenOf = (value: string): string | undefined => /^bearer +(\S.*)$/is.exec(value)?.[1]

const field = ({ forProxy }: Context): string => (forProxy ? 'proxy-authorization' : 'authorization')

function credentials(context: Context): Credentials | undefined {
  const value = context.request.headers.first(field(context))
  if (value === undefined) return undefined
  const token = tokenOf(value)
  if (token !== undefined) return { scheme: 'Bearer', token }
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(value)?.[1]
  if (encoded === undefined) return undefined
  const pair = Buffer.from(encoded, 'base64').toString('latin1')
  const colon = pair.indexOf(':')
  if (colon === -1) return undefined
  return { scheme: 'Basic', user: pair.slice(0, colon), password: pair.slice(colon + 1) }
}

function basic(context: Context): { readonly user: string; readonly password: string } | undefined {
  const found = credentials(context)
  return found?.scheme === 'Basic' ? found : undefined
}

function text(name: string, read: (context: Context) => string | undefined): TextSample<RequestPhase> {
  return new TextSample<RequestPhase>({ name, type: 'str', phases: requestPhases, ask: read })
}

/** The name that the client gives; nobody has checked it. HAProxy: `http_auth_user`. */
export const authUser: TextSample<RequestPhase> = text('http_auth_user', (context) => basic(context)?.user)
/** The password that the client gives. HAProxy: `http_auth_pass`. */
export const authPassword: TextSample<RequestPhase> = text('http_auth_pass', (context) => basic(context)?.password)
/** `Basic` or `Bearer`; absent for all others. HAProxy: `http_auth_type`. */
export const authType: TextSample<RequestPhase> = text('http_auth_type', (context) => credentials(context)?.scheme)

/** The token of a field of the form `Bearer <token>`. Default: the field `Authorization`. HAProxy: `http_auth_bearer([header])`. */
export function authBearer(header?: string): TextSample<RequestPhase> {
  return text(callText('http_auth_bearer', header === undefined ? [] : [header]), (context) => {
    const value = context.request.headers.first(header ?? field(context))
    return value === undefined ? undefined : tokenOf(value)
  })
}

/** Whether the client's name and password are those of a user of the list; absent without any. HAProxy: `http_auth(userlist)`. */
export function authenticated(users: UserList): FlagSample<RequestPhase> {
  return new FlagSample<RequestPhase>({
    name: `http_auth(${users.name})`,
    type: 'bool',
    phases: requestPhases,
    ask: (context) => {
      const given = basic(context)
      return given === undefined ? undefined : users.check(given.user, given.password)
    },
  })
}

/**
 * The name of the user, when name and password are those of a user of the list; conditions look at the user's groups:
 * `authGroup(staff).is('admins')`. HAProxy: `http_auth_group(userlist)`.
 */
export function authGroup(users: UserList): TextSample<RequestPhase> {
  const user = (context: Context): string | undefined => {
    const given = basic(context)
    return given !== undefined && users.check(given.user, given.password) ? given.user : undefined
  }
  return new TextSample<RequestPhase>({
    name: `http_auth_group(${users.name})`,
    type: 'str',
    phases: requestPhases,
    ask: user,
    all: (context) => {
      const name = user(context)
      return name === undefined ? [] : [...users.groups(name)]
    },
  })
}

const ofRequest = { phases: requestPhases, strictPhases: requestOnly } as const
const list = [{ name: 'userlist', type: 'users' }] as const

/** The words of haproxy.cfg for these. */
export const authFetches: readonly FetchDefinition[] = [
  ...[authUser, authPassword, authType].map((sample) => defineFetch({ ...sample, ...ofRequest, make: () => sample })),
  defineFetch({
    ...ofRequest,
    name: 'http_auth_bearer',
    type: 'str',
    arguments: [{ name: 'header', type: 'string', optional: true }],
    make: ([header]) => authBearer((header as string | undefined) || undefined),
  }),
  defineFetch({
    ...ofRequest,
    name: 'http_auth',
    type: 'bool',
    arguments: list,
    make: ([users]) => authenticated(users as UserList),
  }),
  defineFetch({
    ...ofRequest,
    name: 'http_auth_group',
    type: 'str',
    match: 'str',
    arguments: list,
    make: ([users]) => authGroup(users as UserList),
  }),
]
