/** Reads the values that many keywords take: numbers, times, sizes. What is wrong with one is told on its line. */
import { Cidr } from '../base/cidr.js'
import type { Line } from './keyword.js'

const timeUnits: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}
const longest = 2 ** 31 - 1

/** Which values are allowed. */
export interface Range {
  readonly min?: number
  readonly max?: number
}

/** A time in milliseconds. `unit` is what a bare number counts. Manual, chapter 2.5. */
export function readTime(line: Line, text: string | undefined, what: string, unit = 'ms'): number | undefined {
  const [, digits, suffix = ''] = /^(\d+)([a-z]*)/.exec(text ?? '') ?? []
  if (text === undefined || text === '') {
    line.alert(`${what} expects a time`, "write a whole number with a unit, as in '30s'")
    return undefined
  }
  const scale = timeUnits[suffix === '' ? unit : suffix]
  if (digits === undefined || scale === undefined || digits.length + suffix.length !== text.length) {
    const odd = digits === undefined ? text[0] : text[digits.length]
    const advice = /^\d+\.\d/.test(text)
      ? "write a whole number in a smaller unit, as in '1500ms'"
      : "units are 'us', 'ms', 's', 'm', 'h' and 'd'"
    line.alert(`unexpected character '${odd}' in ${what}`, advice)
    return undefined
  }
  // HAProxy rounds microseconds up: a time that was asked for never becomes none at all.
  const milliseconds = Math.ceil(Number(digits) * scale)
  if (milliseconds <= longest) return milliseconds
  line.alert(`timer overflow in argument '${text}' to ${what} (maximum value is ${longest} ms or ~24.8 days)`)
  return undefined
}

/** An integer. */
export function readInteger(line: Line, text: string | undefined, what: string, range: Range = {}): number | undefined {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = range
  if (text === undefined || !/^[+-]?\d+$/.test(text)) {
    line.alert(`${what} expects an integer argument${text === undefined || text === '' ? '' : ` (got '${text}')`}.`)
    return undefined
  }
  const value = Number(text)
  if (value >= min && value <= max) return value
  const bounds = max === Number.POSITIVE_INFINITY ? `at least ${min}` : `between ${min} and ${max}`
  line.alert(`${what} expects a numeric value ${bounds} (got ${text}).`)
  return undefined
}

/** A number of bytes: `k`, `m` and `g` are powers of 1024. */
export function readSize(line: Line, text: string | undefined, what: string): number | undefined {
  const [, digits, unit = ''] = /^(\d+)([kmg]?)$/i.exec(text ?? '') ?? []
  if (digits === undefined) {
    line.alert(
      `${what} expects a size${text === undefined || text === '' ? '' : ` (got '${text}')`}.`,
      "write a whole number, with 'k', 'm' or 'g' if you like",
    )
    return undefined
  }
  return Number(digits) * 1024 ** ' kmg'.indexOf(unit === '' ? ' ' : unit.toLowerCase())
}

/** A unix file mode, in octal digits. */
export function readMode(line: Line, text: string | undefined): number | undefined {
  if (text !== undefined && /^[0-7]{1,4}$/.test(text)) return Number.parseInt(text, 8)
  line.alert(`'mode' : missing or invalid mode '${text ?? ''}' (octal integer expected)`)
  return undefined
}

/** The value behind an option word, or an alert that it is missing. */
export function readWord(line: Line, text: string | undefined, what: string): string | undefined {
  if (text !== undefined && text !== '') return text
  line.alert(`${what} expects an argument.`)
  return undefined
}

/** Whether it is an address, or one with a mask. */
export function isNetwork(text: string): boolean {
  try {
    Cidr.parse(text)
    return true
  } catch {
    return false
  }
}
