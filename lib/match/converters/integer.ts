/** Converters of integers: arithmetic, bits and comparisons (manual, chapter 7.3.1). */
import { type ConverterDefinition, integerConverter, integerWord } from '../converter.js'

const LARGEST = 2 ** 63

/** Sums that leave 64 bits stay at their edge. (HAProxy 2.6 takes any sum of two negative numbers for one; we do not.) */
const saturated = (value: number): number => Math.max(-LARGEST, Math.min(LARGEST, value))

const wide = (value: number): bigint => BigInt.asIntN(64, BigInt(value))

function withNumber(name: string, act: (value: number, operand: number) => number): ConverterDefinition {
  return integerConverter(name, 'int', 1, ([word]) => {
    const operand = integerWord(name, word)
    return (value) => act(value, operand)
  })
}

function plain<U>(name: string, type: 'int' | 'bool', act: (value: number) => U): ConverterDefinition {
  return integerConverter(name, type, 0, () => act)
}

/** Of a division by nothing HAProxy gives the largest number there is. */
const divided = (value: number, by: number): number =>
  by === 0 ? (value < 0 ? -LARGEST : LARGEST) : Math.trunc(value / by)

/** The converters of integers. */
export const integerConverters: readonly ConverterDefinition[] = [
  withNumber('add', (value, operand) => saturated(value + operand)),
  withNumber('sub', (value, operand) => saturated(value - operand)),
  withNumber('mul', (value, operand) => saturated(value * operand)),
  withNumber('div', divided),
  withNumber('mod', (value, operand) => (operand === 0 ? 0 : value % operand)),
  withNumber('and', (value, operand) => Number(wide(value) & wide(operand))),
  withNumber('or', (value, operand) => Number(wide(value) | wide(operand))),
  withNumber('xor', (value, operand) => Number(wide(value) ^ wide(operand))),
  plain('cpl', 'int', (value) => -value - 1),
  plain('neg', 'int', (value) => (value === 0 ? 0 : -value)),
  plain('bool', 'bool', (value) => value !== 0),
  plain('not', 'bool', (value) => value === 0),
  plain('odd', 'bool', (value) => value % 2 !== 0),
  plain('even', 'bool', (value) => value % 2 === 0),
]
