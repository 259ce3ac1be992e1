/** Converters of integers: arithmetic, bits and comparisons (manual, chapter 7.3.1). */
import { add, type Integer, LARGEST_INT64, multiply, saturated, subtract, wrapped } from '../../base/int64.js'
import { integerOperand } from '../argument.js'
import { type ConverterDefinition, defineConverter } from '../converter.js'

const value = [{ name: 'value', type: 'integer or variable', optional: true }] as const

/** Without a number, which HAProxy takes as well, it is 0. */
function withOperand(name: string, act: (value: Integer, operand: Integer) => Integer): ConverterDefinition {
  return defineConverter({
    name,
    from: 'int',
    type: 'int',
    arguments: value,
    prepare: ([given = 0]) => {
      const operand = integerOperand(given)
      return (number, context) => {
        const other = operand(context)
        return other === undefined ? undefined : act(number, other)
      }
    },
  })
}

function plain(name: string, type: 'int' | 'bool', act: (value: Integer) => Integer | boolean): ConverterDefinition {
  return defineConverter({ name, from: 'int', type, prepare: () => act })
}

const bits =
  (act: (a: bigint, b: bigint) => bigint) =>
  (a: Integer, b: Integer): Integer =>
    wrapped(act(BigInt(a), BigInt(b)))

/** Of a division by nothing HAProxy gives the largest number there is. */
function divided(a: Integer, b: Integer): Integer {
  if (b === 0) return LARGEST_INT64
  return saturated(BigInt(a) / BigInt(b))
}

/** The converters of integers. */
export const integerConverters: readonly ConverterDefinition[] = [
  withOperand('add', add),
  withOperand('sub', subtract),
  withOperand('mul', multiply),
  withOperand('div', divided),
  withOperand('mod', (a, b) => (b === 0 ? 0 : wrapped(BigInt(a) % BigInt(b)))),
  withOperand(
    'and',
    bits((a, b) => a & b),
  ),
  withOperand(
    'or',
    bits((a, b) => a | b),
  ),
  withOperand(
    'xor',
    bits((a, b) => a ^ b),
  ),
  plain('cpl', 'int', (number) => subtract(-1, number)),
  plain('neg', 'int', (number) => subtract(0, number)),
  plain('bool', 'bool', (number) => number !== 0),
  plain('not', 'bool', (number) => number === 0),
  plain('odd', 'bool', (number) => BigInt(number) % 2n !== 0n),
  plain('even', 'bool', (number) => BigInt(number) % 2n === 0n),
]
