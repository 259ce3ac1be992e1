/** How questions about a proxy or server are made: of the one that is named, or of the one that is in charge when they are asked. */
import type { Context } from '../../match/context.js'
import type { Late } from '../../match/links.js'

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

/** For HAProxy no time limit is 0. */
export const limitOf = (time: number | undefined): number =>
  time === undefined || time === Number.POSITIVE_INFINITY ? 0 : time
