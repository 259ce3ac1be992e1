/** A list that stands still and finds its entries by name: what lists that change while traffic runs are made of. */

/** Frozen: a change gives its owner another list, and whoever looks at this one sees what was. */
export class NamedList<T extends { readonly name?: string | undefined }> extends Array<T> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }

  /** Made when it is first asked for: requests look names up, and a list may have thousands. */
  #index: ReadonlyMap<string | undefined, T> | undefined = undefined

  /** @param entries what is in it; a class of its own freezes itself when it is made */
  constructor(entries: Iterable<T>) {
    super()
    for (const entry of entries) this.push(entry)
  }

  /** The one of that name. */
  named(name: string): T | undefined {
    this.#index ??= new Map(this.map((entry) => [entry.name, entry]))
    return this.#index.get(name)
  }

  /** The one that is meant, when it is in the list. */
  protected meant(which: T | string): T | undefined {
    return typeof which === 'string' ? this.named(which) : this.find((entry) => entry === which)
  }
}
