/** What expressions see, on the standard output or on that for errors: one line each, as it is. */
import { systemClock } from '../base/clock.js'
import { OptionError } from '../base/errors.js'
import type { EventSink, SeenValue } from '../match/event-sink.js'
import { DescriptorSink } from './descriptor-sink.js'

/** Prints what expressions see. */
export class DescriptorEvents implements EventSink {
  readonly name: 'stdout' | 'stderr'
  readonly #sink: DescriptorSink

  constructor(name: 'stdout' | 'stderr', warn: (text: string) => void) {
    this.name = name
    this.#sink = new DescriptorSink(name === 'stdout' ? 1 : 2, { clock: systemClock, warn })
  }

  /** Lines that were lost: whoever reads them was too slow. */
  get dropped(): number {
    return this.#sink.dropped
  }

  show({ text }: SeenValue): void {
    this.#sink.write(`${text}\n`)
  }
}

/**
 * Prints the values that `debug()` shows: `src.debug('client', eventsOn('stderr'))`. HAProxy: `debug(client,stderr)`.
 * @throws {OptionError} when it is neither of the two
 */
export function eventsOn(name: 'stdout' | 'stderr'): EventSink {
  if (name !== 'stdout' && name !== 'stderr') throw new OptionError('eventsOn()', '', "must be 'stdout' or 'stderr'")
  return new DescriptorEvents(name, (text) => process.emitWarning(text))
}
