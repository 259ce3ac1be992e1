/**
 * Values under prefixes of bits, found by the longest prefix of a key: a tree with a branch where prefixes part. A node lies in one piece of a typed
 * array, so that a look-up among 100,000 networks touches little memory and allocates nothing.
 */

const NONE = 0
const ROOT = 1

/** Where things stand in a node: its length in bits, doubled, with 1 when it has a value; the nodes below for a next bit of 0 and 1; its words. */
const LENGTH = 0
const BELOW = 1
const KEY = 3

/** Keys of 32 or 128 bits, given as one or four unsigned words. */
export class PrefixTree<T> {
  readonly #words: number
  /** Numbers that a node takes: a power of two. */
  readonly #shift: number
  #nodes: Int32Array
  readonly #values: (T | undefined)[] = [undefined, undefined]
  #used = 2
  #free = NONE

  constructor(words: 1 | 4) {
    this.#words = words
    this.#shift = words === 1 ? 2 : 3
    this.#nodes = new Int32Array(16 << this.#shift)
  }

  /** The value of the longest prefix of a key. */
  find(key: Uint32Array): T | undefined {
    return this.#values[this.#words === 1 ? this.#findShort(key[0] as number) : this.#findLong(key)]
  }

  /** The node of the longest prefix with a value. */
  #findShort(key: number): number {
    const nodes = this.#nodes
    let found = NONE
    for (let node = ROOT; node !== NONE; ) {
      const at = node << 2
      const state = nodes[at] as number
      const length = state >> 1
      if (length > 0 && ((nodes[at + KEY] as number) ^ key) >>> (32 - length) !== 0) break
      if ((state & 1) !== 0) found = node
      if (length === 32) break
      node = nodes[at + BELOW + ((key >>> (31 - length)) & 1)] as number
    }
    return found
  }

  #findLong(key: Uint32Array): number {
    const nodes = this.#nodes
    let found = NONE
    // The words before this one have been compared with the nodes above.
    let word = 0
    for (let node = ROOT; node !== NONE; ) {
      const at = node << 3
      const state = nodes[at] as number
      const length = state >> 1
      for (; word << 5 < length; word++) {
        const difference = (nodes[at + KEY + word] as number) ^ (key[word] as number)
        if (difference !== 0 && (word << 5) + Math.clz32(difference) < length) return found
      }
      word = length >> 5
      if ((state & 1) !== 0) found = node
      if (length === 128) break
      node = nodes[at + BELOW + (((key[word] as number) >>> (31 - (length & 31))) & 1)] as number
    }
    return found
  }

  /** The value of exactly this prefix. */
  get(key: Uint32Array, length: number): T | undefined {
    return this.#values[this.#node(key, length)]
  }

  /** Sets the value of a prefix. */
  set(key: Uint32Array, length: number, value: T): void {
    let node = ROOT
    let above = NONE
    for (;;) {
      const own = this.#length(node)
      const shared = this.#shared(node, key, Math.min(own, length))
      if (shared < own) node = this.#splitAbove(node, above, shared)
      if (shared === length) break
      const next = this.#below(node, bitOf(key, shared))
      above = node
      node = next === NONE ? this.#make(key, length) : next
      if (next === NONE) this.#link(above, bitOf(key, shared), node)
    }
    this.#fill(node, value)
  }

  /** Removes a prefix. */
  delete(key: Uint32Array, length: number): void {
    const node = this.#node(key, length)
    if (node === NONE) return
    this.#fill(node, undefined)
    if (node === ROOT) return
    const above = this.#above(key, node)
    // The node above one that has gone may not be needed any more either.
    if (this.#takeOut(key, above, node) && above !== ROOT) this.#takeOut(key, this.#above(key, above), above)
  }

  #node(key: Uint32Array, length: number): number {
    for (let node = ROOT; node !== NONE; ) {
      const own = this.#length(node)
      if (own > length || this.#shared(node, key, own) < own) return NONE
      if (own === length) return node
      node = this.#below(node, bitOf(key, own))
    }
    return NONE
  }

  /** The node above one that a key leads to. */
  #above(key: Uint32Array, node: number): number {
    let above = ROOT
    for (let at = ROOT; at !== node; at = this.#below(at, bitOf(key, this.#length(at)))) above = at
    return above
  }

  /** Puts a node's only child, or nothing, in its place; not when it holds something or parts. */
  #takeOut(key: Uint32Array, above: number, node: number): boolean {
    const left = this.#below(node, 0)
    const right = this.#below(node, 1)
    if (this.#values[node] !== undefined || (left !== NONE && right !== NONE)) return false
    this.#link(above, bitOf(key, this.#length(above)), left === NONE ? right : left)
    this.#link(node, 0, this.#free)
    this.#free = node
    return true
  }

  #length(node: number): number {
    return (this.#nodes[(node << this.#shift) + LENGTH] as number) >> 1
  }

  #below(node: number, side: 0 | 1): number {
    return this.#nodes[(node << this.#shift) + BELOW + side] as number
  }

  #link(above: number, side: 0 | 1, node: number): void {
    this.#nodes[(above << this.#shift) + BELOW + side] = node
  }

  #fill(node: number, value: T | undefined): void {
    this.#values[node] = value
    this.#nodes[(node << this.#shift) + LENGTH] = (this.#length(node) << 1) | (value === undefined ? 0 : 1)
  }

  /** How many of its first bits a node shares with a key, `most` at the most. */
  #shared(node: number, key: Uint32Array, most: number): number {
    const at = (node << this.#shift) + KEY
    for (let word = 0, bits = 0; bits < most; word++, bits += 32) {
      const difference = (this.#nodes[at + word] as number) ^ (key[word] as number)
      if (difference !== 0) return Math.min(most, bits + Math.clz32(difference))
    }
    return most
  }

  /** Puts a node with a shorter prefix above one, and gives it. */
  #splitAbove(node: number, above: number, length: number): number {
    const at = (node << this.#shift) + KEY
    const key = Uint32Array.from(this.#nodes.subarray(at, at + this.#words))
    const between = this.#make(key, length)
    this.#link(above, this.#below(above, 0) === node ? 0 : 1, between)
    this.#link(between, bitOf(key, length), node)
    return between
  }

  #make(key: Uint32Array, length: number): number {
    let node = this.#free
    if (node !== NONE) this.#free = this.#below(node, 0)
    else {
      if ((this.#used + 1) << this.#shift > this.#nodes.length) this.#grow()
      node = this.#used++
    }
    this.#link(node, 0, NONE)
    this.#link(node, 1, NONE)
    this.#nodes[(node << this.#shift) + LENGTH] = length << 1
    this.#values[node] = undefined
    for (let word = 0; word < this.#words; word++) {
      const kept = Math.min(32, Math.max(0, length - 32 * word))
      this.#nodes[(node << this.#shift) + KEY + word] = kept === 0 ? 0 : (key[word] as number) & (-1 << (32 - kept))
    }
    return node
  }

  #grow(): void {
    const nodes = new Int32Array(this.#nodes.length * 2)
    nodes.set(this.#nodes)
    this.#nodes = nodes
  }
}

/** A bit of a key, the first of it being 0. */
function bitOf(key: Uint32Array, index: number): 0 | 1 {
  return (((key[index >>> 5] as number) >>> (31 - (index & 31))) & 1) as 0 | 1
}
