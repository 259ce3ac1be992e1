/** `count` and `mark`: change what a stick table remembers of a key, by hand. */
import { OptionError } from '../../base/errors.js'
import type { Context } from '../../match/context.js'
import { phases as everyPhase, type Phase } from '../../match/phase.js'
import { notYet, Sample } from '../../match/sample.js'
import { Cell, GeneralCounter, type Spot } from '../../table/cell.js'
import { type Finder, trackedSpot, valueSpot } from '../../table/spot.js'
import { StickTable } from '../../table/stick-table.js'
import { Rule } from '../rule.js'
import { type Numeric, numberOf, type Reading, sharedPhases } from './number.js'

/** Where there is a client. */
export type ClientRulePhase = Exclude<Phase, 'log' | 'check'>

const places = everyPhase.filter((phase): phase is ClientRulePhase => phase !== 'log' && phase !== 'check')

/** Of which key. */
export interface MarkOptions<in P extends Phase> {
  /** The key that is tracked in this slot. Default 0. */
  readonly slot?: number | undefined
  /** The key itself, tracked or not; it is remembered from then on. */
  readonly key?: Sample<unknown, P> | undefined
  /** Which element of an array, from 0 on. Default 0. */
  readonly element?: number | undefined
}

/** Of which key, and how much. */
export interface CountOptions<in P extends Phase> extends MarkOptions<P> {
  /** Default 1. A question without an answer adds nothing. */
  readonly by?: Numeric<P> | undefined
}

/**
 * Adds to a {@link general} counter, and to the {@link generalRate} beside it: `count(clients, 'strikes')` for the key that is tracked in slot 0, `count(clients, 'strikes',
 * { key: src })` for any key. Nothing happens when nothing is tracked. HAProxy: `sc-inc-gpc0(0)`, `sc-inc-gpc(1,0)`, `sc-add-gpc(1,0) 5`.
 * @throws {OptionError} for a field that the table does not have, or that counts by itself
 */
export function count<F extends string, P extends Phase = Phase>(
  table: StickTable<F>,
  field: F,
  options: CountOptions<P> = {},
): Rule<P & ClientRulePhase> {
  const { name, spot, own } = target('count', table, field, /^gpc[01]?(?:_rate)?$/, options)
  return counting(
    `${name} ${field}`,
    spot,
    name.replace(/_rate$/, ''),
    options.element ?? 0,
    numberOf(options.by ?? 1),
    own,
  )
}

/**
 * Sets a {@link tag}, or one of {@link tags}: `mark(clients, 'banned', 1, { key: src })`. Nothing happens when nothing is tracked, or the question for the value has no
 * answer. HAProxy: `sc-set-gpt0(0) 1`, `sc-set-gpt(1,0) 1`.
 * @throws {OptionError} for a field that is no tag of the table
 */
export function mark<F extends string, P extends Phase = Phase>(
  table: StickTable<F>,
  field: F,
  value: Numeric<P>,
  options: MarkOptions<P> = {},
): Rule<P & ClientRulePhase> {
  const { name, spot, own } = target('mark', table, field, /^gpt0?$/, options)
  return marking(`${name} ${field}`, spot, name, options.element ?? 0, numberOf(value), own)
}

/** What the two have in common: the data type, how its entry is found, and where. */
function target<F extends string, P extends Phase>(
  action: string,
  table: StickTable<F>,
  field: F,
  fits: RegExp,
  { slot = 0, key, element = 0 }: MarkOptions<P>,
): { readonly name: string; readonly spot: Finder; readonly own: readonly Phase[] } {
  if (!(table instanceof StickTable)) throw new OptionError(action, 'table', 'must be a StickTable')
  const stored = table.fields[table.names.indexOf(field)]
  if (stored === undefined || !fits.test(stored.type.name)) {
    throw new OptionError(action, 'field', `'${field}' is nothing of table '${table.name}' that it could change`)
  }
  if (!(Number.isInteger(element) && element >= 0 && element < stored.length))
    throw new OptionError(action, 'element', `must be from 0 to ${stored.length - 1}, but is ${element}`)
  if (key !== undefined && !(key instanceof Sample)) throw new OptionError(action, 'key', 'must be a sample, as src')
  if (!(Number.isInteger(slot) && slot >= 0)) throw new OptionError(action, 'slot', `must be 0 or more, but is ${slot}`)
  const given = table as unknown as StickTable
  return {
    name: stored.type.name,
    spot: key === undefined ? trackedSpot(slot, given) : valueSpot(given, key, true),
    own: key === undefined ? places : places.filter((phase) => key.phases.includes(phase)),
  }
}

/** `sc-inc-gpc…` and `sc-add-gpc`: of whichever table the slot tracks. */
export function countTracked(name: string, of: string, element: number, slot: number, by: Numeric<never>): Rule<never> {
  return counting(name, trackedSpot(slot), of, element, numberOf(by), places)
}

/** `sc-set-gpt…`: of whichever table the slot tracks. */
export function markTracked(name: string, of: string, element: number, slot: number, by: Numeric<never>): Rule<never> {
  return marking(name, trackedSpot(slot), of, element, numberOf(by), places)
}

function counting<P extends Phase>(
  name: string,
  find: Finder,
  of: string,
  element: number,
  by: Reading,
  own: readonly Phase[],
): Rule<P> {
  const general = new GeneralCounter(of, element)
  return changing(name, find, by, own, (spot, amount, { now }) => {
    general.add(spot, amount, now)
  })
}

function marking<P extends Phase>(
  name: string,
  find: Finder,
  of: string,
  element: number,
  value: Reading,
  own: readonly Phase[],
): Rule<P> {
  const cell = new Cell(of, element)
  return changing(name, find, value, own, (spot, given, { now }) => {
    cell.write(spot, given, now)
    if (spot.row !== -1 && spot.rows === spot.table.rows) spot.table.touch(spot.row, now)
  })
}

/** Of values, the lower 32 bits count. What is looked up by its key stays as it is in a decision that is not carried out. */
function changing<P extends Phase>(
  name: string,
  find: Finder,
  value: Reading,
  own: readonly Phase[],
  change: (spot: Spot, value: number, context: Context) => void,
): Rule<P> {
  return new Rule<P>(name, sharedPhases(own, value), (context) => {
    const given = value.read(context)
    if (given === undefined) return undefined
    const spot = find(context)
    if (spot === undefined || spot === notYet || (context.rehearsal && spot.rows === spot.table.rows)) return undefined
    change(spot, given >>> 0, context)
    return undefined
  })
}
