/** Converters of the names of proxies and servers: what is asked about comes with the traffic. */
import { type ConverterDefinition, defineConverter } from '../match/converter.js'
import type { Late, Links } from '../match/links.js'
import type { StaticType, Value } from '../match/value.js'
import type { Backend } from './backend.js'
import type { Server } from './server.js'

/** The converters of names. A name that nothing has gives no value. */
export const proxyConverters: readonly ConverterDefinition[] = [
  asking('nbsrv', 'int', (name, { backend }) => (backend(name) as Late<Backend> | undefined)?.get().rotation.length),
  asking('srv_queue', 'int', (name, links) => serverOf(name, links)?.queued),
  asking('srv_is_up', 'bool', (name, links) => {
    const server = serverOf(name, links)
    return server === undefined ? undefined : server.up && server.admin !== 'maint'
  }),
  asking('fe_exists', 'bool', (name, { frontend }) => frontend(name) !== undefined),
]

function asking(
  name: string,
  type: StaticType,
  answer: (name: string, links: Links) => Value | undefined,
): ConverterDefinition {
  return defineConverter({
    name,
    from: 'str',
    type,
    prepare: (_, links) => (value) => answer(value, links),
  })
}

/** By `backend/server`, or by the server's name alone where the proxy at hand is a backend. */
function serverOf(name: string, links: Links): Server | undefined {
  const slash = name.indexOf('/')
  try {
    const found = links.server(slash < 0 ? undefined : name.slice(0, slash), name.slice(slash + 1))
    return found?.get() as Server | undefined
  } catch {
    // The proxy at hand is no backend, and none is named.
    return undefined
  }
}
