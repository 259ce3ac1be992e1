/** The settings of a `server` line → the options of a server, and the servers that take over the state of others. */
import type { AgentOptions, Backend, Server, ServerOptions } from '../index.js'
import type { Diagnostics } from './diagnostic.js'
import type { Linker } from './linker.js'
import { isBackend, type ProxyDraft, type ServerDraft, type ServerSettings } from './proxy-draft.js'

/** The options of a server, for its constructor. What it tracks may be made later: see {@link linkTracking}. */
export function serverOptions({ settings, id }: ServerDraft, mode: 'http' | 'tcp'): ServerOptions {
  const { naming, check, checkPort, checkAddress, interval, fastInterval, downInterval, rise, fall, ...others } =
    settings
  const {
    healthcheck,
    agentCheck,
    agentPort,
    agentAddress,
    agentInterval,
    agentSend,
    observe,
    track,
    poolName,
    ...rest
  } = others
  const timing = given({ interval, fastInterval, downInterval, rise, fall })
  const agent = agentCheck === true ? agentOptions(settings) : undefined
  return {
    ...given(rest),
    check: check === true,
    ...given({
      id,
      checkPort,
      checkAddress,
      agent,
      observe: mode === 'tcp' && observe === 'layer7' ? undefined : observe,
    }),
    ...(Object.keys(timing).length === 0 ? {} : { checkTiming: timing }),
  }
}

/** Only what was said. */
function given<T extends object>(settings: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}

/** `addr` and `port` are for the agent, too, unless it has its own. */
function agentOptions(settings: ServerSettings): AgentOptions | undefined {
  const { agentInterval: interval, agentSend: send, agentAddress, checkAddress } = settings
  const port = agentPortOf(settings)
  return port === undefined ? undefined : { port, ...given({ address: agentAddress ?? checkAddress, interval, send }) }
}

const agentPortOf = ({ agentPort, checkPort }: ServerSettings): number | undefined => agentPort ?? checkPort

/** What only a server as a whole shows. */
export function checkServerHealth(draft: ProxyDraft, diagnostics: Diagnostics): void {
  for (const server of draft.servers) {
    const { settings, name } = server
    const subject = `'server ${draft.name}/${name}'`
    if (settings.agentCheck === true && agentPortOf(settings) === undefined)
      diagnostics.alert(server, `${subject} : server ${name} does not have agent port.`, "add 'agent-port'")
    if (settings.track !== undefined && settings.check === true)
      diagnostics.alert(server, `${subject} : unable to enable checks and tracking at the same time!`, "remove 'check'")
    if (settings.track !== undefined && settings.initState !== undefined)
      diagnostics.alert(server, `${subject} : 'init-state' cannot be used with 'track'.`, "remove 'init-state'")
    if (settings.observe === 'layer7' && draft.settings.mode === 'tcp')
      diagnostics.warning(server, `${subject} : 'layer7' can only be used in http proxies.`, "write 'observe layer4'")
  }
}

/** What is known when all servers have been made. */
export interface Tracking {
  readonly drafts: readonly ProxyDraft[]
  readonly backends: ReadonlyMap<string, Backend>
  readonly diagnostics: Diagnostics
}

/** Makes servers follow those that they track. */
export function linkTracking(tracking: Tracking): void {
  for (const draft of tracking.drafts.filter(isBackend))
    for (const server of draft.servers) if (server.settings.track !== undefined) follow(tracking, draft, server)
}

function follow({ drafts, backends, diagnostics }: Tracking, draft: ProxyDraft, server: ServerDraft): void {
  const { track = '', check } = server.settings
  const subject = `'server ${draft.name}/${server.name}'`
  const slash = track.indexOf('/')
  const proxy = slash < 0 ? draft.name : track.slice(0, slash)
  const name = track.slice(slash + 1)
  const at = drafts.find((one) => one.name === proxy && isBackend(one))
  const follower = backends.get(draft.name)?.server(server.name)
  if (at === undefined) {
    diagnostics.alert(server, `${subject} : unable to find required proxy '${proxy}' for tracking.`)
    return
  }
  if (!at.servers.some((one) => one.name === name)) {
    diagnostics.alert(server, `${subject} : unable to find required server '${name}' for tracking.`)
    return
  }
  const tracked = backends.get(proxy)?.server(name)
  if (follower === undefined || tracked === undefined || check === true) return
  const whole = `${proxy}/${name}`
  const end = endOf(drafts, at, name)
  if (end === undefined || tracked === follower || tracks(tracked, follower))
    diagnostics.alert(
      server,
      `${subject} : unable to track ${whole} as it belongs to a tracking chain looping back to ${draft.name}/${server.name}.`,
    )
  else if (draft.settings.check.disableOn404 !== at.settings.check.disableOn404)
    diagnostics.alert(
      server,
      `${subject} : unable to use ${whole} for tracking: disable-on-404 option inconsistency.`,
      "say 'http-check disable-on-404' in both sections or in none",
    )
  else if (end.settings.check !== true && end.settings.agentCheck !== true)
    diagnostics.alert(
      server,
      `${subject} : unable to use ${whole} for tracking as it does not have any check nor agent enabled.`,
      "add 'check' there",
    )
  else follower.follow(tracked)
}

const tracks = (server: Server, other: Server): boolean => {
  for (let at: Server | undefined = server; at !== undefined; at = at.tracked) if (at === other) return true
  return false
}

/** The last one of a chain; `undefined` when it has no end. */
function endOf(drafts: readonly ProxyDraft[], at: ProxyDraft, name: string): ServerDraft | undefined {
  const seen = new Set<ServerDraft>()
  let proxy: ProxyDraft | undefined = at
  let server = proxy.servers.find((one) => one.name === name)
  while (server?.settings.track !== undefined && proxy !== undefined) {
    if (seen.has(server)) return undefined
    seen.add(server)
    const { track } = server.settings
    const slash = track.indexOf('/')
    const wanted: string = slash < 0 ? proxy.name : track.slice(0, slash)
    proxy = drafts.find((one) => one.name === wanted && isBackend(one))
    server = proxy?.servers.find((one) => one.name === track.slice(slash + 1))
  }
  return server
}

/** The question that names a server's connections; what is wrong with it is told. */
export function poolNameOf(server: ServerDraft, linker: Linker): ServerOptions['poolName'] {
  const { poolName } = server.settings
  if (poolName === undefined) return undefined
  return linker.sample(poolName, server, { phases: ['request'], name: 'pool-conn-name' })
}
