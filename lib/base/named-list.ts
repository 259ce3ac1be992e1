/** A list that stands still and finds its entries by name: what lists that change while traffic runs are made of. */

/** Frozen: a change gives its owner another list, and whoever looks at this one sees what was. */
export class NamedList<T extends { readonly name?: string | undefined }> extends Array<T> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }

  /** @param entries what is in it; a class of its own freezes itself when it is made */
  constructor(entries: Iterable<T>) {
    super()
    for (const entry of entries) this.push(entry)
  }

  /** The one of that name. */
  named(name: string): T | undefined {
    return this.find((entry) => entry.name === name)
  }

  /** The one that is meant, when it is in the list. */
  protected meant(which: T | string): T | undefined {
    return typeof which === 'string' ? this.named(which) : this.find((entry) => entry === which)
  }
}
