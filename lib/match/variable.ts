/** A variable: where it is kept, by its scope, and how it is read and written. Manual, chapter 2.8. */
import { OptionError } from '../base/errors.js'
import type { Context } from './context.js'

/** How long a variable lives: the process, the connection, the transaction, the request's or the response's part of it, a health check. */
export type VariableScope = 'proc' | 'sess' | 'txn' | 'req' | 'res' | 'check'

export const variableScopes: readonly VariableScope[] = ['proc', 'sess', 'txn', 'req', 'res', 'check']

/** One variable, by its full name, as in `txn.user`. */
export class Variable {
  readonly scope: VariableScope
  /** With its scope. */
  readonly name: string

  private constructor(scope: VariableScope, name: string) {
    this.scope = scope
    this.name = name
  }

  /**
   * Reads a full name.
   * @throws {OptionError} that says what is wrong with it
   */
  static parse(name: string): Variable {
    const [, scope, rest] = /^([a-z]+)\.(.*)$/s.exec(name) ?? []
    if (scope === undefined || !(variableScopes as readonly string[]).includes(scope))
      throw new OptionError(`variable '${name}'`, '', `must begin with its scope: ${variableScopes.join('., ')}.`)
    const odd = /[^A-Za-z0-9_.]/.exec(rest ?? '')?.[0]
    if (rest === undefined || rest === '')
      throw new OptionError(`variable '${name}'`, '', 'has no name behind its scope')
    if (odd !== undefined)
      throw new OptionError(`variable '${name}'`, '', `'${odd}' is not permitted: letters, digits, '_' and '.' are`)
    return new Variable(scope as VariableScope, name)
  }

  /** The value, `undefined` when it has not been set. */
  get(context: Context): unknown {
    return this.#store(context)?.get(this.name)
  }

  set(context: Context, value: unknown): void {
    const owner = this.#owner(context)
    if (owner !== undefined) (owner.variables ??= new Map()).set(this.name, value)
  }

  /** Forgets it. */
  unset(context: Context): void {
    this.#store(context)?.delete(this.name)
  }

  #store(context: Context): Map<string, unknown> | undefined {
    return this.#owner(context)?.variables
  }

  #owner(context: Context): { variables: Map<string, unknown> | undefined } | undefined {
    if (this.scope === 'proc') return context.process
    return this.scope === 'sess' ? (context.connection ?? context) : context
  }
}
