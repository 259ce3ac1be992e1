/** The environment as configuration files see and change it: a copy, so that loading changes nothing in the process. */

const bytes = (text: string): string => Buffer.from(text).toString('latin1')

/** A copy of the environment's variables, held as one character a byte like everything that comes from a file. */
export class Environment {
  readonly #variables = new Map<string, string>()

  constructor(variables: Readonly<Record<string, string | undefined>>) {
    for (const [name, value] of Object.entries(variables)) {
      if (value !== undefined) this.#variables.set(name, bytes(value))
    }
  }

  /** All of them, by name. */
  get all(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#variables)
  }

  get(name: string): string | undefined {
    return this.#variables.get(name)
  }

  /** Puts variables in their places in an address, where HAProxy sees them without quotes, too; one that is not set is nothing. */
  expand(address: string): string {
    return address.replace(/\$(?:\{(\w*)\}?|(\w*))/g, (_, braced?: string, bare?: string) => {
      return this.#variables.get(braced ?? bare ?? '') ?? ''
    })
  }

  /** `setenv`. The value is one character a byte. */
  set(name: string, value: string): void {
    this.#variables.set(name, value)
  }

  /** `unsetenv`. */
  unset(name: string): void {
    this.#variables.delete(name)
  }

  /** `resetenv`: forgets every variable but those named. */
  keep(names: readonly string[]): void {
    for (const name of [...this.#variables.keys()]) if (!names.includes(name)) this.#variables.delete(name)
  }
}
