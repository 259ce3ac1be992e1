/** Questions about variables: what rules wrote down before. */
import { AddressSample } from '../address-sample.js'
import { BytesSample } from '../bytes-sample.js'
import { castAddress, castBytes, castFlag, castInteger, castText } from '../cast.js'
import type { Context } from '../context.js'
import { defineFetch, type FetchDefinition } from '../fetch.js'
import { FlagSample } from '../flag-sample.js'
import { NumberSample } from '../number-sample.js'
import { type AnyPhase, phases as everyPhase } from '../phase.js'
import { Sample, type SampleDefinition } from '../sample.js'
import { TextSample } from '../text-sample.js'
import type { Value } from '../value.js'
import { Variable, type VariableName } from '../variable.js'

/** How a variable is read. */
export interface VariableOptions<T extends keyof VariableTypes = keyof VariableTypes> {
  /** What it is taken for: other values are made into one, as far as that can be. Default: whatever it is. */
  readonly type?: T | undefined
  /** The value where it has none. Out of the variable's reach (`res.` in a request) there is nothing. */
  readonly default?: Value | undefined
}

/** The samples that variables give, by type. */
export interface VariableTypes {
  readonly str: TextSample<AnyPhase | 'check'>
  readonly int: NumberSample<AnyPhase | 'check'>
  readonly bool: FlagSample<AnyPhase | 'check'>
  readonly ip: AddressSample<AnyPhase | 'check'>
  readonly bin: BytesSample<AnyPhase | 'check'>
}

/**
 * A variable by its full name, as in `variable('txn.user', { type: 'str' })`; absent when it has not been set. HAProxy: `var(name[,default])`.
 * @throws {OptionError} on a name that no variable can have
 */
export function variable<T extends keyof VariableTypes>(
  name: VariableName,
  options: VariableOptions<T> & { readonly type: T },
): VariableTypes[T]
export function variable(name: VariableName, options?: VariableOptions): Sample<unknown, AnyPhase | 'check'>
export function variable(name: VariableName, options: VariableOptions = {}): Sample<unknown, AnyPhase | 'check'> {
  const found = Variable.parse(name)
  const fallback = options.default
  const read = (context: Context): unknown => found.get(context) ?? (found.isInReach(context) ? fallback : undefined)
  const of = <V>(ask: (context: Context) => V | undefined, type: SampleDefinition<V>['type']): SampleDefinition<V> => ({
    name: fallback === undefined ? `var(${name})` : `var(${name},${String(fallback)})`,
    type,
    phases: everyPhase,
    ask,
  })
  switch (options.type) {
    case 'str':
      return new TextSample(of((context) => castText(read(context)), 'str'))
    case 'int':
      return new NumberSample(of((context) => castInteger(read(context)), 'int'))
    case 'bool':
      return new FlagSample(of((context) => castFlag(read(context)), 'bool'))
    case 'ip':
      return new AddressSample(of((context) => castAddress(read(context)), 'ip'))
    case 'bin':
      return new BytesSample(of((context) => castBytes(read(context)), 'bin'))
    default:
      return new Sample(of(read, 'any'))
  }
}

/** The words of haproxy.cfg for these. */
export const variableFetches: readonly FetchDefinition[] = [
  defineFetch({
    name: 'var',
    type: 'any',
    phases: everyPhase,
    standalone: true,
    arguments: [
      { name: 'name', type: 'variable' },
      { name: 'default', type: 'string', optional: true },
    ],
    make: ([name, fallback]) =>
      variable((name as Variable).name as VariableName, { default: fallback as string | undefined }),
  }),
]
