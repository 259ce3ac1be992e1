/** A retry budget: how many retries a backend may have, as a share of its requests, and a few in each second whatever its load. */

/** Seconds of load that a budget remembers: what was not spent for longer is lost. */
const MEMORY = 10
/** What a retry costs: whole numbers add up without a rest. */
const COST = 1_000_000

/** One backend's budget. It grows with each request and with time, and each retry costs 1. */
export class RetryBudget {
  readonly #share: number
  readonly #least: number
  /** What requests have earned, and the second that they came in, for the last seconds. */
  readonly #earned = new Float64Array(MEMORY)
  #second = 0
  #sum = 0
  #reserve: number
  #reserveAt = 0

  constructor({ share, least = 10 }: { readonly share: number; readonly least?: number | undefined }) {
    this.#share = Math.round(share * COST)
    this.#least = least
    this.#reserve = least
  }

  /** A request has come. @param now milliseconds of the engine's clock */
  earn(now: number): void {
    this.#forget(now)
    this.#earned[this.#second % MEMORY]! += this.#share
    this.#sum += this.#share
  }

  /** Whether there may be one more retry, which is then paid for. */
  spend(now: number): boolean {
    this.#forget(now)
    this.#reserve = Math.min(this.#least, this.#reserve + ((now - this.#reserveAt) / 1000) * this.#least)
    this.#reserveAt = now
    if (this.#sum >= COST) {
      this.#pay()
      return true
    }
    if (this.#reserve < 1) return false
    this.#reserve--
    return true
  }

  /** Takes the cost from what was earned, the oldest first. */
  #pay(): void {
    let due = COST
    for (let age = MEMORY - 1; age >= 0 && due > 0; age--) {
      const at = (this.#second - age + MEMORY) % MEMORY
      const part = Math.min(due, this.#earned[at]!)
      this.#earned[at]! -= part
      due -= part
    }
    this.#sum = Math.max(0, this.#sum - COST)
  }

  #forget(now: number): void {
    const second = Math.floor(now / 1000)
    if (second === this.#second) return
    for (let gone = Math.min(MEMORY, second - this.#second); gone > 0; gone--) {
      const at = (second - gone + 1) % MEMORY
      this.#sum = Math.max(0, this.#sum - this.#earned[at]!)
      this.#earned[at] = 0
    }
    this.#second = second
  }
}
