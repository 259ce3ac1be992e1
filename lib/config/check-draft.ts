/** What a proxy section says of its health checks; the checks are made of it in `check-link.ts`. */
import type { CheckText, HealthCheck, Step } from '../index.js'
import { asFormat, type Format, type Text } from '../match/format.js'
import type { Place } from './diagnostic.js'
import type { Linker } from './linker.js'

/** A text as it stands in the file, or a log format. */
export interface TextDraft {
  readonly text: string
  readonly format: boolean
}

/** What `option httpchk` and `http-check send` ask for. */
export interface CheckRequestDraft {
  readonly method?: string
  readonly uri?: TextDraft
  readonly version?: '1.0' | '1.1'
  readonly headers?: readonly (readonly [name: string, value: TextDraft])[]
  /** The host that `option httpchk` names, for requests that name none. */
  readonly host?: TextDraft
  readonly body?: TextDraft
  readonly comment?: string
}

/** Makes a step; nothing when something in it is wrong, which has been told. */
export type StepMaker = (linker: Linker) => Step | undefined

/** A `tcp-check` or `http-check` line. */
export interface StepDraft extends Place {
  readonly kind: 'connect' | 'send' | 'expect' | 'comment' | 'action' | 'request'
  /** Of all but `request`, whose line is put together with `option httpchk`. */
  readonly make?: StepMaker
  readonly request?: CheckRequestDraft
}

/** The two sets of steps. */
export type CheckSet = 'tcp-check' | 'http-check'

/** All of it, as a defaults section hands it on. */
export interface CheckSettings {
  /** Which check it is, or one of another protocol that is made already; without one, a connection is asked for. */
  readonly kind?: CheckSet | 'external-check' | HealthCheck
  /** Of `option httpchk`. */
  readonly request: CheckRequestDraft
  readonly steps: Readonly<Record<CheckSet, readonly StepDraft[]>>
  readonly disableOn404: boolean
  readonly sendState: boolean
  readonly command?: string
  readonly path?: string
}

export const checkSettings: CheckSettings = {
  request: {},
  steps: { 'tcp-check': [], 'http-check': [] },
  disableOn404: false,
  sendState: false,
}

/** Where samples of a check stand. */
export const checkpointOf = (name: string) => ({ phases: ['check'] as const, name })

/** A text for a step; nothing when its format is faulty, which has been told. */
export function makeText(
  { text, format }: TextDraft,
  name: string,
  place: Place,
  linker: Linker,
): CheckText | undefined {
  return format ? makeFormat(text, name, place, linker) : text
}

/** A format, be it one without a sample in it. */
export function makeFormat(text: string, name: string, place: Place, linker: Linker): Format<'check'> | undefined {
  const made = linker.format(text, place, checkpointOf(name))
  return made === undefined ? undefined : asFormat(made as Text<'check'>)
}
