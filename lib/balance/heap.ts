/** A binary heap that can take an element out of its middle. Elements carry their own place in it, which costs no lookup. */

/** What a heap needs of an element. */
export interface HeapItem {
  /** Its index, or -1 outside; written by the heap only. */
  place: number
}

/** Elements of which the first in order is at hand; everything else costs a logarithm. */
export class Heap<E extends HeapItem> {
  readonly #items: E[] = []
  readonly #before: (a: E, b: E) => boolean

  /** @param before whether `a` comes out before `b`; must order any two different elements */
  constructor(before: (a: E, b: E) => boolean) {
    this.#before = before
  }

  get size(): number {
    return this.#items.length
  }

  /** The first, which stays. */
  get first(): E | undefined {
    return this.#items[0]
  }

  /** All elements, the first one first, the others in no order. Not to be changed. */
  get items(): readonly E[] {
    return this.#items
  }

  add(item: E): void {
    this.#items.push(item)
    this.#rise(item, this.#items.length - 1)
  }

  /** Takes the first one out. */
  take(): E | undefined {
    const first = this.#items[0]
    if (first !== undefined) this.remove(first)
    return first
  }

  /** Takes an element out that is in. */
  remove(item: E): void {
    const last = this.#items.pop()!
    const place = item.place
    item.place = -1
    if (last === item) return
    this.#items[place] = last
    last.place = place
    this.moved(last)
  }

  /** To be called when an element's order has changed. */
  moved(item: E): void {
    this.#rise(item, item.place)
    this.#sink(item, item.place)
  }

  /** To be called when the order of many has changed. */
  reorder(): void {
    for (let place = (this.#items.length >> 1) - 1; place >= 0; place--) this.#sink(this.#items[place]!, place)
  }

  #rise(item: E, from: number): void {
    const items = this.#items
    let place = from
    while (place > 0) {
      const parent = items[(place - 1) >> 1]!
      if (!this.#before(item, parent)) break
      items[place] = parent
      parent.place = place
      place = (place - 1) >> 1
    }
    items[place] = item
    item.place = place
  }

  #sink(item: E, from: number): void {
    const items = this.#items
    let place = from
    for (;;) {
      let child = 2 * place + 1
      if (child >= items.length) break
      if (child + 1 < items.length && this.#before(items[child + 1]!, items[child]!)) child++
      const below = items[child]!
      if (!this.#before(below, item)) break
      items[place] = below
      below.place = place
      place = child
    }
    items[place] = item
    item.place = place
  }
}
