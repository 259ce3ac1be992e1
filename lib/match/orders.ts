/** What rules order about how a transaction is carried out. The engine and the logs read it; all times are milliseconds. */

/** What a body's bytes go through. */
export interface BodyTransformer {
  readonly readable: ReadableStream<Uint8Array>
  readonly writable: WritableStream<Uint8Array>
}

/** Makes a fresh transform of a body's bytes. */
export interface TransformMaker {
  (): BodyTransformer
  /** What comes out is as long as what went in. */
  readonly sameLength?: boolean
  /** Whose it is, where the same one must not be there twice. */
  readonly of?: object
}

/** One transaction's orders; what nobody ordered is as its proxies say. */
export interface Orders {
  /** By the names of `timeout`: `client`, `server`, `tunnel`, `connect`, `queue`, `tarpit`. */
  timeouts: Map<string, number> | undefined
  /** A level's name, or `silent`. */
  logLevel: string | undefined
  /** Its place in queues: lower classes first, then as if it had come so much later. */
  priorityClass: number | undefined
  priorityOffset: number | undefined
  /** Further tries when a connection cannot be had. */
  retries: number | undefined
  /** `false`: what was sent is not sent once more. */
  replay: boolean | undefined
  /** What the bodies go through on their way, in order. */
  requestTransforms: readonly TransformMaker[] | undefined
  responseTransforms: readonly TransformMaker[] | undefined
  /** Fields of the interim answer that is being put together, names and values in turn. */
  hints: string[] | undefined
}

/** Nothing is ordered yet. */
export const noOrders = (): Orders => ({
  timeouts: undefined,
  logLevel: undefined,
  priorityClass: undefined,
  priorityOffset: undefined,
  retries: undefined,
  replay: undefined,
  requestTransforms: undefined,
  responseTransforms: undefined,
  hints: undefined,
})
