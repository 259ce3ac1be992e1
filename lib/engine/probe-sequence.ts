/** A check that goes step by step through a conversation with a server. */
import { parseServerAddress } from '../base/address.js'
import type { Timer } from '../base/clock.js'
import { castInteger, castText } from '../match/cast.js'
import type { Context } from '../match/context.js'
import { Sample } from '../match/sample.js'
import { Fault, fromHex, type Judgement, judgeAnswer, judgeBytes } from '../proxy/checks/expectation.js'
import { requestText, textOf } from '../proxy/checks/request-text.js'
import { type CheckSequence, contentText } from '../proxy/checks/sequence.js'
import { type CheckStatus, passes, tellsCode } from '../proxy/checks/status.js'
import type { CheckStep, ConnectStep, ExpectStep, RequestStep, SendStep } from '../proxy/checks/step.js'
import { runRules } from '../rules/rule.js'
import { CheckAnswer } from './check-answer.js'
import { checkContext, showAnswer, showBytes } from './check-context.js'
import { errorText, isUntried } from './check-errors.js'
import { CheckLink, type CheckLinkOwner } from './check-link.js'
import type { Engine } from './engine.js'
import type { Target } from './network.js'
import type { Inquirer, ProbeDone, ProbeParts } from './probe.js'
import { serverStateText } from './server-state-text.js'
import { from, placeOf } from './target.js'

/** HAProxy keeps as much of what there is to say. */
const LONGEST_INFO = 127

/** One conversation. */
export class SequenceProbe implements Inquirer, CheckLinkOwner {
  readonly #engine: Engine
  readonly #parts: ProbeParts
  readonly #sequence: CheckSequence
  readonly #context: Context
  #done: ProbeDone | undefined
  /** The step that is under way; -1 is the connection that comes before all steps. */
  #at = -1
  #link: CheckLink | undefined
  #softly = false
  #timer: Timer | undefined
  #expires = 0
  /** What has come since something was last sent, for steps that look at bytes. */
  #received = ''
  #answer: CheckAnswer | undefined
  /** What the last expectation has to tell when the check ends well with it. */
  #found: { readonly info?: string | undefined; readonly code?: number | undefined; readonly status?: CheckStatus } = {}

  constructor(engine: Engine, parts: ProbeParts, sequence: CheckSequence, done: ProbeDone) {
    this.#engine = engine
    this.#parts = parts
    this.#sequence = sequence
    this.#done = done
    this.#context = checkContext(engine, parts.backend, parts.server)
  }

  start(): void {
    if (this.#sequence.connectsFirst) this.#open(this.#parts.target, false)
    else this.#next()
  }

  cancel(): void {
    this.#done = undefined
    this.#timer?.cancel()
    this.#link?.close(this.#softly)
  }

  /** Goes on with the steps that follow, up to the first that takes its time. */
  #next(): void {
    if (this.#done === undefined) return
    const step = this.#sequence.steps[++this.#at]
    this.#guard(() => (step === undefined ? this.#finish() : this.#begin(step)))
  }

  /** Samples, rules and functions of the host app may throw, which must not reach the socket that brought the bytes. */
  #guard(call: () => void): void {
    try {
      call()
    } catch (error) {
      this.#complain(error)
    }
  }

  #begin(step: CheckStep): void {
    switch (step.kind) {
      case 'connect':
        this.#connect(step)
        break
      case 'send':
        this.#send(step)
        break
      case 'request':
        this.#request(step)
        break
      case 'expect':
        this.#link?.settle()
        this.#expect(step)
        break
      case 'action': {
        const verdict = runRules([step.rule], this.#context, 'check')
        if (verdict instanceof Promise)
          verdict.then(
            () => this.#next(),
            (error) => this.#complain(error),
          )
        else this.#next()
        break
      }
      default:
        this.#next()
    }
  }

  #connect(step: ConnectStep): void {
    this.#open(this.#placeOf(step), step.linger)
  }

  #placeOf({ address, port }: ConnectStep): Target {
    const { target, server } = this.#parts
    const place = address === undefined ? target : from(server, placeOf(parseServerAddress(address), undefined, 0))
    if (!('host' in place)) return place
    const asked = this.#portOf(port) ?? (place.port || ('host' in target ? target.port : 0))
    return { ...place, port: asked }
  }

  #portOf(port: ConnectStep['port']): number | undefined {
    if (!(port instanceof Sample)) return port
    const value = castInteger(port.ask(this.#context))
    // HAProxy puts any number into the sixteen bits of a port.
    return value === undefined ? undefined : Number(BigInt.asUintN(16, BigInt(value)))
  }

  #open(target: Target, linger: boolean): void {
    this.#link?.close(this.#softly || this.#sequence.protocol === 'http')
    this.#softly = linger
    this.#received = ''
    this.#answer = undefined
    const { clock } = this.#engine
    this.#expires = clock.now() + this.#parts.patience.connect
    this.#watch()
    this.#link = new CheckLink(this.#engine, target, this, this.#engine.bufferSize)
  }

  /** An answer has its own time, and what was left for the connection. */
  connected(): void {
    const { answer } = this.#parts.patience
    if (answer !== undefined) {
      this.#expires = Math.max(this.#expires, this.#engine.clock.now() + answer)
      this.#watch()
    }
    this.#next()
  }

  #watch(): void {
    const { clock } = this.#engine
    this.#timer?.cancel()
    this.#timer = clock.after(this.#expires - clock.now(), () => this.#late())
  }

  #send({ data, hex }: SendStep): void {
    const made = textOf(data, this.#context)
    const bytes = hex ? fromHex(made) : made
    if (bytes === undefined) {
      this.#say('L7RSP', `tcp-check send : failed to build log-format string at step ${this.#at + 1}`)
      return
    }
    this.#received = ''
    if (bytes === '') this.#next()
    else this.#link?.send(bytes, () => this.#next())
  }

  #request(step: RequestStep): void {
    const { backend, server } = this.#parts
    const state = this.#sequence.sendState ? serverStateText(this.#engine, backend, server) : undefined
    this.#answer = new CheckAnswer(step.method, this.#engine.bufferSize)
    this.#link?.send(requestText(step, this.#context, state), () => this.#next())
  }

  heard(): void {
    const step = this.#sequence.steps[this.#at]
    if (step?.kind === 'expect') this.#guard(() => this.#expect(step))
  }

  #expect(step: ExpectStep): void {
    const link = this.#link as CheckLink
    if (this.#sequence.protocol === 'http') this.#expectAnswer(step, link)
    else this.#expectBytes(step, link)
  }

  #expectBytes(step: ExpectStep, link: CheckLink): void {
    const most = this.#engine.bufferSize
    if (this.#received.length < most) this.#received += link.take().toString('latin1', 0, most - this.#received.length)
    const last = link.ended || this.#received.length >= most
    if (this.#received === '') {
      if (last) this.#fail(step.errorStatus ?? 'L7RSP', `TCPCHK got an empty response at step ${this.#at + 1}`, " '")
      return
    }
    showBytes(this.#context, this.#received)
    const judgement = judgeBytes(step, { text: this.#received, last }, this.#context, most)
    const content = contentText(step)
    const missed = step.not ? `TCPCHK matched unwanted content ${content}` : `TCPCHK did not match content ${content}`
    this.#follow(step, judgement, () => `${missed} at step ${this.#at + 1}`, 'L7RSP', 0)
  }

  #expectAnswer(step: ExpectStep, link: CheckLink): void {
    const answer = this.#answer as CheckAnswer
    answer.read(link.take(), link.ended)
    const { head, body, last, bad } = answer
    if (bad) this.#say('L7RSP', '')
    if (bad || head === undefined) return
    showAnswer(this.#context, answer)
    if (head.status === 404 && this.#sequence.disableOn404) {
      this.#say('L7OKC', '', 404)
      return
    }
    const { what } = step.expected
    const ofHead = what === 'status' || what === 'rstatus' || what === 'hdr' || what === 'fhdr'
    const judgement =
      !ofHead && last && body === ''
        ? false
        : judgeAnswer(step, { status: head.status, headers: head.headers, body, last }, this.#context)
    const missed = (): string => {
      if (ofHead) return head.reason
      if (body === '') return 'HTTP content check could not find a response body'
      return step.not ? 'HTTP check matched unwanted content' : 'HTTP content check did not match'
    }
    this.#follow(step, judgement, missed, ofHead ? 'L7STS' : 'L7RSP', head.status)
  }

  /** @param missed what is said when the expectation is not met, and it does not say it itself */
  #follow(step: ExpectStep, judgement: Judgement, missed: () => string, status: CheckStatus, code: number): void {
    if (judgement === undefined) return
    if (judgement instanceof Fault) {
      this.#fail('L7RSP', judgement.info)
      return
    }
    const finding = typeof judgement === 'boolean' ? { passed: judgement } : judgement
    const known = finding.code ?? this.#codeOf(step) ?? code
    if (finding.passed) {
      const info = finding.info ?? (step.onSuccess && textOf(step.onSuccess, this.#context))
      this.#found = { info, code: known, ...(finding.status && { status: finding.status }) }
      this.#next()
      return
    }
    const info = finding.info ?? (step.onError === undefined ? missed() : textOf(step.onError, this.#context))
    this.#fail(finding.status ?? step.errorStatus ?? status, info, ' ', known)
  }

  #codeOf({ code }: ExpectStep): number | undefined {
    const value = code?.ask(this.#context)
    // Bytes are digits, too.
    const number = castInteger(Buffer.isBuffer(value) ? castText(value) : value)
    return number === undefined ? undefined : Number(number)
  }

  broken(error: NodeJS.ErrnoException): void {
    const place = this.#sequence.placeOf(this.#at)
    const text = errorText(error)
    if (this.#link?.connected === true) this.#say('SOCKERR', `${text}${place}`)
    else if (isUntried(error)) this.#say('SOCKERR', `General socket error (${text})${place}`)
    else this.#say('L4CON', `${text}${place}`)
  }

  #late(): void {
    const step = this.#sequence.steps[this.#at]
    const place = this.#sequence.placeOf(this.#at)
    if (this.#link?.connected !== true) this.#say('L4TOUT', place)
    else this.#say((step?.kind === 'expect' ? step.timeoutStatus : undefined) ?? 'L7TOUT', place)
  }

  /** All steps have been gone through. */
  #finish(): void {
    const { last, numbered, protocol } = this.#sequence
    const spoken = numbered || protocol === 'http' ? '(tcp-check)' : ''
    if (last === undefined) this.#say('L4OK', '')
    else if (last.kind === 'connect') this.#say('L4OK', spoken)
    else if (last.kind !== 'expect') this.#say('L7OK', spoken, 0)
    else {
      const { info = protocol === 'tcp' ? spoken : '', code, status } = this.#found
      this.#say(status ?? last.okStatus ?? 'L7OK', info, code)
    }
  }

  /** Something is not as it was expected: with the step's comment. @param quote what stands between the word and the comment */
  #fail(status: CheckStatus, info: string, quote = ' ', code?: number): void {
    const comment = this.#sequence.commentOf(this.#at)
    const end = quote.trim()
    this.#say(status, comment === undefined ? info : `${info} comment:${quote}${comment}${end}`, code)
  }

  /** Something of the host app went wrong, which is no fault of the server; but nothing is known of it then. */
  #complain(error: unknown): void {
    this.#engine.complain(error, `a check of '${this.#parts.backend.name}/${this.#parts.server.name}'`)
    this.#say('SOCKERR', 'the check itself failed')
  }

  #say(status: CheckStatus, description: string, code?: number): void {
    const done = this.#done
    if (done === undefined) return
    this.cancel()
    done({
      passed: passes(status),
      ...(status === 'L7OKC' && { stopping: true }),
      status,
      ...(tellsCode(status) && { code: code ?? 0 }),
      description: description.slice(0, LONGEST_INFO),
    })
  }
}
