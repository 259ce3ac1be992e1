/** One item of a format that is not plain text: a question or a log variable, with its flags, name and type. */
import type { Alias } from './alias.js'
import { type FormatFlags, flagWords, noFlags } from './format-flags.js'
import { phases as everyPhase, type Phase } from './phase.js'
import { Sample } from './sample.js'

/** What an item's value is made before it is printed: HAProxy's `%(name:type)[…]`. */
export type ItemType = 'str' | 'sint' | 'bool'

/** What an item has besides what it shows. */
export interface ItemOptions {
  readonly flags?: FormatFlags | undefined
  /** Its key in a JSON or CBOR object. */
  readonly name?: string | undefined
  readonly type?: ItemType | undefined
}

/** One item. `what` is absent for `%o`, which only sets flags. */
export class FormatItem {
  readonly what: Sample<unknown, never> | Alias | undefined
  readonly flags: FormatFlags
  readonly name: string | undefined
  readonly type: ItemType | undefined

  constructor(what: Sample<unknown, never> | Alias | undefined, { flags = noFlags, name, type }: ItemOptions = {}) {
    this.what = what
    this.flags = flags
    this.name = name
    this.type = type
  }

  /** Where it can be asked. A log variable prints what is known of it, wherever it stands. */
  get phases(): readonly Phase[] {
    return this.what instanceof Sample ? this.what.phases : everyPhase
  }

  /** As a haproxy.cfg writes it. @param global the flags that hold without its own */
  print(global: FormatFlags): string {
    const named = this.name === undefined && this.type === undefined ? '' : `(${this.name ?? ''}${this.#typed()})`
    const words = flagWords(global, this.flags)
    const flags = words === '' ? '' : `{${words}}`
    return `%${named}${flags}${this.#whatText()}`
  }

  #typed(): string {
    return this.type === undefined ? '' : `:${this.type}`
  }

  #whatText(): string {
    if (this.what === undefined) return 'o'
    return this.what instanceof Sample ? `[${this.what.name}]` : this.what.name
  }
}
