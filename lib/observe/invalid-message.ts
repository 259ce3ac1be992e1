/** What is kept of the last message of a peer that broke HTTP's rules, so that operators can see which byte it was (`show errors`). */

/** One such message; its bytes are a copy of at most a buffer's worth. */
export interface InvalidMessage {
  /** Its number among all of the process, from 0. */
  readonly event: number
  /** When, by the wall clock, in milliseconds. */
  readonly wall: number
  readonly client: string
  readonly frontend: string
  readonly frontendId: number
  /** The backend that it was meant for or came from; undefined when none was chosen yet. */
  readonly backend: string | undefined
  readonly backendId: number
  readonly server: string | undefined
  readonly serverId: number
  readonly bytes: Buffer
  /** Where in `bytes` it went wrong. */
  readonly position: number
  /** Which part of the message that is. */
  readonly place: 'head' | 'headEnd' | 'chunkSize' | 'chunkEnd' | 'trailers'
  /** The bytes that could have been kept. */
  readonly buffer: number
  /** What is wrong, in a sentence. */
  readonly reason: string
}
