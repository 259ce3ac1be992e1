/** How expressions reach proxies and servers by name, which may be made only after whoever asks about them. */
import { OptionError } from '../base/errors.js'
import type { Backend, Frontend, Server } from '../index.js'
import type { Late, Links } from '../match/links.js'
import { isBackend, isFrontend, type ProxyDraft } from './proxy-draft.js'

/** The proxies of a configuration: as drafts, and those that have been made so far. */
export interface ProxiesByName {
  readonly drafts: readonly ProxyDraft[]
  readonly frontends: ReadonlyMap<string, Frontend>
  readonly backends: ReadonlyMap<string, Backend>
}

/** @param at the section whose expressions these are for; in `global` there is none */
export function proxyLinks(
  proxies: ProxiesByName,
  at: ProxyDraft | undefined,
): Pick<Links, 'frontend' | 'backend' | 'server'> {
  const backend = (name: string | undefined): Late<Backend> | undefined => {
    const draft = find(proxies.drafts, at, name, isBackend, 'backend')
    return draft === undefined ? undefined : late(draft.name, () => proxies.backends.get(draft.name))
  }
  return {
    frontend: (name) => {
      const draft = find(proxies.drafts, at, name, isFrontend, 'frontend')
      return draft === undefined ? undefined : late(draft.name, () => proxies.frontends.get(draft.name))
    },
    backend,
    server: (of, name) => {
      const draft = find(proxies.drafts, at, of, isBackend, 'backend')
      if (draft?.servers.some((server) => server.name === name) !== true) return undefined
      const found = (): Server | undefined => proxies.backends.get(draft.name)?.server(name)
      return late(of === undefined ? name : `${of}/${name}`, found)
    },
  }
}

function find(
  drafts: readonly ProxyDraft[],
  at: ProxyDraft | undefined,
  name: string | undefined,
  is: (draft: ProxyDraft) => boolean,
  kind: string,
): ProxyDraft | undefined {
  if (name !== undefined) return drafts.find((draft) => draft.name === name && is(draft))
  if (at === undefined || is(at)) return at
  throw new OptionError(`${at.kind} '${at.name}'`, '', `has not ${kind} capability: name a ${kind} between parentheses`)
}

/** Nobody asks before everything has been made; what could not be made has been told, and the configuration does not run. */
function late<T>(name: string, find: () => T | undefined): Late<T> {
  return { name, get: () => find() as T }
}
