/** What a `server` line says of names → the options of its server. */
import type { NamingOptions } from '../index.js'
import type { Linker } from './linker.js'
import type { ProxyDraft, ServerDraft } from './proxy-draft.js'

/** A section of name servers that does not exist has been told of, and the configuration does not run. */
export function namingOptions(
  { name, settings }: Pick<ServerDraft, 'name' | 'settings'>,
  proxy: Pick<ProxyDraft, 'kind' | 'name'>,
  linker: Linker,
): NamingOptions {
  const { resolvers, prefer, networks, duplicates, ignoreWeight, initial } = settings.naming ?? {}
  const about = `${proxy.kind} '${proxy.name}', server '${name}'`
  const asked = resolvers === undefined ? undefined : linker.serverResolvers(resolvers.name, resolvers, about)
  return {
    ...(asked === undefined ? {} : { resolvers: asked }),
    ...(prefer === undefined ? {} : { resolvePrefer: prefer }),
    ...(networks === undefined ? {} : { resolveNet: networks }),
    ...(duplicates === undefined ? {} : { allowDuplicateIp: duplicates }),
    ...(ignoreWeight === undefined ? {} : { ignoreServiceWeight: ignoreWeight }),
    ...(initial === undefined ? {} : { initialAddress: initial }),
  }
}
