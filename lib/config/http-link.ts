/** Drafts of what proxies do to heads beside their rules → options of frontends and backends. */
import {
  type BackendOptions,
  type Condition,
  Format,
  type ForwardedOptions,
  type FrontendOptions,
  type Sample,
  type ServerRoute,
  useServer,
} from '../index.js'
import type { ConditionDraft } from './expression.js'
import type { ForwardedDraft } from './http-draft.js'
import type { Linker } from './linker.js'
import type { ProcessDraft } from './process-draft.js'
import type { ProxyDraft } from './proxy-draft.js'

/** Options of a frontend. */
export function frontendHttp(
  draft: ProxyDraft,
  linker: Linker,
  { headerCase }: ProcessDraft,
): Partial<FrontendOptions> {
  const { switches, monitorUri } = draft.settings.http
  return {
    ...shared(draft),
    bufferRequest: switches['http-buffer-request'] === true,
    ignoreProbes: switches['http-ignore-probes'] === true,
    useProxyHeader: switches['http-use-proxy-header'] === true,
    dropTrailers: switches['http-drop-response-trailers'] === true,
    idleCloseOnResponse: switches['idle-close-on-response'] === true,
    ...(switches['h1-case-adjust-bogus-client'] === true ? { headerCase } : {}),
    ...(monitorUri === undefined
      ? {}
      : {
          monitor: {
            uri: monitorUri,
            fail: conditions(draft.monitorFail, linker, 'monitor fail'),
          },
        }),
  }
}

/** Options of a backend. */
export function backendHttp(draft: ProxyDraft, linker: Linker, { headerCase }: ProcessDraft): Partial<BackendOptions> {
  const { switches, sendNameHeader, forwarded } = draft.settings.http
  return {
    ...(draft.kind === 'listen' ? {} : shared(draft)),
    ...(draft.kind === 'listen' ? {} : { bufferRequest: switches['http-buffer-request'] === true }),
    ...(switches['h1-case-adjust-bogus-server'] === true ? { headerCase } : {}),
    pretendKeepAlive: switches['http-pretend-keepalive'] ?? false,
    checkCache: switches.checkcache === true,
    dropTrailers: switches['http-drop-request-trailers'] === true,
    ...(sendNameHeader === undefined ? {} : { sendNameHeader }),
    ...(forwarded === undefined ? {} : { forwarded: forwardedOptions(forwarded, linker) }),
    useServers: useServers(draft, linker),
  }
}

function conditions(drafts: readonly ConditionDraft[], linker: Linker, name: string): readonly Condition<'request'>[] {
  const made = drafts.map((condition) => linker.condition(condition, { phases: ['request'], name }))
  return made.filter((condition) => condition !== undefined) as readonly Condition<'request'>[]
}

/** A listen's stand in its frontend, and hold there for both of its sides. */
function shared({ settings: { http } }: ProxyDraft): Pick<FrontendOptions, 'originalTo' | 'headerNames'> {
  return {
    ...(http.originalTo === undefined ? {} : { originalTo: http.originalTo }),
    ...(http.headerNames === undefined ? {} : { headerNames: http.headerNames }),
  }
}

const names = { host: 'host', by: 'by', by_port: 'byPort', for: 'for', for_port: 'forPort' } as const

function forwardedOptions(draft: ForwardedDraft, linker: Linker): ForwardedOptions {
  const checkpoint = { phases: ['request'], name: "'option forwarded'" } as const
  const asked = new Map<string, true | Sample<unknown, 'request'>>()
  for (const [word, name] of Object.entries(names)) {
    const what = draft.asked[word]
    const told = typeof what === 'string' ? linker.sample(what, draft, checkpoint) : what
    if (told !== undefined) asked.set(name, told)
  }
  return { proto: draft.proto, ...Object.fromEntries(asked) }
}

function useServers(draft: ProxyDraft, linker: Linker): readonly ServerRoute<'request'>[] {
  const checkpoint = { phases: ['request', 'content'], name: 'use-server rule' } as const
  return draft.useServers.flatMap(({ name, condition, ...place }) => {
    const made = linker.condition(condition, checkpoint)
    const text = name.includes('%[') ? linker.format(name, place, checkpoint) : name
    if (!(text instanceof Format) && !draft.servers.some((server) => server.name === name)) {
      linker.diagnostics.alert(place, `unable to find server '${name}' referenced in a 'use-server' rule.`)
      return []
    }
    return made === undefined || text === undefined ? [] : [useServer(text).if(made) as ServerRoute<'request'>]
  })
}
