/** A service in this process in place of a server: the request as it is for `fetch`, and its answer on its way to the client. */
import { outcomes, TransactionError } from '../base/errors.js'
import type { BodyLength } from '../codec/step.js'
import type { Context } from '../match/context.js'
import { Headers } from '../message/headers.js'
import { stripConnection, stripNamed } from '../message/hop-by-hop.js'
import type { Request } from '../message/request.js'
import { Response } from '../message/response.js'
import { reasonPhrase } from '../message/status.js'
import type { InProcessService } from '../rules/verdict.js'
import { reply } from './answer.js'
import type { BodySink, BodySource, Exchange } from './exchange.js'
import { serviceRules } from './response-rules.js'
import { conclude, type Transaction } from './transaction.js'

/** Has the service answer. Rejects with a {@link TransactionError} when it cannot, or not in time. */
export async function serve(transaction: Transaction, service: InProcessService): Promise<void> {
  const { context } = transaction
  const exchange = transaction.exchange as Exchange
  const body = new ServiceBody(transaction.source)
  try {
    const given = await answerOf(transaction, service, requestFor(transaction, body))
    // A body that somebody else reads is refused here, while there is still something else to say.
    const reader = given.body?.getReader()
    const cancel = (): void => void reader?.cancel().catch(ignore)
    body.onStop = cancel
    context.response = ours(given)
    const replaced = await serviceRules(transaction)
    if (replaced !== undefined) {
      await reply(transaction, replaced)
      return
    }
    transaction.record.status = context.response.status
    const framing = begin(transaction, exchange, given)
    if (reader !== undefined) await transaction.orBroken(send(exchange, body, reader, framing))
    conclude(transaction, outcomes.answeredRequest)
    exchange.end(undefined)
    exchange.flush()
    if (!exchange.drain()) exchange.cut()
  } catch (error) {
    throw transaction.answered && !(error instanceof TransactionError) ? broken(transaction, error) : error
  } finally {
    context.onClientEnd = undefined
    body.stop()
  }
}

/** What a body that fails in the middle is called. */
function broken(transaction: Transaction, error: unknown): TransactionError {
  transaction.engine.complain(error, transaction)
  return new TransactionError(outcomes.proxyDataError, error)
}

/** The handler's answer, unless it takes too long or the client leaves. */
function answerOf(
  transaction: Transaction,
  { handle, timeout, name }: InProcessService,
  request: globalThis.Request,
): Promise<globalThis.Response> {
  let late = false
  const answer = new Promise<globalThis.Response>((resolve, reject) => {
    const timer = Number.isFinite(timeout)
      ? transaction.engine.clock.after(timeout, () => {
          late = true
          reject(new TransactionError(outcomes.serverHeadersTimeout))
        })
      : undefined
    const give = async (): Promise<globalThis.Response> => {
      const given: unknown = await handle(request)
      if (!(given instanceof globalThis.Response)) throw new TypeError(`service '${name}' must give a Response`)
      // `Response.error()` has none.
      if (given.status < 200) throw new TypeError(`service '${name}' must give a Response with a status`)
      if (late || transaction.ended !== undefined) given.body?.cancel().catch(ignore)
      return given
    }
    give()
      .then(resolve, reject)
      .finally(() => timer?.cancel())
  })
  return transaction.orBroken(answer)
}

/** Methods that `fetch` does not know. */
const UNKNOWN = new Set(['CONNECT', 'TRACE', 'TRACK'])

/** Methods that `fetch` writes in upper case, however they came: the service would see another one than the rules have seen. */
const RESPELT = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'])

/**
 * Fires when the client leaves, and when it says that it sends no more: nobody can tell the two apart before something is sent, and an answer that
 * is given all the same is sent.
 */
function signalOf(context: Context): AbortSignal {
  const controller = new AbortController()
  const { signal } = context
  const abort = (): void => controller.abort(signal.aborted ? signal.reason : new Error('the client sends no more'))
  if (signal.aborted || context.clientEnded) abort()
  signal.addEventListener('abort', abort)
  context.onClientEnd = abort
  return controller.signal
}

function requestFor({ context, exchange }: Transaction, body: ServiceBody): globalThis.Request {
  const { request } = context
  const { method } = request
  const upper = method.toUpperCase()
  if (UNKNOWN.has(upper) || (RESPELT.has(upper) && method !== upper))
    throw new TransactionError(outcomes.proxyNotImplemented)
  const headers = new globalThis.Headers()
  for (const [name, value] of request.headers) headers.append(name, value)
  const bodiless = method === 'GET' || method === 'HEAD' || exchange?.bodyLength === 0
  return new globalThis.Request(urlOf(request), {
    method,
    headers,
    signal: signalOf(context),
    ...(bodiless ? {} : { body: body.readable, duplex: 'half' }),
  })
}

/** An absolute target says all; others count from the host that they were sent to. */
function urlOf({ target, headers, form }: Request): URL {
  const host = headers.first('host') ?? ''
  const base = URL.canParse(`http://${host}`) ? `http://${host}` : 'http://localhost'
  if (form !== 'absolute') {
    const url = new URL(base)
    const question = target.indexOf('?')
    url.pathname = question < 0 ? target : target.slice(0, question)
    url.search = question < 0 ? '' : target.slice(question)
    return url
  }
  return URL.canParse(target) ? new URL(target) : new URL(base)
}

/** The head that the client gets. What says how the body is delimited is ours. */
function ours(given: globalThis.Response): Response {
  const fields: string[] = []
  for (const [name, value] of given.headers) if (name !== 'set-cookie') fields.push(name, value)
  for (const cookie of given.headers.getSetCookie()) fields.push('set-cookie', cookie)
  const headers = new Headers(fields)
  stripNamed(headers)
  stripConnection(headers)
  headers.delete('transfer-encoding')
  if (lengthOf(given) === undefined) headers.delete('content-length')
  return new Response(given.status, given.statusText || reasonPhrase(given.status), '1.1', headers)
}

/** Begins the answer. A length that the handler has given is held to; without one the body goes in chunks. */
function begin(transaction: Transaction, exchange: Exchange, given: globalThis.Response): BodyLength {
  const { context } = transaction
  const { response, request } = context
  const bodiless = request.method === 'HEAD' || response.status === 204 || response.status === 304
  const length = lengthOf(given)
  const framing = bodiless || given.body === null ? 0 : (length ?? (exchange.chunks ? 'chunked' : 'close'))
  transaction.answered = true
  transaction.stage = 'data'
  exchange.respond(response, framing, bodiless, false)
  exchange.flush()
  return bodiless ? 0 : framing
}

function lengthOf({ headers }: globalThis.Response): number | undefined {
  const length = headers.get('content-length')
  return length !== null && /^\d{1,15}$/.test(length) ? Number(length) : undefined
}

/** So many bytes go out before others have their turn: a body that is there already would keep the whole process waiting. */
const MOST_AT_ONCE = 262_144
/** What a piece counts besides its bytes. */
const PIECE_COST = 1024

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Passes the body on, as fast as the client takes it. */
async function send(
  exchange: Exchange,
  client: ServiceBody,
  reader: ReadableStreamDefaultReader<Uint8Array>,
  framing: BodyLength,
): Promise<void> {
  if (framing === 0) return
  let left = typeof framing === 'number' ? framing : Number.POSITIVE_INFINITY
  let sent = 0
  for (;;) {
    if (sent > MOST_AT_ONCE) {
      sent = 0
      await nextTurn()
    }
    const { done, value } = await reader.read()
    if (done) break
    if (!(value instanceof Uint8Array)) throw new TypeError('the body of a Response must give bytes')
    if (value.length > left) throw new TypeError('the body of a Response is longer than its content-length')
    left -= value.length
    sent += value.length + PIECE_COST
    if (value.length === 0) continue
    const flowing = exchange.data(Buffer.from(value.buffer, value.byteOffset, value.byteLength))
    exchange.flush()
    if (!flowing) await client.drained()
  }
  client.onStop = undefined
  if (typeof framing === 'number' && left > 0)
    throw new TypeError('the body of a Response is shorter than its content-length')
}

const ignore = (): void => {}

/** The request's body as a stream, and the ear for when the client takes more of the answer. */
class ServiceBody implements BodySink {
  readonly readable: ReadableStream<Uint8Array>
  /** Called when nobody wants the answer any more. */
  onStop: (() => void) | undefined = undefined
  readonly #source: BodySource
  #controller!: ReadableStreamDefaultController<Uint8Array>
  #begun = false
  #paused = false
  #closed = false
  #drained: (() => void) | undefined = undefined

  constructor(source: BodySource) {
    this.#source = source
    source.attend(this)
    this.readable = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller
        },
        pull: () => this.#pull(),
        cancel: () => {
          this.#closed = true
        },
      },
      { highWaterMark: 0 },
    )
  }

  /** Resolves when the client takes more. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#drained = resolve
    })
  }

  /** Nobody reads it any more. */
  stop(): void {
    this.onStop?.()
    if (this.#closed) return
    this.#closed = true
    this.#controller.error(new Error('the request is over'))
  }

  #pull(): void {
    if (!this.#begun) {
      this.#begun = true
      this.#source.readBody(this)
    } else if (this.#paused) {
      this.#paused = false
      this.#source.resumeBody()
    }
  }

  onBodyData(data: Buffer): boolean {
    if (this.#closed) return true
    this.#controller.enqueue(Uint8Array.from(data))
    this.#paused = (this.#controller.desiredSize ?? 0) <= 0
    return !this.#paused
  }

  onBodyEnd(): void {
    if (this.#closed) return
    this.#closed = true
    this.#controller.close()
  }

  onBodyPause(): void {}

  onClientDrain(): void {
    const drained = this.#drained
    this.#drained = undefined
    drained?.()
  }
}
