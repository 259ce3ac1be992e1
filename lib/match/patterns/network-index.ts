/** Patterns that are networks: HAProxy's `ip`. The most specific one counts. */
import { type Ip, word } from '../../base/ip.js'
import { PrefixTree } from '../../base/prefix-tree.js'
import { firstEntry, type PatternEntry, type Slot, withEntry, withoutEntry } from './entry.js'
import { hostOf, type Network, readNetwork } from './network-pattern.js'
import type { PatternIndex } from './pattern-index.js'

/** An IPv4 network whose mask has holes: no tree has it. */
interface Holed {
  readonly address: number
  readonly mask: number
  readonly entry: PatternEntry
}

/**
 * Networks of both families. They meet as in HAProxy (tried on 2.6): an IPv6 address is looked for among the IPv6 networks, then as the IPv4
 * address that it carries (`::ffff:a.b.c.d`, `::a.b.c.d`, `2002:a.b.c.d::`); an IPv4 address among the IPv4 networks, then in its mapped form.
 */
export class NetworkIndex implements PatternIndex<Ip> {
  readonly #plain: boolean
  readonly #resolve: ((host: string) => Ip | undefined) | undefined
  readonly #v4 = new PrefixTree<Slot>(1)
  readonly #v6 = new PrefixTree<Slot>(4)
  readonly #holed: Holed[] = []
  #count4 = 0
  #count6 = 0
  readonly #key4 = new Uint32Array(1)
  readonly #key6 = new Uint32Array(4)

  /** @param resolve finds the addresses of names, where names may stand */
  constructor(plain: boolean, resolve?: ((host: string) => Ip | undefined) | undefined) {
    this.#plain = plain
    this.#resolve = resolve
  }

  add(entry: PatternEntry): void {
    const { ip, length, mask } = this.#read(entry.pattern)
    if (length === undefined) {
      this.#holed.push({ address: (ip.number & mask) >>> 0, mask, entry })
      return
    }
    const { tree, key } = this.#treeOf(ip)
    tree.set(key, length, withEntry(tree.get(key, length), entry))
    if (ip.family === 4) this.#count4++
    else this.#count6++
  }

  delete(entry: PatternEntry): void {
    const network: Network = this.#read(entry.pattern)
    if (network.length === undefined) {
      const index = this.#holed.findIndex((one) => one.entry === entry)
      if (index >= 0) this.#holed.splice(index, 1)
      return
    }
    const { tree, key } = this.#treeOf(network.ip)
    const left = withoutEntry(tree.get(key, network.length), entry)
    if (left === undefined) tree.delete(key, network.length)
    else tree.set(key, network.length, left)
    if (network.ip.family === 4) this.#count4--
    else this.#count6--
  }

  find(ip: Ip): PatternEntry | undefined {
    const { bytes } = ip
    if (ip.family === 4) {
      const address = word(bytes, 0)
      return this.#find4(address) ?? (this.#count6 === 0 ? undefined : this.#find6(0, 0, 0xffff, address))
    }
    const first = word(bytes, 0)
    const second = word(bytes, 4)
    const third = word(bytes, 8)
    const fourth = word(bytes, 12)
    const found = this.#count6 === 0 ? undefined : this.#find6(first, second, third, fourth)
    if (found !== undefined) return found
    if (first === 0 && second === 0 && (third === 0 || third === 0xffff)) return this.#find4(fourth)
    return first >>> 16 === 0x2002 ? this.#find4(((first << 16) | (second >>> 16)) >>> 0) : undefined
  }

  #read(pattern: string): Network {
    const host = this.#resolve === undefined ? undefined : hostOf(pattern)
    const address = host === undefined ? undefined : this.#resolve?.(host)
    return readNetwork(address === undefined ? pattern : pattern.replace(host ?? '', String(address)), this.#plain)
  }

  #find4(address: number): PatternEntry | undefined {
    if (this.#count4 > 0) {
      this.#key4[0] = address
      const slot = this.#v4.find(this.#key4)
      if (slot !== undefined) return firstEntry(slot)
    }
    for (const { address: network, mask, entry } of this.#holed) if ((address & mask) >>> 0 === network) return entry
    return undefined
  }

  #find6(first: number, second: number, third: number, fourth: number): PatternEntry | undefined {
    const key = this.#key6
    key[0] = first
    key[1] = second
    key[2] = third
    key[3] = fourth
    const slot = this.#v6.find(key)
    return slot === undefined ? undefined : firstEntry(slot)
  }

  #treeOf(ip: Ip): { readonly tree: PrefixTree<Slot>; readonly key: Uint32Array } {
    const size = ip.bytes.length / 4
    const key = size === 1 ? this.#key4 : this.#key6
    for (let i = 0; i < size; i++) key[i] = word(ip.bytes, i * 4)
    return { tree: size === 1 ? this.#v4 : this.#v6, key }
  }
}
