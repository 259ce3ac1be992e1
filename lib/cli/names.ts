/** Servers that are given by name must have an address at the start, or the start fails; `-dr` and `-c` are about that. */
import { lookup } from 'node:dns/promises'
import type { Config } from '../config/index.js'
import type { Report } from './report.js'

/**
 * Looks the names of all servers up.
 * @param ignore those without an address are put into maintenance instead of being a fault (`-dr`)
 */
export async function resolveServers(config: Config, ignore: boolean, report: Report): Promise<void> {
  const servers = config.backends.flatMap((backend) => backend.servers.map((server) => ({ backend, server })))
  await Promise.all(
    servers.map(async ({ backend, server }) => {
      const { parsed } = server
      if (parsed.kind !== 'name') return
      try {
        await lookup(parsed.name, { family: parsed.family ?? 0 })
      } catch {
        const what = `config : server '${backend.name}/${server.name}' : could not resolve address '${parsed.name}'`
        if (!ignore) return report.alert(`${what}.`)
        server.admin = 'maint'
        report.warning(`${what}, disabling server.`)
      }
    }),
  )
}
