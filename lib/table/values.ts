/** What is remembered of entries, by row and field: read, written and counted. Which rows there are is the business of whoever extends it. */
import type { Counted } from './data-type.js'
import type { Field } from './field.js'
import type { RateState } from './rate-cell.js'
import type { Rows } from './rows.js'

/** Fields are known by their number, in the order in which they are stored. */
export abstract class Values {
  /** Where they are kept. */
  abstract get rows(): Rows

  /** What is stored, in the order in which it was given. */
  get fields(): readonly Field[] {
    return this.rows.fields
  }

  /** The number of the first field of a data type by HAProxy's name; -1 when it is not stored. */
  field(type: string): number {
    return this.rows.field(type)
  }

  /** What a field says; of an array, one element of it. Rates as HAProxy's formula has them; 0 for texts and elements beyond the end. */
  read(row: number, field: number, now: number, element = 0): number {
    return this.rows.read(row, field, now, element)
  }

  /** All bits of a field of 64 bits. */
  readWide(row: number, field: number): bigint {
    return this.rows.readWide(row, field)
  }

  /** A rate as what it is made of. */
  readRate(row: number, field: number, now: number, element = 0): RateState {
    return this.rows.rateState(row, field, now, element)
  }

  readText(row: number, field: number): string | undefined {
    return this.rows.readText(row, field)
  }

  /** Sets a field, or an element of an array. Numbers keep their lower 32 or 64 bits; a rate counts as if so many had happened now. */
  write(row: number, field: number, value: number | bigint, now: number, element = 0): void {
    this.rows.write(row, field, value, now, element)
  }

  writeRate(row: number, field: number, state: RateState, now: number, element = 0): void {
    this.rows.setRate(row, field, state, now, element)
  }

  writeText(row: number, field: number, text: string | undefined): void {
    this.rows.writeText(row, field, text)
  }

  /** Adds to a counter or a rate; answers what it says then. */
  add(row: number, field: number, amount: number, now: number, element = 0): number {
    this.rows.add(row, field, amount, now, element)
    return this.rows.read(row, field, now, element)
  }

  /** Counts something at every field that counts it by itself. */
  count(row: number, what: Counted, amount: number, now: number): void {
    this.rows.count(row, what, amount, now)
  }
}
