/** The numbers of proxies, as statistics and logs show them. */

/** Those that were not given a number get the next one that is free. */
export function numberProxies(proxies: readonly { id: number }[], others: readonly { id: number }[] = []): void {
  const taken = new Set([...proxies, ...others].map(({ id }) => id))
  let next = 1
  for (const proxy of proxies) {
    if (proxy.id !== 0) continue
    while (taken.has(next)) next++
    proxy.id = next
    taken.add(next)
  }
}
