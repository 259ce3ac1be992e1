/**
 * Errors that people see: a wrong option at construction, and a transaction that failed, as side × stage × cause.
 * The status code, whether a retry can help and HAProxy's two termination letters come from the one table here.
 */

/** A constructor or a factory was given something that it cannot use. `path` names the option, as in `servers[1].weight`. */
export class OptionError extends Error {
  override readonly name = 'OptionError'
  readonly code = 'ERR_OPTION'
  readonly path: string

  constructor(subject: string, path: string, message: string) {
    super(path === '' ? `${subject}: ${message}` : `${subject}: option '${path}': ${message}`)
    this.path = path
  }
}

/**
 * Why a transaction ended. The first letter of `termination` says who ended it, the second in which stage
 * (manual, "Session state at disconnection").
 */
export interface Outcome {
  /** `ERR_<SIDE>_<STAGE>_<CAUSE>`, or `OK`. */
  readonly code: string
  /** HAProxy's two letters: `--` is a normal end. */
  readonly termination: string
  /** The status that we answer with, when no response has begun; 0 closes without an answer. */
  readonly status: number
  /** Another try, on this server or on the next, may succeed. */
  readonly retryable: boolean
}

const outcome = (code: string, termination: string, status: number, retryable = false): Outcome => ({
  code,
  termination,
  status,
  retryable,
})

/** Every way in which a transaction can end. `answered…` are the ones in which a rule has given the answer (redirect, respond). */
export const outcomes = {
  ok: outcome('OK', '--', 0),
  answeredRequest: outcome('OK', 'LR', 0),
  answeredResponse: outcome('OK', 'LH', 0),
  clientRequestBad: outcome('ERR_CLIENT_REQUEST_BAD', 'PR', 400),
  clientRequestAbort: outcome('ERR_CLIENT_REQUEST_ABORT', 'CR', 400),
  clientRequestTimeout: outcome('ERR_CLIENT_REQUEST_TIMEOUT', 'cR', 408),
  clientQueueAbort: outcome('ERR_CLIENT_QUEUE_ABORT', 'CQ', 0),
  clientConnectAbort: outcome('ERR_CLIENT_CONNECT_ABORT', 'CC', 0),
  clientBodyAbort: outcome('ERR_CLIENT_BODY_ABORT', 'CD', 0),
  clientBodyBad: outcome('ERR_CLIENT_BODY_BAD', 'PH', 400),
  clientBodyTimeout: outcome('ERR_CLIENT_BODY_TIMEOUT', 'cD', 408),
  clientBodyTooLarge: outcome('ERR_CLIENT_BODY_TOO_LARGE', 'PR', 413),
  clientHeadersAbort: outcome('ERR_CLIENT_HEADERS_ABORT', 'CH', 400),
  clientHeadersTimeout: outcome('ERR_CLIENT_HEADERS_TIMEOUT', 'cH', 408),
  clientDataAbort: outcome('ERR_CLIENT_DATA_ABORT', 'CD', 0),
  clientDataTimeout: outcome('ERR_CLIENT_DATA_TIMEOUT', 'cD', 0),
  proxyRequestDenied: outcome('ERR_PROXY_REQUEST_DENIED', 'PR', 403),
  proxyRequestError: outcome('ERR_PROXY_REQUEST_ERROR', 'PR', 500),
  proxyNotImplemented: outcome('ERR_PROXY_REQUEST_METHOD', 'PR', 501),
  proxyRequestTarpit: outcome('ERR_PROXY_REQUEST_TARPIT', 'PT', 500),
  proxyRequestResource: outcome('ERR_PROXY_REQUEST_RESOURCE', 'RC', 503),
  proxyResponseDenied: outcome('ERR_PROXY_RESPONSE_DENIED', 'PH', 502),
  proxyResponseCacheable: outcome('ERR_PROXY_RESPONSE_CACHEABLE', 'PH', 502),
  proxyResponseError: outcome('ERR_PROXY_RESPONSE_ERROR', 'PH', 500),
  proxyDropped: outcome('ERR_PROXY_RESPONSE_DROPPED', 'PR', 0),
  proxyDataError: outcome('ERR_PROXY_DATA_ERROR', 'PD', 0),
  proxyDataDenied: outcome('ERR_PROXY_DATA_DENIED', 'PD', 0),
  proxyNoServer: outcome('ERR_SERVER_SELECT_NONE', 'SC', 503),
  proxyQueueFull: outcome('ERR_SERVER_QUEUE_FULL', 'SQ', 503),
  serverQueueTimeout: outcome('ERR_SERVER_QUEUE_TIMEOUT', 'sQ', 503),
  serverConnectRefused: outcome('ERR_SERVER_CONNECT_REFUSED', 'SC', 503, true),
  serverConnectTimeout: outcome('ERR_SERVER_CONNECT_TIMEOUT', 'sC', 503, true),
  serverHeadersAbort: outcome('ERR_SERVER_HEADERS_ABORT', 'SH', 502, true),
  serverHeadersTimeout: outcome('ERR_SERVER_HEADERS_TIMEOUT', 'sH', 504),
  serverBodyTooLarge: outcome('ERR_SERVER_BODY_TOO_LARGE', 'PH', 502),
  serverBodyTimeout: outcome('ERR_SERVER_BODY_TIMEOUT', 'sR', 504),
  serverHeadersBad: outcome('ERR_SERVER_HEADERS_BAD', 'PH', 502),
  serverDataAbort: outcome('ERR_SERVER_DATA_ABORT', 'SD', 0),
  serverDataBad: outcome('ERR_SERVER_DATA_BAD', 'PD', 0),
  serverDataTimeout: outcome('ERR_SERVER_DATA_TIMEOUT', 'sD', 0),
  serverDownRequest: outcome('ERR_SERVER_REQUEST_DOWN', 'D-', 0),
  serverDownQueue: outcome('ERR_SERVER_QUEUE_DOWN', 'DQ', 503),
  serverDownConnect: outcome('ERR_SERVER_CONNECT_DOWN', 'DC', 503),
  serverDownHeaders: outcome('ERR_SERVER_HEADERS_DOWN', 'DH', 502),
  serverDown: outcome('ERR_SERVER_DATA_DOWN', 'DD', 0),
  serverUpRequest: outcome('ERR_SERVER_REQUEST_UP', 'U-', 0),
  serverUpQueue: outcome('ERR_SERVER_QUEUE_UP', 'UQ', 503),
  serverUpConnect: outcome('ERR_SERVER_CONNECT_UP', 'UC', 503),
  serverUpHeaders: outcome('ERR_SERVER_HEADERS_UP', 'UH', 502),
  serverUp: outcome('ERR_SERVER_DATA_UP', 'UD', 0),
  killedRequest: outcome('ERR_PROXY_REQUEST_KILLED', 'K-', 0),
  killedQueue: outcome('ERR_PROXY_QUEUE_KILLED', 'KQ', 503),
  killedConnect: outcome('ERR_PROXY_CONNECT_KILLED', 'KC', 503),
  killedHeaders: outcome('ERR_PROXY_HEADERS_KILLED', 'KH', 502),
  killed: outcome('ERR_PROXY_DATA_KILLED', 'KD', 0),
} as const satisfies Record<string, Outcome>

/** A transaction that cannot go on: how it ends, and what brought it there. */
export class TransactionError extends Error {
  override readonly name = 'TransactionError'
  readonly code: string
  readonly outcome: Outcome

  constructor(ended: Outcome, cause?: unknown) {
    super(cause instanceof Error ? `${ended.code}: ${cause.message}` : ended.code, { cause })
    this.code = ended.code
    this.outcome = ended
  }
}
