/** What the answering actions share: making the verdict, with the letters that fit the checkpoint. */
import { type Outcome, outcomes } from '../../base/errors.js'
import type { Context } from '../../match/context.js'
import { Headers } from '../../message/headers.js'
import { Response } from '../../message/response.js'
import { reasonPhrase } from '../../message/status.js'
import { defaultReply } from '../default-replies.js'
import type { ReplyBody, Respond } from '../verdict.js'

/** Whether a response has come already, as it has for `http-response` rules. */
export function hasResponse(context: Context): boolean {
  return (context.response as Response | undefined) !== undefined
}

/** The outcome of a redirect or an answer of ours. */
export function answered(context: Context): Outcome {
  return hasResponse(context) ? outcomes.answeredResponse : outcomes.answeredRequest
}

/** The proxy's own page for a status, or the built-in one. */
export function pageAnswer(context: Context, status: number, outcome: Outcome): Respond {
  const { response, body } = context.pages?.page(status) ?? defaultReply(status)
  return { kind: 'respond', response, body, outcome, close: false }
}

/** An answer with these fields, which are copied. */
export function fieldsAnswer(status: number, fields: readonly string[], body: ReplyBody, outcome: Outcome): Respond {
  const response = new Response(status, reasonPhrase(status), '1.1', new Headers([...fields]))
  return { kind: 'respond', response, body, outcome, close: false }
}
