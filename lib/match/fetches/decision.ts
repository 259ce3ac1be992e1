/** Questions about what rules have ordered and decided so far. */
import type { Context } from '../context.js'
import { defineFetch, type FetchDefinition } from '../fetch.js'
import { FlagSample } from '../flag-sample.js'
import { NumberSample } from '../number-sample.js'
import type { AnyPhase } from '../phase.js'
import { TextSample } from '../text-sample.js'
import { anyPhases, clientPhases } from './phases.js'

/** The class by which it stands in queues. HAProxy: `prio_class`. */
export const priorityClass: NumberSample<AnyPhase> = new NumberSample({
  name: 'prio_class',
  type: 'int',
  phases: anyPhases,
  ask: ({ orders }) => orders?.priorityClass ?? 0,
})

/** How much later it stands in queues than it came, in milliseconds. HAProxy: `prio_offset`. */
export const priorityOffset: NumberSample<AnyPhase> = new NumberSample({
  name: 'prio_offset',
  type: 'int',
  phases: anyPhases,
  ask: ({ orders }) => orders?.priorityOffset ?? 0,
})

/** It is the first request on its connection. HAProxy: `http_first_req`. */
export const firstRequest: FlagSample<AnyPhase> = new FlagSample({
  name: 'http_first_req',
  type: 'bool',
  phases: anyPhases,
  ask: ({ first }) => first,
})

/** Where the last rule was written that settled a course, cut at its last colon. */
const lastRule = ({ lastRule: where }: Context): readonly [file: string, line: string] | undefined => {
  if (where === undefined) return undefined
  const colon = where.lastIndexOf(':')
  return [where.slice(0, colon), where.slice(colon + 1)]
}

/** The file of the last rule that settled the course; absent when none has, or it was not written in a file. HAProxy: `last_rule_file`. */
export const lastRuleFile: TextSample<AnyPhase> = new TextSample({
  name: 'last_rule_file',
  type: 'str',
  phases: anyPhases,
  ask: (context) => lastRule(context)?.[0],
})

/** Its line. HAProxy: `last_rule_line`. */
export const lastRuleLine: NumberSample<AnyPhase> = new NumberSample({
  name: 'last_rule_line',
  type: 'int',
  phases: anyPhases,
  ask: (context) => {
    const line = lastRule(context)?.[1]
    return line === undefined ? undefined : Number(line)
  },
})

/** Both, as `file:line`. HAProxy: `last_entity`. */
export const lastEntity: TextSample<AnyPhase> = new TextSample({
  name: 'last_entity',
  type: 'str',
  phases: anyPhases,
  ask: ({ lastRule: where }) => where,
})

/** No rule is known by what it waits for. */
const waitingEntity = new TextSample<AnyPhase>({
  name: 'waiting_entity',
  type: 'str',
  phases: anyPhases,
  ask: () => undefined,
})

const debugText = new TextSample<AnyPhase>({
  name: 'fs.debug_str',
  type: 'str',
  phases: anyPhases,
  ask: () => undefined,
})
const termEvents = new TextSample<AnyPhase>({ name: 'term_events', type: 'str', phases: anyPhases, ask: () => '-' })
/** Only HTTP/2 has such codes. */
const resetCode = new NumberSample<AnyPhase>({
  name: 'fs.rst_code',
  type: 'int',
  phases: anyPhases,
  ask: () => undefined,
})

const clientAborted = new FlagSample<AnyPhase>({
  name: 'fs.aborted',
  type: 'bool',
  phases: anyPhases,
  ask: ({ clientEnded }) => clientEnded,
})

const requesting = clientPhases.filter((phase) => phase !== 'connection' && phase !== 'session')

const streamId = new NumberSample<AnyPhase>({ name: 'fs.id', type: 'int', phases: anyPhases, ask: () => 1 })

/** The words of haproxy.cfg for these. */
export const decisionFetches: readonly FetchDefinition[] = [
  defineFetch({ ...firstRequest, strictPhases: requesting, make: () => firstRequest }),
  ...[priorityClass, priorityOffset, lastRuleFile, lastRuleLine, lastEntity, clientAborted, streamId].map((sample) =>
    defineFetch({ ...sample, make: () => sample }),
  ),
  defineFetch({ ...resetCode, make: () => resetCode }),
  ...[debugText, termEvents].map((sample) =>
    defineFetch({
      ...sample,
      arguments: sample === debugText ? [{ name: 'bitmap', type: 'integer', optional: true }] : [],
      unavailable: "it shows HAProxy's inner state",
      make: () => sample,
    }),
  ),
  defineFetch({
    ...waitingEntity,
    unavailable: 'rules that wait are not told apart',
    make: () => waitingEntity,
  }),
]
