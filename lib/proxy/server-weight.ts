/** How much of the load a server is to have: what was ordered, and what of it counts while it starts slowly. */
import { OptionError } from '../base/errors.js'

/** The heaviest that a server can be. */
const MOST = 256
/** Parts of one unit of weight. */
const SCALE = 16

/** The weight that an order stands for. @param initial what a percentage is of @throws {OptionError} */
export function weightFrom(subject: string, order: number | string, initial: number): number {
  const percent = typeof order === 'string' && /^\d{1,9}%$/.test(order)
  const number = typeof order === 'number' ? order : /^\d{1,9}%?$/.test(order) ? Number.parseInt(order, 10) : Number.NaN
  if (percent) return Math.min(Math.floor((initial * number) / 100), MOST)
  if (Number.isInteger(number) && number >= 0 && number <= MOST) return number
  throw new OptionError(subject, 'weight', `must be a whole number from 0 to ${MOST}, or a percentage as '50%'`)
}

/** What counts of a weight, in sixteenths. @param warmth from 0, just up, to 1 */
export function weightAt(weight: number, warmth: number): number {
  if (warmth >= 1 || weight === 0) return weight
  return Math.max(1, Math.ceil(weight * SCALE * warmth)) / SCALE
}
