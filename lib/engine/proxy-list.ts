/** The frontends or the backends of a balancer: a list that stands still, with the ways to a next one. */
import { NamedList } from '../base/named-list.js'
import { type LeaveOptions, type Leaving, patienceOf } from '../proxy/leaving.js'

/** Who keeps the list. */
export interface ProxyListOwner<T> {
  join(proxy: T): Promise<void>
  part(proxy: T, patience: number): Leaving
}

/**
 * Frontends or backends, in order. A change gives the balancer another list, and whoever looks at this one sees what was.
 *
 * ```ts
 * await balancer.frontends.add(new Frontend('admin', { bind: ':9000', defaultBackend: api }))
 * await balancer.frontends.remove('old', { drain: '30s' })?.gone
 * ```
 */
export class ProxyList<T extends { readonly name: string }> extends NamedList<T> {
  readonly #owner: ProxyListOwner<T>

  constructor(owner: ProxyListOwner<T>, proxies: readonly T[]) {
    super(proxies)
    this.#owner = owner
    Object.freeze(this)
  }

  /**
   * Takes one in; a running balancer starts it: a frontend listens, with the backends that it brings, and servers are checked. All or nothing:
   * when something cannot be had, the promise rejects with {@link OptionError} and nothing has changed.
   */
  add(proxy: T): Promise<void> {
    return this.#owner.join(proxy)
  }

  /**
   * Takes one out: a frontend stops to listen, a backend gets nothing new. What is under way is finished, unless {@link LeaveOptions.drain} says
   * otherwise. The backends of a frontend stay.
   * @returns what is still under way; nothing when there is no such proxy
   * @throws {OptionError} when it is a backend that a frontend sends to
   */
  remove(which: T | string, options: LeaveOptions = {}): Leaving | undefined {
    const patience = patienceOf('remove()', options)
    const proxy = this.meant(which)
    return proxy === undefined ? undefined : this.#owner.part(proxy, patience)
  }
}
