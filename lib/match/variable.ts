/** A variable: where it is kept, by its scope, and how it is read and written. Manual, chapter 2.8. */
import { OptionError } from '../base/errors.js'
import type { Context, ProcessView } from './context.js'
import { account } from './variable-size.js'

/** How long a variable lives: the process, the connection, the transaction, the request's or the response's part of it, a health check. */
export type VariableScope = 'proc' | 'sess' | 'txn' | 'req' | 'res' | 'check'

/** As in `txn.user`. */
export type VariableName = `${VariableScope}.${string}`

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

  /** The value, `undefined` when it has not been set, or is out of reach: a request's once the response is there. */
  get(context: Context): unknown {
    return this.#owner(context)?.variables?.get(this.name)
  }

  /** Whether it could be set here. */
  isInReach(context: Context): boolean {
    return this.#owner(context) !== undefined
  }

  /** Whether it is there at all. Those of the process are, since somebody names them, with or without a value. */
  exists(context: Context): boolean {
    const owner = this.#owner(context)
    return owner !== undefined && (this.scope === 'proc' || owner.variables?.has(this.name) === true)
  }

  /** Sets it; out of its reach, nothing happens. What does not fit within the limits of the process is lost, and the old value with it. */
  set(context: Context, value: unknown): void {
    const owner = this.#owner(context)
    if (owner === undefined) return
    if (this.#fits(context, owner, value)) (owner.variables ??= new Map()).set(this.name, value)
    else this.unset(context)
  }

  /** Forgets it. */
  unset(context: Context): void {
    const owner = this.#owner(context)
    if (owner?.variables?.has(this.name) !== true) return
    this.#fits(context, owner, undefined)
    owner.variables.delete(this.name)
  }

  #fits(context: Context, owner: Owner, value: unknown): boolean {
    const { process } = context
    if (process?.variableLimits === undefined) return true
    if (this.scope === 'res') leaveRequest(context)
    return account(context, process, this.scope, owner.variables?.get(this.name), value)
  }

  #owner(context: Context): Owner | undefined {
    switch (this.scope) {
      case 'proc':
        return context.process
      case 'sess':
        return context.connection ?? context
      case 'txn':
        return context
      case 'req':
        return (context.response as unknown) === undefined ? context : undefined
      case 'res':
        return (context.response as unknown) === undefined ? undefined : context
      default:
        return context.ofCheck ? context : undefined
    }
  }
}

interface Owner {
  variables: Map<string, unknown> | undefined
}

/** The variables of the request make room for those of the response. */
function leaveRequest(context: Context): void {
  for (const [name, value] of context.variables ?? []) {
    if (!name.startsWith('req.')) continue
    account(context, context.process as ProcessView, 'req', value, undefined)
    context.variables?.delete(name)
  }
}
