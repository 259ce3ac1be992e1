/** How questions about a proxy or server are made: of the one that is named, or of the one that is in charge when they are asked. */
import type { ArgumentDefinition, ArgumentValue } from '../../match/argument.js'
import { callText } from '../../match/call-text.js'
import type { Context, Named } from '../../match/context.js'
import { defineFetch, type FetchDefinition } from '../../match/fetch.js'
import type { Late } from '../../match/links.js'
import { NumberSample } from '../../match/number-sample.js'
import type { Phase } from '../../match/phase.js'

/** The one that is asked about, when there is one. */
export type Whom<T> = (context: Context) => T | undefined

/** An object of ours, or its stand-in of a configuration that is still being linked. */
export type Reference<T> = T | Late<T>

/** @param present who is asked about when nobody is named */
export function whom<T extends object>(reference: Reference<T> | undefined, present: Whom<T>): Whom<T> {
  if (reference === undefined) return present
  if (!isLate<T>(reference)) return () => reference
  let found: T | undefined
  return () => (found ??= reference.get())
}

function isLate<T extends object>(reference: Reference<T>): reference is Late<T> {
  return 'get' in reference && typeof reference.get === 'function'
}

/** Makes a question for a number: of the one that is named, or of the one in charge. */
export type NumberOf<T extends Named, P extends Phase> = (
  fetch: string,
  reference: Reference<T> | undefined,
  read: (of: T, context: Context) => number | undefined,
) => NumberSample<P>

/** Questions for numbers about one kind of thing. */
export const numbersOf =
  <T extends Named, P extends Phase>(present: Whom<T>, phases: readonly Phase[]): NumberOf<T, P> =>
  (fetch, reference, read) => {
    const find = whom(reference, present)
    return new NumberSample<P>({
      name: callText(fetch, reference === undefined ? [] : [reference.name]),
      type: 'int',
      phases,
      ask: (context) => {
        const found = find(context)
        return found === undefined ? undefined : read(found, context)
      },
    })
  }

/** The word of a haproxy.cfg for a question for a number. */
export const numberFetch =
  <T extends Named, P extends Phase>(phases: readonly Phase[], wanted: readonly ArgumentDefinition[]) =>
  (name: string, make: (reference: Reference<T>) => NumberSample<P>): FetchDefinition =>
    defineFetch({
      name,
      type: 'int',
      phases,
      arguments: wanted,
      make: ([reference]: readonly ArgumentValue[]) => make(reference as Reference<T>),
    })

/** For HAProxy no time limit is 0. */
export const limitOf = (time: number | undefined): number =>
  time === undefined || time === Number.POSITIVE_INFINITY ? 0 : time
