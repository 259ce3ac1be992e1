/** Where questions show what they see while they are asked: the event sinks of HAProxy's `debug`. What keeps or prints it belongs to other rooms. */
import type { Value } from './value.js'

/** One value that was seen on its way through an expression. */
export interface SeenValue {
  /** What tells it from others: the first argument of `debug`. */
  readonly prefix: string
  /** HAProxy's word: `bool`, `sint`, `str`, `bin`, `ipv4`, `ipv6`, `meth`. */
  readonly type: string
  readonly value: Value
  /** `[debug] prefix: type=str <value>`, in one line; what cannot be printed stands as `.`, and bytes end at the first that is zero, as in HAProxy. */
  readonly text: string
  /** Milliseconds since 1970. */
  readonly wall: number
}

/** Takes what is seen. It may not throw, wait or steer. */
export interface EventSink {
  readonly name: string
  show(seen: SeenValue): void
}
