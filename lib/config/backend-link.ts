/** Drafts of backends and of their servers → objects. */
import { type Algorithm, Backend, type BackendOptions, type HealthCheck, Server } from '../index.js'
import { CheckSequence } from '../proxy/checks/sequence.js'
import { makeAlgorithm } from './balance-link.js'
import { makeCheck } from './check-link.js'
import type { Diagnostics } from './diagnostic.js'
import { backendHttp } from './http-link.js'
import type { Linker } from './linker.js'
import type { Linking } from './linking.js'
import { namingOptions } from './naming-link.js'
import { errorPages } from './page-link.js'
import { backendPersistence, checkDynamicCookies } from './persistence-link.js'
import type { ProcessSettings } from './process-draft.js'
import type { ProxyDraft, ServerDraft } from './proxy-draft.js'
import { idOption } from './proxy-ids.js'
import { foreignRules, ruleSets, rulesOf } from './rule-link.js'
import { checkServerHealth, poolNameOf, serverOptions } from './server-link.js'
import { keepAlive, serverTimeouts } from './timeout-link.js'

/** Makes the backend of a section. @throws {OptionError} what its constructor refuses */
export function makeBackend(draft: ProxyDraft, linking: Linking): Backend {
  const { diagnostics, drafts } = linking
  const { settings } = draft
  const linker = linking.linker(draft)
  const check = makeCheck(draft, linker, drafts.process.settings)
  const balance = makeAlgorithm(draft, linker)
  const servers = draft.servers.map((server) =>
    linking.guard(draft, () => {
      const naming = namingOptions(server, draft, linker)
      const poolName = poolNameOf(server, linker)
      const own = ownCheck(server, linker, drafts.process.settings)
      tellOfNoPort(server, draft, own.check ?? check, diagnostics)
      return new Server(server.name, server.address, {
        ...serverOptions(server, settings.mode),
        ...own,
        ...naming,
        ...(poolName === undefined ? {} : { poolName }),
      })
    }),
  )
  checkTwins(draft, diagnostics)
  checkServerHealth(draft, diagnostics)
  const options: BackendOptions = {
    mode: settings.mode,
    published: !draft.unpublished,
    disabled: settings.disabled,
    servers: servers.filter((server) => server !== undefined),
    check,
    ...(balance === undefined ? {} : { balance }),
    ...(draft.kind === 'listen' ? foreignRules(draft, linker, drafts.proxies) : ruleSets(draft, linker)),
    ...(draft.kind === 'backend' && draft.inspectDelay !== undefined ? { inspectDelay: draft.inspectDelay } : {}),
    tcpResponseContent: rulesOf<'responseContent'>(draft, 'tcp-response content', linker),
    ...(draft.responseInspectDelay === undefined ? {} : { responseInspectDelay: draft.responseInspectDelay }),
    timeouts: serverTimeouts(settings.timeouts),
    ...(settings.source === undefined ? {} : { source: settings.source }),
    tcpKeepAlive: keepAlive(settings.serverKeepAlive),
    noLinger: settings.switches.nolinger ?? false,
    independentStreams: settings.switches['independent-streams'] ?? false,
    redispatch: settings.redispatch ?? silentRedispatch(balance),
    connectionMode: settings.connectionMode ?? 'keepAlive',
    forwardFor: settings.forwardFor ?? false,
    ...errorPages(draft, linker),
    ...backendHttp(draft, linker, drafts.process),
    ...backendPersistence(draft, linker, diagnostics),
    allBackups: settings.switches.allbackups ?? false,
    ...(settings.switches.abortonclose === undefined ? {} : { abortOnClose: settings.switches.abortonclose }),
    preferLastServer: settings.switches['prefer-last-server'] ?? false,
    ...((settings.maxKeepAliveQueue ?? -1) < 0 ? {} : { maxKeepAliveQueue: settings.maxKeepAliveQueue as number }),
    ...(settings.fullConnections ? { fullConnections: settings.fullConnections } : {}),
    ...(settings.retries === undefined ? {} : { retries: settings.retries }),
    ...(settings.retryOn === undefined || settings.mode === 'tcp' ? {} : { retryOn: settings.retryOn }),
    ...(settings.httpReuse === undefined ? {} : { reuse: settings.httpReuse }),
    ...idOption(draft.id),
  }
  const backend = new Backend(draft.name, options)
  backend.id = linking.ids.get(draft) ?? backend.id
  checkDynamicCookies(draft, backend, diagnostics)
  return backend
}

/** The check of a `healthcheck` section, for a server that names one. */
function ownCheck(
  { settings, file, line }: ServerDraft,
  linker: Linker,
  process: ProcessSettings,
): { readonly check?: HealthCheck } {
  const { check, healthcheck } = settings
  const draft = healthcheck === undefined ? undefined : linker.healthCheck(healthcheck, { file, line })
  return draft === undefined || check !== true ? {} : { check: makeCheck(draft, linker, process) }
}

/** Whether an address says all of where a check goes: a port, or a path. */
const isWhole = (address: string | undefined): boolean => address !== undefined && /:\d|@|^\//.test(address)

/** Where a check goes that the server's address does not say: each of its connections has a port of its own. */
const saysPort = ({ plan }: HealthCheck): boolean => {
  if (!(plan instanceof CheckSequence) || plan.protocol === 'http') return false
  const connections = plan.steps.filter((step) => step.kind === 'connect')
  return (
    connections.length > 0 &&
    connections.every(({ address, port }) => typeof port === 'number' || (port === undefined && isWhole(address)))
  )
}

/** An address that stands for the one that a client asked for, of which a check has none. */
const isAny = (address: string): boolean => /^(?:\*|0\.0\.0\.0)?:?$/.test(address)

function tellOfNoPort(server: ServerDraft, draft: ProxyDraft, check: HealthCheck, diagnostics: Diagnostics): void {
  const { settings, name, address } = server
  const { checkPort, checkAddress, naming } = settings
  // What DNS tells of a service has ports.
  const isService = address.startsWith('_') && naming?.resolvers !== undefined
  const hasPort = checkPort !== undefined || isWhole(address) || isWhole(checkAddress) || isService
  if (settings.check !== true || hasPort || saysPort(check)) return
  const message = `'server ${draft.name}/${name}' has neither service port nor check port`
  if (isAny(address)) diagnostics.warning(server, `${message}: no check passes.`, "write 'port <port>'")
  else diagnostics.alert(server, `${message}.`, "write the port behind the address, or 'port <port>'")
}

function checkTwins(draft: ProxyDraft, diagnostics: Diagnostics): void {
  for (const server of draft.servers) {
    const twin = draft.servers.find((other) => other !== server && other.id !== undefined && other.id === server.id)
    if (twin !== undefined && twin.line < server.line) {
      diagnostics.alert(
        server,
        `'server ${draft.name}/${server.name}' : custom id ${server.id} is already used by server '${twin.name}' at ${twin.file}:${twin.line}.`,
      )
    }
  }
}

/**
 * What a backend does that says nothing of `option redispatch`. HAProxy stays with a server that refuses and answers 503 until its checks
 * have seen it, so that what goes by a key does not wander. Where neither key, cookie nor rule decides, there is nothing to keep: the next server takes it.
 */
function silentRedispatch(balance: Algorithm | undefined): 'unassigned' | false {
  return balance === undefined || balance.skipsFull ? 'unassigned' : false
}
