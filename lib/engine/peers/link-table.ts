/** A table between us and one peer: how far each has told the other. It outlives connections. */
import type { Lesson, SharedTable } from './shared-table.js'
import { meantBy } from './update-number.js'

export class LinkTable {
  readonly shared: SharedTable
  /** The peer's number for it, and the kinds of data that it tells; 0 while it has said nothing. */
  remoteId = 0
  remoteData = 0
  /** How what it tells becomes ours; undefined while its table is not like ours. */
  lesson: Lesson | undefined = undefined
  /** Our last update that it has acknowledged, and that it was sent. */
  acknowledged = 0
  pushed = 0
  /** Its last update that came, and that we have acknowledged. */
  received = 0
  answered = 0
  /** There is something to acknowledge. */
  owing = false

  constructor(shared: SharedTable) {
    this.shared = shared
  }

  /** A connection begins: what was sent on the one before and not acknowledged is sent again. */
  begin(): void {
    this.pushed = this.acknowledged
    this.lesson = undefined
    this.remoteId = 0
    this.owing = false
  }

  /** It has what we have told up to an update. One that was never sent means nothing. */
  acknowledge(told: number): void {
    this.acknowledged = Math.max(this.acknowledged, meantBy(told, this.pushed))
  }

  /** It has been told everything up to an update. */
  caughtUp(update: number): void {
    this.acknowledged = Math.max(this.acknowledged, update)
    this.pushed = Math.max(this.pushed, update)
  }
}
