/** What the answering actions share: making the verdict, with the letters that fit the checkpoint. */
import { type Outcome, outcomes } from '../../base/errors.js'
import { checkKnown } from '../../base/options.js'
import type { Context } from '../../match/context.js'
import { phases as everyPhase, type Phase } from '../../match/phase.js'
import type { Response } from '../../message/response.js'
import type { Reply } from '../default-replies.js'
import { type ErrorPages, pageFor } from '../error-pages.js'
import { Page } from '../page.js'
import { type CompiledReply, checkStatus, compileReply, type ReplyOptions, replyOptionNames } from '../reply.js'
import type { Respond } from '../verdict.js'

/** What a rule answers: fields and a body of its own, or a page. */
export interface AnswerOptions<in P extends Phase> extends ReplyOptions<P> {
  /**
   * In place of fields and body: `true` is the page that the proxy has for the status (HAProxy: `default-errorfiles`), a {@link Page} is sent as it
   * is (`errorfile`), {@link ErrorPages} give theirs for the status (`errorfiles`; without one, the answer is empty).
   */
  readonly errorPage?: boolean | Page | ErrorPages | undefined
}

/** Compiles an answer. Throws {@link OptionError} on what cannot be sent. */
export function compileAnswer<P extends Phase>(
  subject: string,
  status: number,
  options: AnswerOptions<P>,
): CompiledReply {
  checkKnown(subject, options, [...replyOptionNames, 'errorPage'])
  const { errorPage = false, ...reply } = options
  if (errorPage === false) return compileReply(subject, status, reply)
  checkStatus(subject, status, 200, 599)
  if (errorPage instanceof Page) return errorPage
  if (errorPage === true) return { phases: everyPhase, make: (context) => pageFor(context, status) }
  const { make } = compileReply(subject, status, {})
  return { phases: everyPhase, make: (context) => errorPage.page(status, context) ?? make(context) }
}

/** Whether a response has come already, as it has for `http-response` rules. */
export function hasResponse(context: Context): boolean {
  return (context.response as Response | undefined) !== undefined
}

/** The outcome of a redirect or an answer of ours. */
export function answered(context: Context): Outcome {
  return hasResponse(context) ? outcomes.answeredResponse : outcomes.answeredRequest
}

/** The verdict that gives an answer. @param status what the rule asks for, whatever a page says */
export function respondWith(reply: Reply, outcome: Outcome, status?: number): Respond {
  const { response, body, close = false, silent = false } = reply
  return { kind: 'respond', response, body, outcome, close, status, silent }
}

/** The proxy's own page for a status, or the built-in one. */
export function pageAnswer(context: Context, status: number, outcome: Outcome): Respond {
  return respondWith(pageFor(context, status), outcome, status)
}
