/** What a transaction needs of its client, whatever the version of HTTP: the request's body, and ways to answer. Codecs provide it. */
import type { BodyLength } from '../codec/step.js'
import type { Headers } from '../message/headers.js'
import type { Response } from '../message/response.js'
import type { Socket } from './network.js'

/** Who takes the request's body. */
export interface BodySink {
  /** A piece. `false`: no more for now, {@link Exchange.resumeBody} asks for it. */
  onBodyData(data: Buffer): boolean
  onBodyEnd(trailers: Headers | undefined): void
  /** All that has come so far was handed over. */
  onBodyPause(): void
  /** What was written to the client has gone out. */
  onClientDrain(): void
}

/** Where a request's body comes from. */
export interface BodySource {
  /** How it is delimited; 0 is "none". */
  readonly bodyLength: BodyLength
  /** Tells this one, from now on, when the client takes more of the answer. */
  attend(sink: BodySink): void
  /** Begins to hand over the body. */
  readBody(sink: BodySink): void
  /** Asks for more, after a piece was answered with `false`. */
  resumeBody(): void
  /** Nobody wants it any more. */
  stop?(reason: unknown): void
}

/** One request and the ways to answer it. */
export interface Exchange extends BodySource {
  /** The protocol that the client asks to switch to. */
  readonly upgrade: string | undefined
  /** The client understands bodies in chunks. */
  readonly chunks: boolean
  /** Hands over what has come of the body, and waits for nothing. */
  pullBody(sink: BodySink): void
  /** Throws away what has come of the body. @returns whether that was all of it, so that the connection can live on */
  drain(): boolean
  /** Passes an interim response (1xx) on. */
  interim(response: Response): void
  /**
   * Begins the answer.
   * @param framing how the body that follows is delimited; 0 is "none follows"
   * @param bodiless the framing fields describe a body that is not sent (HEAD, 304)
   * @param close no further request is taken on this connection
   * @param switched the answer switches to another protocol
   */
  respond(response: Response, framing: BodyLength, bodiless: boolean, close: boolean, switched?: boolean): void
  /** A piece of the answer's body. `false`: wait for {@link BodySink.onClientDrain}. */
  data(data: Buffer): boolean
  end(trailers: Headers | undefined): void
  /** Sends what was gathered. */
  flush(): void
  /** Bytes of the answer wait in the socket. */
  readonly unsent: boolean
  /** Nothing of the answer has been sent yet. */
  readonly retractable: boolean
  /** Takes an answer back of which nothing has been sent. @returns whether that was so */
  retract(): boolean
  /** Ends an answer that cannot be completed, so that the client can tell. */
  cut(): void
  /** Gives the client up at once, whatever was still to be said. */
  drop(): void
  /** The transaction is over; the next request may come. */
  done(transaction: object): void
  /** Hands over the bare socket, with what has come of it already: after 101, and after 2xx to CONNECT. */
  detach(): { readonly socket: Socket; readonly head: Buffer | undefined }
}
