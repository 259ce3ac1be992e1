/** Texts by their beginnings: a tree whose edges are runs of characters. A look-up takes as many steps as the text has branches, however many there are. */
import { firstEntry, type PatternEntry, type Slot, withEntry, withoutEntry } from './entry.js'

interface Node {
  /** The characters between the node above and this one. */
  label: string
  slot: Slot | undefined
  children: Map<number, Node> | undefined
}

/** Where a key may end in a text that is looked at: behind its last character. */
export type Ending = (text: string, end: number) => boolean

export class TextTrie {
  readonly #root: Node = { label: '', slot: undefined, children: undefined }

  add(key: string, entry: PatternEntry): void {
    let node = this.#root
    let at = 0
    while (at < key.length) {
      const children: Map<number, Node> = (node.children ??= new Map())
      const code = key.charCodeAt(at)
      const next = children.get(code)
      if (next === undefined) {
        children.set(code, { label: key.slice(at), slot: entry, children: undefined })
        return
      }
      const shared = sharedLength(next.label, key, at)
      node = shared === next.label.length ? next : split(children, code, next, shared)
      at += shared
    }
    node.slot = withEntry(node.slot, entry)
  }

  delete(key: string, entry: PatternEntry): void {
    let above: Node | undefined
    let node = this.#root
    for (let at = 0; at < key.length; at += node.label.length) {
      const next = node.children?.get(key.charCodeAt(at))
      if (next === undefined || !key.startsWith(next.label, at)) return
      above = node
      node = next
    }
    node.slot = withoutEntry(node.slot, entry)
    if (above !== undefined && node.slot === undefined) shrink(above, node)
  }

  /** The entry of the longest key that the text goes on with at a place. */
  longest(text: string, from = 0): PatternEntry | undefined {
    let found = this.#root.slot
    let node = this.#root
    for (let at = from; at < text.length; at += node.label.length) {
      const next = node.children?.get(text.charCodeAt(at))
      if (next === undefined || (next.label.length > 1 && !text.startsWith(next.label, at))) break
      node = next
      if (node.slot !== undefined) found = node.slot
    }
    return found === undefined ? undefined : firstEntry(found)
  }

  /** The earliest entry of the keys that the text goes on with at a place. */
  earliest(text: string, from: number, mayEnd?: Ending): PatternEntry | undefined {
    let found: PatternEntry | undefined
    let node = this.#root
    let at = from
    for (;;) {
      if (node.slot !== undefined && (mayEnd === undefined || mayEnd(text, at)))
        found = earlier(found, firstEntry(node.slot))
      if (at >= text.length) return found
      const next = node.children?.get(text.charCodeAt(at))
      if (next === undefined || (next.label.length > 1 && !text.startsWith(next.label, at))) return found
      node = next
      at += node.label.length
    }
  }
}

/** Of two entries, the one that was there first. */
export function earlier(one: PatternEntry | undefined, other: PatternEntry | undefined): PatternEntry | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return one.id < other.id ? one : other
}

function sharedLength(label: string, key: string, from: number): number {
  const most = Math.min(label.length, key.length - from)
  let length = 1
  while (length < most && label.charCodeAt(length) === key.charCodeAt(from + length)) length++
  return length
}

/** Puts a node between a node and what is above it. */
function split(children: Map<number, Node>, code: number, node: Node, length: number): Node {
  const between: Node = {
    label: node.label.slice(0, length),
    slot: undefined,
    children: new Map([[node.label.charCodeAt(length), node]]),
  }
  node.label = node.label.slice(length)
  children.set(code, between)
  return between
}

/** Takes out a node that holds nothing: it goes, or becomes one with its only child. */
function shrink(above: Node, node: Node): void {
  const size = node.children?.size ?? 0
  if (size === 0) above.children?.delete(node.label.charCodeAt(0))
  if (size !== 1) return
  const [child] = node.children as Map<number, Node>
  if (child === undefined) return
  child[1].label = node.label + child[1].label
  above.children?.set(node.label.charCodeAt(0), child[1])
}
