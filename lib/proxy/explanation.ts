/** The life of one request as it would go, as data: what `explain()` gives. How it reads as text stands in `explanation-text`. */
import { Ip } from '../base/ip.js'
import type { RuleSighting } from '../rules/rule.js'
import { explanationText } from './explanation-text.js'

/** A value as JSON can hold it: integers beyond the safe range and addresses as text, binaries as hexadecimal digits. */
export type PlainValue = string | number | boolean | readonly PlainValue[]

/** One thing that a condition looked at. */
export interface ExplainedSighting {
  /** The question with its patterns, as in `path -m beg /api/`, or the name of an ACL. */
  readonly condition: string
  /** The value that it saw; absent when there was none. */
  readonly saw?: PlainValue
  readonly answer: boolean | 'not yet'
}

/** One thing that a rule changed. */
export interface ExplainedChange {
  /** As in `request header x-client`, `request target`, `variable txn.user`. */
  readonly subject: string
  /** Absent when it was not there before. Header fields have a list, with one value for each line. */
  readonly from?: PlainValue
  /** Absent when it is gone. */
  readonly to?: PlainValue
}

/** One rule or route that was looked at. */
export interface ExplainedStep {
  /** Whose it is. */
  readonly side: 'frontend' | 'backend'
  /** The name of that frontend or backend. */
  readonly proxy: string
  /** As in `http-request`, `use_backend`. */
  readonly set: string
  readonly rule: string
  /** `file:line`, when it comes from a file. */
  readonly where?: string
  /** Its condition in words. */
  readonly condition?: string
  readonly saw: readonly ExplainedSighting[]
  /** Whether its condition held. */
  readonly applied: boolean | 'not yet'
  /** What it said: `go on`, `allow`, `respond 403`, `forward`, `failed: …` … */
  readonly said: string
  readonly changed: readonly ExplainedChange[]
}

/** A message's head; strings are latin1, one character a byte. */
export interface ExplainedRequest {
  readonly method: string
  readonly target: string
  readonly version: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Bytes of its body; absent when nobody knows before it has come. */
  readonly bodyLength?: number
}

export interface ExplainedAnswer {
  readonly status: number
  readonly reason: string
  readonly version: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** What we send ourselves; the body of a server's answer is not known. */
  readonly body?: string
  /** HAProxy's two letters; see the manual, "Session state at disconnection". */
  readonly termination: string
}

/** Which server would take the request, as things are. */
export interface ExplainedServer {
  /** Absent when there is none. */
  readonly name?: string
  readonly address?: string
  /** Why this one: the algorithm, and how many it could choose from; or why none. */
  readonly why: string
  /** Those that it cannot be now. */
  readonly out: readonly { readonly name: string; readonly why: string }[]
}

/** What becomes of the request. `failed`: a rule in code threw. `closed`: the connection, without a word. `waits`: for more bytes than there are. */
export type ExplainedVerdict =
  | 'forward'
  | 'answer'
  | 'tarpit'
  | 'service'
  | 'closed'
  | 'no backend'
  | 'waits'
  | 'failed'

/** What {@link Explanation} holds. New members may come; those that are there keep their names and meanings. */
export interface ExplanationData {
  /** Milliseconds since 1970 at which it is. */
  readonly time: number
  readonly client: { readonly address: string; readonly port: number }
  /** What the client connected to. */
  readonly destination: { readonly address: string; readonly port: number }
  /** As the client sent it; absent for bytes that are no request. */
  readonly request?: ExplainedRequest
  readonly frontend: { readonly name: string; readonly mode: string; readonly why: string }
  /** Every rule and route that was looked at on the way to the server, in order. */
  readonly steps: readonly ExplainedStep[]
  readonly verdict: ExplainedVerdict
  readonly backend?: { readonly name: string; readonly mode: string }
  readonly server?: ExplainedServer
  /** The request as the server would get it. */
  readonly sent?: ExplainedRequest
  /** Every rule that was looked at on the way back. */
  readonly responseSteps: readonly ExplainedStep[]
  /** What the client would get: our own answer, or the server's when one was given. */
  readonly answer?: ExplainedAnswer
  /** What went wrong in a rule, where something did. */
  readonly fault?: string
}

/**
 * How one request would go. As text it reads from top to bottom; `JSON.stringify()` gives {@link ExplanationData}.
 *
 * ```ts
 * console.log(String(await balancer.explain('https://api.example.com/x', { src: '10.1.2.3' })))
 * ```
 */
export class Explanation {
  readonly data: ExplanationData

  constructor(data: ExplanationData) {
    this.data = data
  }

  /** The rules that ran, with and without an effect, on the way to the server and on the way back. */
  get steps(): readonly ExplainedStep[] {
    return [...this.data.steps, ...this.data.responseSteps]
  }

  toJSON(): ExplanationData {
    return this.data
  }

  toString(): string {
    return explanationText(this.data)
  }
}

/** A value as JSON can hold it. */
export function plainValue(value: unknown): PlainValue {
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (Array.isArray(value)) return value.map(plainValue)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (value instanceof Ip || typeof value === 'bigint') return value.toString()
  return typeof value === 'object' && value !== null ? '[object]' : String(value)
}

/** What the trace told of a rule, as a step of a proxy. */
export function plainStep(side: ExplainedStep['side'], proxy: string, sighting: RuleSighting): ExplainedStep {
  const { set, rule, where, condition, saw, applied, said, changed = [] } = sighting
  return {
    side,
    proxy,
    set,
    rule,
    ...(where === undefined ? {} : { where }),
    ...(condition === undefined ? {} : { condition }),
    saw: saw.map((one) => ({
      condition: one.condition,
      ...(one.saw === undefined ? {} : { saw: plainValue(one.saw) }),
      answer: one.answer,
    })),
    applied,
    said,
    changed: changed.map(({ subject, from, to }) => ({
      subject,
      ...(from === undefined ? {} : { from: plainValue(from) }),
      ...(to === undefined ? {} : { to: plainValue(to) }),
    })),
  }
}
