/** Drafts of persistence → options of backends. */
import {
  all,
  any,
  type Backend,
  type BackendOptions,
  type Condition,
  not,
  type PersistCookieOptions,
  type PersistenceMethod,
  type Phase,
  persistCookie,
  persistRdpCookie,
  type Stick,
  stickMatch,
  stickOn,
  stickStoreRequest,
  stickStoreResponse,
} from '../index.js'
import { canBeKey } from '../table/key.js'
import type { Diagnostics } from './diagnostic.js'
import type { ConditionDraft } from './expression.js'
import type { Linker } from './linker.js'
import type { CookieDraft } from './persistence-draft.js'
import type { ProxyDraft } from './proxy-draft.js'

/** What a backend is told. */
export function backendPersistence(
  draft: ProxyDraft,
  linker: Linker,
  diagnostics: Diagnostics,
): Partial<BackendOptions> {
  const { persist = false } = draft.settings.persistence
  const persistence = [...methods(draft, diagnostics), ...sticks(draft, linker)]
  return {
    ...(persistence.length === 0 ? {} : { persistence }),
    persist,
    ...forcedOrIgnored(draft, linker),
  }
}

/** Of the lines that force persistence and those that have it ignored, the first that holds counts. */
function forcedOrIgnored(
  { forcePersist, ignorePersist }: ProxyDraft,
  linker: Linker,
): Pick<BackendOptions, 'forcePersist' | 'ignorePersist'> {
  const forced = conditions(forcePersist, linker, 'force-persist rule')
  const ignored = conditions(ignorePersist, linker, 'ignore-persist rule')
  return { forcePersist: unlessBefore(forced, ignored), ignorePersist: unlessBefore(ignored, forced) }
}

/** Each of the conditions, where none of the others that are written above it holds. */
function unlessBefore(own: readonly PlacedCondition[], others: readonly PlacedCondition[]): Condition<'request'>[] {
  return own.map(({ condition, line }) => {
    const above = others.filter((other) => other.line < line)
    return above.length === 0 ? condition : all(condition, not(any(...above.map((other) => other.condition))))
  })
}

/** In the order in which they are asked. */
function methods(draft: ProxyDraft, diagnostics: Diagnostics): readonly PersistenceMethod[] {
  const { name, settings, servers } = draft
  const { cookie, dynamicKey, rdpCookie } = settings.persistence
  const all: PersistenceMethod[] = []
  if (settings.mode === 'tcp') {
    if (cookie !== undefined)
      diagnostics.warning(cookie, `cookie will be ignored for backend '${name}' (needs 'mode http').`, 'remove it')
    for (const server of servers)
      if (server.settings.cookie !== undefined)
        diagnostics.warning(
          server,
          `backend '${name}' : ignoring cookie for server '${server.name}' as HTTP mode is disabled.`,
          "write 'mode http', or remove it",
        )
  } else if (cookie !== undefined) all.push(persistCookie(cookie.name, cookieOptions(cookie, dynamicKey)))
  if (rdpCookie === undefined) return all
  if (settings.mode === 'tcp') all.push(persistRdpCookie(rdpCookie))
  else
    diagnostics.warning(
      draft,
      `'persist rdp-cookie' has no effect in backend '${name}': there is no such cookie in HTTP.`,
      "write 'mode tcp', or remove it",
    )
  return all
}

/** Values that are made of servers' places may be the same for two of them, or none at all. */
export function checkDynamicCookies(draft: ProxyDraft, backend: Backend, diagnostics: Diagnostics): void {
  const { cookie } = draft.settings.persistence
  const values = backend.persistence?.cookie?.values
  if (cookie === undefined || values?.dynamic !== true) return
  if (values.key === undefined)
    diagnostics.warning(
      cookie,
      `backend '${draft.name}' : 'dynamic' makes no cookies without a key.`,
      "add 'dynamic-cookie-key'",
    )
  for (const server of draft.servers) {
    const made = backend.server(server.name)
    const value = made === undefined || made.cookie !== undefined ? undefined : values.valueOf(made)
    if (value !== undefined && values.serversOf(value)[0] !== made)
      diagnostics.warning(
        server,
        `'server ${draft.name}/${server.name}' : We generated two equal cookies for two different servers.`,
        `change the secret key for '${draft.name}', unless they are the same place`,
      )
  }
}

function cookieOptions({ name, maxIdle, maxLife, mode, ...rest }: CookieDraft, key?: string): PersistCookieOptions {
  const { file, line, ...options } = rest
  return {
    ...options,
    mode: mode ?? 'passive',
    ...(maxIdle ? { maxIdle } : {}),
    ...(maxLife ? { maxLife } : {}),
    ...(key === undefined ? {} : { dynamicKey: key }),
  }
}

const makers = {
  on: stickOn,
  match: stickMatch,
  'store-request': stickStoreRequest,
  'store-response': stickStoreResponse,
} as const

/** In the order of their lines, behind cookies. */
function sticks({ sticks: drafts, settings }: ProxyDraft, linker: Linker): readonly PersistenceMethod[] {
  return drafts.flatMap(({ kind, key, table: name, condition, ...place }): PersistenceMethod[] => {
    const sides = kind === 'store-response' ? RESPONSE_SIDES : REQUEST_SIDES
    const checkpoint = {
      phases: settings.mode === 'tcp' ? [...sides].reverse() : sides,
      name: kind === 'store-response' ? 'stick store-response rule' : 'stick rule',
    }
    const sample = linker.sample(key, place, checkpoint)
    const table = linker.table(name, place, `'stick ${kind}'`)
    const when = condition === undefined ? undefined : linker.condition(condition, checkpoint)
    if (sample === undefined || table === undefined || (condition !== undefined && when === undefined)) return []
    if (!canBeKey(sample.type, table.key)) {
      const message = `type of fetch '${key}' not usable with type of stick-table '${table.name}'.`
      linker.diagnostics.alert(place, message, `its keys are of type ${table.key}`)
      return []
    }
    const rule = makers[kind](table, sample) as Stick
    return [when === undefined ? rule : rule.if(when as Condition<'request' | 'content'>)]
  })
}

const REQUEST_SIDES: readonly Phase[] = ['request', 'content']
const RESPONSE_SIDES: readonly Phase[] = ['response', 'responseContent']

interface PlacedCondition {
  readonly condition: Condition<'request'>
  readonly line: number
}

function conditions(drafts: readonly ConditionDraft[], linker: Linker, name: string): readonly PlacedCondition[] {
  return drafts.flatMap((draft) => {
    const condition = linker.condition(draft, { phases: ['request', 'content'], name })
    return condition === undefined ? [] : [{ condition: condition as Condition<'request'>, line: draft.place.line }]
  })
}
