/** Drafts of frontends and of their routes → objects. */
import {
  type Backend,
  type BindOptions,
  type Condition,
  Format,
  Frontend,
  type Phase,
  type Route,
  reject,
  srcPort,
  useBackend,
} from '../index.js'
import { didYouMean } from './advice.js'
import { keptOptions } from './capture-link.js'
import type { Place } from './diagnostic.js'
import { frontendHttp } from './http-link.js'
import type { Linker } from './linker.js'
import type { Linking } from './linking.js'
import { errorPages } from './page-link.js'
import { type BindDraft, isBackend, isDynamic, type ProxyDraft, type Reference } from './proxy-draft.js'
import { idOption } from './proxy-ids.js'
import { ruleSets, rulesOf } from './rule-link.js'
import { clientTimeouts, keepAlive } from './timeout-link.js'

/** Makes the frontend of a section, whose backends are there. @throws {OptionError} what its constructor refuses */
export function makeFrontend(draft: ProxyDraft, linking: Linking): Frontend {
  const { drafts } = linking
  const { settings } = draft
  const linker = linking.linker(draft)
  const own = draft.kind === 'listen' ? linking.backends.get(draft.name) : undefined
  const fallback =
    settings.defaultBackend === undefined ? own : find(draft, settings.defaultBackend, 'default_backend', linking)
  const force = { phases: routePhases(draft), name: 'force-be-switch rule' }
  const forced = draft.forceSwitch.map((condition) => linker.condition(condition, force))
  return new Frontend(draft.name, {
    bind: draft.binds.map((bind) => bindOptions(bind, settings.backlog)),
    mode: settings.mode,
    ...idOption(linking.ids.get(draft)),
    tcpRequestConnection: [
      ...(drafts.process.settings.rejectPrivilegedPorts === true ? [reject().if(srcPort.between(1, 1023))] : []),
      ...rulesOf<'connection'>(draft, 'tcp-request connection', linker),
    ],
    tcpRequestSession: rulesOf<'session'>(draft, 'tcp-request session', linker),
    ...ruleSets(draft, linker),
    ...(draft.inspectDelay === undefined ? {} : { inspectDelay: draft.inspectDelay }),
    routes: routes(draft, linker, linking),
    ...(fallback === undefined ? {} : { defaultBackend: fallback }),
    ...(own === undefined ? {} : { ownBackend: own }),
    forceBackendSwitch: forced.filter((condition) => condition !== undefined) as readonly Condition<'request'>[],
    timeouts: clientTimeouts(settings.timeouts),
    ...(settings.maxSessionRate === undefined ? {} : { maxSessionRate: settings.maxSessionRate }),
    ...(settings.maxOwnConnections === undefined ? {} : { maxOwnConnections: settings.maxOwnConnections }),
    tcpKeepAlive: keepAlive(settings.clientKeepAlive),
    noLinger: settings.switches.nolinger ?? false,
    independentStreams: settings.switches['independent-streams'] ?? false,
    connectionMode: settings.connectionMode ?? 'keepAlive',
    forwardFor: settings.forwardFor ?? false,
    ...errorPages(draft, linker),
    ...frontendHttp(draft, linker, drafts.process),
    ignoreEmptyConnections: settings.switches.dontlognull ?? false,
    ...(settings.switches['socket-stats'] === true ? { socketStats: true } : {}),
    ...(settings.switches.contstats === true ? { continuousStats: true } : {}),
    ...(settings.maxConnections === undefined || settings.maxConnections === 0
      ? {}
      : { maxConnections: settings.maxConnections }),
    ...keptOptions(draft, linker, drafts.process.settings),
    loggers: linking.loggers.of(draft, linker),
  })
}

function routes(draft: ProxyDraft, linker: Linker, linking: Linking): readonly Route<'request'>[] {
  const found: Route<'request'>[] = []
  for (const { condition, ...reference } of draft.routes) {
    const unconditional = routeOf(draft, reference, linker, linking)
    const made = condition && linker.condition(condition, { phases: routePhases(draft), name: 'use_backend rule' })
    if (unconditional === undefined || (condition !== undefined && made === undefined)) continue
    const route = unconditional.at(`${reference.file}:${reference.line}`)
    found.push(made === undefined ? route : route.if(made as Condition<'request'>))
  }
  return found
}

function routeOf(
  draft: ProxyDraft,
  reference: Reference,
  linker: Linker,
  linking: Linking,
): Route<'request'> | undefined {
  if (!isDynamic(reference)) {
    const backend = find(draft, reference, 'use_backend', linking)
    return backend && useBackend(backend)
  }
  const name = linker.format(reference.name, reference, { phases: routePhases(draft), name: 'use_backend rule' })
  if (!(name instanceof Format)) return undefined
  const among = [...linking.backends.values()].filter(({ mode }) => draft.settings.mode === 'tcp' || mode === 'http')
  return useBackend(name as Format<'request'>, among)
}

/** The backend that a section refers to, if it is there and fits. */
function find(from: ProxyDraft, reference: Reference, word: string, linking: Linking): Backend | undefined {
  const { proxies } = linking.drafts
  const target = proxies.find((draft) => draft.name === reference.name && isBackend(draft))
  if (target === undefined) {
    const names = proxies.filter(isBackend).map((draft) => draft.name)
    linking.diagnostics.alert(
      reference,
      `Proxy '${from.name}': unable to find required ${word}: '${reference.name}'.`,
      didYouMean(reference.name, names),
    )
    return undefined
  }
  if (from.settings.mode === 'http' && target.settings.mode === 'tcp') {
    const message = `${word} '${target.name}' is in TCP mode, and ${from.kind} '${from.name}' in HTTP mode, so they cannot work together.`
    linking.diagnostics.alert(
      reference,
      message,
      `write 'mode http' at ${target.file}:${target.line}, or 'mode tcp' at ${from.file}:${from.line}`,
    )
    return undefined
  }
  return linking.backends.get(reference.name)
}

/** In TCP mode there are only the first bytes to ask. */
const routePhases = ({ settings }: ProxyDraft): readonly Phase[] =>
  settings.mode === 'tcp' ? ['content', 'request'] : ['request', 'content']

function bindOptions(
  { file: _file, line: _line, ...bind }: BindDraft & Place,
  backlog: number | undefined,
): BindOptions {
  // 0 is HAProxy's word for "no limit of its own".
  const limits = { maxConnections: bind.maxConnections || undefined, backlog: (bind.backlog ?? backlog) || undefined }
  const given = Object.entries({ ...bind, ...limits }).filter(([, value]) => value !== undefined)
  return { address: bind.address, ...Object.fromEntries(given) }
}
