/** A proxy with its servers, for tests that look at one program alone. */

import { Bell } from './bell.js'
import { Origin, type OriginScript } from './origin.js'
import { freePort } from './ports.js'
import { ProxyProcess, subject } from './proxy.js'

export interface Served {
  readonly port: number
  readonly proxy: ProxyProcess
  readonly origins: ReadonlyMap<string, Origin>
  /** `[Symbol.asyncDispose]` by another name: the tests' teardown calls it. */
  close(): Promise<void>
}

/**
 * Starts servers, and the subject on `config(port, ports of the servers)`.
 */
export async function serve(
  scripts: Readonly<Record<string, OriginScript>>,
  config: (port: number, servers: (name: string) => number) => string,
  command: readonly string[] = subject,
): Promise<Served> {
  const bell = new Bell()
  const origins = new Map<string, Origin>()
  for (const [name, script] of Object.entries(scripts)) {
    const origin = new Origin(script, bell, new Set())
    await origin.listen()
    origins.set(name, origin)
  }
  const port = await freePort()
  const proxy = await ProxyProcess.start(
    command,
    config(port, (name) => origins.get(name)!.port),
    port,
  )
  return {
    port,
    proxy,
    origins,
    close: async () => {
      await proxy.stop()
      await Promise.all([...origins.values()].map((origin) => origin.close()))
      bell.silence()
    },
  }
}
