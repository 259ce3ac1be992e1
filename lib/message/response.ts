/** A response's head as a value: status, reason, version, header fields. Its body flows elsewhere. */
import { FieldError, Headers, type HeadersInit, isFieldValue } from './headers.js'
import type { Version } from './request.js'
import { reasonPhrase } from './status.js'

/** A response. */
export class Response {
  /** 100 to 999; the codec lets nothing else in. */
  status: number
  /** The text after the status, which means nothing to programs and may be empty. */
  reason: string
  version: Version
  readonly headers: Headers

  /** Takes everything as it is, unchecked; {@link Response.from} checks. */
  constructor(status: number, reason: string, version: Version = '1.1', headers: Headers = new Headers()) {
    this.status = status
    this.reason = reason
    this.version = version
    this.headers = headers
  }

  /** A response from loose parts, with HAProxy's reason phrase unless one is given; throws {@link FieldError} on what cannot be sent. */
  static from(status: number, headers: HeadersInit = [], reason: string = reasonPhrase(status)): Response {
    if (!Number.isInteger(status) || status < 100 || status > 999)
      throw new FieldError(`status ${status} is not from 100 to 999`)
    if (!isFieldValue(reason))
      throw new FieldError(`reason ${JSON.stringify(reason)} has a character that no reason may have`)
    return new Response(status, reason, '1.1', Headers.from(headers))
  }

  /** A copy that can be changed on its own. */
  clone(): Response {
    return new Response(this.status, this.reason, this.version, this.headers.clone())
  }
}
