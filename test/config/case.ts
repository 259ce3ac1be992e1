/** Golden cases: texts of configurations with what the loader says of them. Reading them and telling a result live here. */
import { readFileSync } from 'node:fs'
import { wording } from '../../lib/config/diagnostic.js'
import { type Config, ConfigError, type Diagnostic, parseConfig } from '../../lib/config/index.js'
import type { Backend } from '../../lib/proxy/backend.js'
import type { Frontend } from '../../lib/proxy/frontend.js'
import type { Peers } from '../../lib/proxy/peers.js'
import type { Persistence } from '../../lib/proxy/persistence/persistence.js'
import type { Rule } from '../../lib/rules/rule.js'
import type { StickTable } from '../../lib/table/stick-table.js'
import { checkLines } from './check-text.js'

/** One case of a file. */
export interface Case {
  /** The line in its file at which it begins, from 1 on. */
  readonly line: number
  readonly config: string
  /** `messages` lists what was said; `graph` describes the objects. */
  readonly kind: 'messages' | 'graph'
  readonly expected: string
}

const separator = /^={10,}$/
const ruler = /^-{10,}(?: (graph))?$/

/** The cases of a file: each is a configuration, a ruler, and what is expected; a line of `=` parts them. */
export function readCases(path: string): readonly Case[] {
  const cases: Case[] = []
  let config: string[] = []
  let expected: string[] | undefined
  let kind: Case['kind'] = 'messages'
  let start = 1
  const finish = (next: number): void => {
    if (config.length > 0)
      cases.push({ line: start, config: `${config.join('\n')}\n`, kind, expected: (expected ?? []).join('\n').trim() })
    config = []
    expected = undefined
    start = next
  }
  for (const [index, line] of readFileSync(path, 'utf8').split('\n').entries()) {
    const found = ruler.exec(line)
    if (separator.test(line)) finish(index + 2)
    else if (found !== null && expected === undefined) {
      expected = []
      kind = found[1] === 'graph' ? 'graph' : 'messages'
    } else (expected ?? config).push(line)
  }
  finish(0)
  return cases
}

/** What the environment of all cases holds. */
const environment = { HOME: '/root', EMPTY: '', LIST: '127.0.0.1:80 name x', PORT: '8080', HAPROXY_LOCALPEER: 'here' }

const message = (one: Diagnostic): string => `${one.severity} ${one.line}: ${wording(one)}`

const ruleText = ({ name, condition, where }: Rule<never>): string =>
  `${name}${condition === undefined ? '' : ` if ${condition.text}`} @${where?.replace(/^.*:/, '')}`

/** Leaves out what is not set, so that cases show what they are about. */
const trimmed = (given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined && (!Array.isArray(value) || value.length > 0)),
  )

const finite = (timeouts: object): object =>
  Object.fromEntries(Object.entries(timeouts).filter(([, time]) => Number.isFinite(time)))

function frontendGraph(frontend: Frontend): object {
  const { mode, binds, timeouts, connectionMode, forwardFor, maxConnections, ignoreEmptyConnections, loggers } =
    frontend
  return trimmed({
    mode,
    binds: binds.map(({ parsed: _parsed, ...bind }) => bind),
    tcpRequestConnection: frontend.tcpRequestConnection.rules.map(ruleText),
    tcpRequestContent: frontend.tcpRequestContent.rules.map(ruleText),
    inspectDelay: frontend.inspectDelay || undefined,
    httpRequest: frontend.httpRequest.rules.map(ruleText),
    httpResponse: frontend.httpResponse.rules.map(ruleText),
    httpAfterResponse: frontend.httpAfterResponse.rules.map(ruleText),
    routes: frontend.routes.map(
      (route) => `${route.destination.text}${route.condition === undefined ? '' : ` if ${route.condition.text}`}`,
    ),
    defaultBackend: frontend.defaultBackend?.name,
    timeouts: finite(timeouts),
    connectionMode: connectionMode === 'keepAlive' ? undefined : connectionMode,
    forwardFor: forwardFor && trimmed({ ...forwardFor, except: forwardFor.except?.size }),
    maxConnections: Number.isFinite(maxConnections) ? maxConnections : undefined,
    ignoreEmptyConnections: ignoreEmptyConnections || undefined,
    loggers: loggers.length || undefined,
  })
}

function backendGraph(backend: Backend): object {
  const { mode, balance, timeouts, retries, redispatch, reuse, check, connectionMode, allBackups } = backend
  return trimmed({
    mode,
    balance: balance.name,
    servers: backend.servers.map(
      ({
        name,
        address,
        weight,
        backup,
        admin,
        maxConnections,
        cookie,
        id,
        checkOption,
        checkTiming,
        checkAddress,
        checkPort,
        nonStick,
      }) =>
        trimmed({
          name,
          address,
          id,
          cookie,
          weight: weight === 1 ? undefined : weight,
          backup: backup || undefined,
          admin: admin === 'ready' ? undefined : admin,
          maxConnections: Number.isFinite(maxConnections) ? maxConnections : undefined,
          check: checkOption || undefined,
          checkTiming: Object.keys(checkTiming).length === 0 ? undefined : checkTiming,
          checkAddress,
          checkPort,
          nonStick: nonStick || undefined,
        }),
    ),
    check: checkLines(check),
    tcpRequestContent: backend.tcpRequestContent.rules.map(ruleText),
    httpRequest: backend.httpRequest.rules.map(ruleText),
    httpResponse: backend.httpResponse.rules.map(ruleText),
    timeouts: finite(timeouts),
    retries: retries === 3 ? undefined : retries,
    // What a backend does that says nothing of it is not shown.
    redispatch: redispatch === (balance.skipsFull ? -1 : 0) ? undefined : redispatch,
    reuse: reuse === 'safe' ? undefined : reuse,
    connectionMode: connectionMode === 'keepAlive' ? undefined : connectionMode,
    allBackups: allBackups || undefined,
    persistence: backend.persistence && persistenceGraph(backend.persistence),
    published: backend.published ? undefined : false,
    disabled: backend.disabled || undefined,
  })
}

function persistenceGraph({ names, persist, cookie }: Persistence): object {
  const { options, values } = cookie ?? {}
  return trimmed({
    names,
    persist: persist || undefined,
    cookie:
      options && Object.fromEntries(Object.entries(options).filter(([, value]) => value !== false && value !== 0)),
    dynamic: values?.dynamic || undefined,
  })
}

/** The objects of a configuration, as text. */
export function graph(config: Config): string {
  const { logs, statsSockets, ...global } = config.global
  const named = (objects: readonly { readonly name: string }[], describe: (one: never) => object): object =>
    Object.fromEntries(objects.map((one) => [one.name, describe(one as never)]))
  return JSON.stringify(
    trimmed({
      global: Object.keys(global).length === 0 ? undefined : global,
      logs: logs.map(({ file: _file, line: _line, ...target }) => target),
      statsSockets: statsSockets.map((socket) => trimmed({ ...socket })),
      frontends: named(config.frontends, frontendGraph),
      backends: named(config.backends, backendGraph),
      tables: config.tables.length === 0 ? undefined : named(config.tables, tableGraph),
      peers: config.peers.length === 0 ? undefined : named(config.peers, peersGraph),
    }),
    null,
    1,
  )
}

function peersGraph({ local, bind, peers, tables, shards, disabled }: Peers): Readonly<Record<string, unknown>> {
  return trimmed({
    local,
    bind: bind?.address,
    backlog: bind?.backlog,
    peers: peers.map(({ name, address, shard }) => `${name} ${address}${shard === 0 ? '' : ` shard ${shard}`}`),
    tables: tables.map(({ table, name }) => `${table.name} as ${name}`),
    shards: shards || undefined,
    disabled: disabled || undefined,
  })
}

function tableGraph(table: StickTable): Readonly<Record<string, unknown>> {
  const { key, keyLength, capacity, expire, noPurge, serverKey, writeTo, bytesFactor, receiveOnly } = table
  const store = table.fields.map(({ type, period, length }) => {
    const words = [...(type.array ? [length] : []), ...(type.kind === 'rate' ? [`${period}ms`] : [])]
    return words.length === 0 ? type.name : `${type.name}(${words.join(',')})`
  })
  return trimmed({
    key,
    keyLength: key === 'string' || key === 'binary' ? keyLength : undefined,
    capacity,
    expire,
    store: store.length === 0 ? undefined : store.join(' '),
    noPurge: noPurge || undefined,
    serverKey: serverKey === 'name' ? undefined : serverKey,
    writeTo: writeTo?.name,
    bytesFactor: bytesFactor === 1 ? undefined : bytesFactor,
    receiveOnly: receiveOnly || undefined,
  })
}

/** What the loader makes of a case, in the form that the case expects. */
export function resultOf({ config, kind }: Case): string {
  let said: readonly Diagnostic[]
  let made: Config | undefined
  try {
    made = parseConfig(config, { environment, name: 'case.cfg' })
    said = made.diagnostics
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    said = error.diagnostics
  }
  if (kind === 'graph' && made !== undefined) return graph(made)
  return said.length === 0 ? 'ok' : said.map(message).join('\n')
}
