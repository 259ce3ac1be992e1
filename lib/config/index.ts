/** `fairlead/config`: loads a haproxy.cfg into the very objects that one would make in code. */
import type { Config } from './config.js'
import { Diagnostics } from './diagnostic.js'
import { type LoadOptions, load } from './loader.js'
import { open } from './reader.js'

export { type Capabilities, capabilities } from './capabilities.js'
export { type ConditionContext, ConditionError, evaluateCondition } from './condition.js'
export { Config, type ProcessDescription } from './config.js'
export { ConfigError, type Diagnostic, describe, haproxyText, type Place, type Severity } from './diagnostic.js'
export type { LoadOptions } from './loader.js'
export type { LogTarget } from './log-target.js'
export type { ProcessSettings, StatsSocket } from './process-draft.js'

/**
 * Loads files, and the `.cfg` files of folders, in order, as HAProxy's `-f` does. Nothing is opened but files: no socket, no name is resolved.
 *
 * @throws {ConfigError} that holds every fault of every file
 */
export async function loadConfig(files: string | readonly string[], options: LoadOptions = {}): Promise<Config> {
  const diagnostics = new Diagnostics()
  const sources = open(typeof files === 'string' ? [files] : files, diagnostics)
  return load(sources, diagnostics, options)
}

/**
 * The same for a text.
 * @throws {ConfigError}
 */
export function parseConfig(text: string, options: LoadOptions = {}): Config {
  const source = { name: options.name ?? 'haproxy.cfg', text: Buffer.from(text).toString('latin1') }
  return load([source], new Diagnostics(), options)
}
