/** Waiting for something that a test can see, with a limit; nothing here knows what is waited for. */

interface Waiter {
  readonly ready: () => boolean
  readonly finish: (met: boolean) => void
}

/** Rung at every event of an exchange; whoever waits looks again whether the condition holds now. */
export class Bell {
  readonly #waiting = new Set<Waiter>()

  ring(): void {
    for (const waiter of [...this.#waiting]) if (waiter.ready()) waiter.finish(true)
  }

  /** Nobody needs to wait any longer. */
  silence(): void {
    for (const waiter of [...this.#waiting]) waiter.finish(false)
  }

  /** True once `ready` holds, false after `limit` milliseconds. */
  wait(ready: () => boolean, limit: number): Promise<boolean> {
    if (ready()) return Promise.resolve(true)
    return new Promise((resolve) => {
      const waiter: Waiter = {
        ready,
        finish: (met) => {
          clearTimeout(timer)
          this.#waiting.delete(waiter)
          resolve(met)
        },
      }
      const timer = setTimeout(() => waiter.finish(ready()), limit)
      this.#waiting.add(waiter)
    })
  }
}
