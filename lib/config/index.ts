/** `fairlead/config`: loads a haproxy.cfg into the very objects that one would make in code. */
import { lookup } from 'node:dns/promises'
import { Ip } from '../base/ip.js'
import type { Config } from './config.js'
import { configWords } from './config-words.js'
import { ConfigError, Diagnostics } from './diagnostic.js'
import { type LoadOptions, load } from './loader.js'
import { HostNames } from './pattern-references.js'
import { open } from './reader.js'

export { type Capabilities, capabilities } from './capabilities.js'
export { type ConditionContext, ConditionError, evaluateCondition } from './condition.js'
export { Config, type ProcessDescription } from './config.js'
export { ConfigError, type Diagnostic, describe, haproxyText, type Place, type Severity } from './diagnostic.js'
export { ServerWordsError, serverFromWords } from './dynamic-server.js'
export type { LoadOptions } from './loader.js'
export type { LogTarget } from './log-target.js'
export type { ProcessSettings, StatsSocket } from './process-draft.js'

/**
 * Loads files, and the `.cfg` files of folders, in order, as HAProxy's `-f` does. Nothing is opened but files; names among the addresses of an ACL
 * are looked up once, where `-n` does not forbid it.
 *
 * @throws {ConfigError} that holds every fault of every file
 */
export async function loadConfig(files: string | readonly string[], options: LoadOptions = {}): Promise<Config> {
  const names = typeof files === 'string' ? [files] : files
  const hosts = new HostNames()
  const once = (): Config => {
    const diagnostics = new Diagnostics()
    return load(open(names, diagnostics), diagnostics, options, configWords, hosts)
  }
  try {
    return once()
  } catch (error) {
    if (!(error instanceof ConfigError) || !(await resolveHosts(hosts))) throw error
    return once()
  }
}

/** Looks up the names that stand where addresses of patterns should; `false` when there were none. */
async function resolveHosts(hosts: HostNames): Promise<boolean> {
  const wanted = [...hosts.wanted]
  const found = await Promise.allSettled(wanted.map((host) => lookup(host, 4)))
  for (const [index, result] of found.entries()) {
    const address = result.status === 'fulfilled' ? Ip.parse(result.value.address) : undefined
    if (address !== undefined) hosts.learn(wanted[index] as string, address)
  }
  return wanted.length > 0
}

/**
 * The same for a text; names among the addresses of an ACL are faults here.
 * @throws {ConfigError}
 */
export function parseConfig(text: string, options: LoadOptions = {}): Config {
  const source = { name: options.name ?? 'haproxy.cfg', text: Buffer.from(text).toString('latin1') }
  return load([source], new Diagnostics(), options)
}
