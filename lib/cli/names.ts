/** Servers that are given by name must have an address at the start, or the start fails; `-dr` and `-c` are about that. */
import { lookup } from 'node:dns/promises'
import type { Config } from '../config/index.js'
import type { Report } from './report.js'

/**
 * Looks the names of all servers up that have to have an address at the start.
 * @param ignore those without an address are put into maintenance instead of being a fault (`-dr`)
 */
export async function resolveServers(config: Config, ignore: boolean, report: Report): Promise<void> {
  const servers = config.backends.flatMap((backend) => backend.servers.map((server) => ({ backend, server })))
  await Promise.all(
    servers.map(async ({ backend, server }) => {
      const { parsed, naming } = server
      const ways = naming.initial.filter((way) => way !== 'last')
      if (parsed.kind !== 'name' || (ways.length > 0 && ways[0] !== 'libc')) return
      const name = `server ${backend.name}/${server.name}`
      if (ways.length > 0 && (await isKnown(parsed.name, parsed.family))) return
      const what =
        ways.length === 0
          ? `config : '${name}' : no method found to resolve address '${parsed.name}'`
          : `config : '${name}' : could not resolve address '${parsed.name}'`
      if (!ignore && ways.length < 2) return report.alert(`${what}.`)
      if (ways.length < 2) server.admin = 'maint'
      if (ways.length < 2 || ways[1] === 'none') report.warning(`${what}, disabling server.`)
    }),
  )
}

async function isKnown(name: string, family: 4 | 6 | undefined): Promise<boolean> {
  try {
    await lookup(name, { family: family ?? 0 })
    return true
  } catch {
    return false
  }
}
