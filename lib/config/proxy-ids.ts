/** The numbers of proxies, by which statistics and rules know them: those that were written, and for the others the next that is free. Manual, `id`. */
import type { ProcessDraft } from './process-draft.js'
import type { ProxyDraft } from './proxy-draft.js'

/** What is looked at. */
interface Numbered {
  readonly process: ProcessDraft
  readonly proxies: readonly ProxyDraft[]
}

/** In the order of the files. Where the runtime API listens, it comes first: it is a proxy to HAProxy. */
export function numberProxies({ process, proxies }: Numbered): ReadonlyMap<ProxyDraft, number> {
  const taken = new Set(proxies.map(({ id }) => id))
  const ids = new Map<ProxyDraft, number>()
  let next = 0
  const free = (): number => {
    do next++
    while (taken.has(next))
    return next
  }
  if (process.statsSockets.length > 0) free()
  for (const proxy of proxies) ids.set(proxy, proxy.id ?? free())
  return ids
}

/** As an option, where there is one. */
export const idOption = (id: number | undefined): { id?: number } => (id === undefined ? {} : { id })
