/** The process as rules see it: who it is, how long it has run, how busy it is, and the variables that live as long as it does. */
import { hostname, networkInterfaces } from 'node:os'
import { z } from 'zod'
import type { Clock } from '../base/clock.js'
import type { Ip } from '../base/ip.js'
import { integerOption } from '../base/options.js'
import type { Random } from '../base/random.js'
import type { ProcessLoad, ProcessView } from '../match/context.js'
import type { EventSink } from '../match/event-sink.js'
import { typeOf } from '../match/value.js'
import type { VariableLimits } from '../match/variable-size.js'

/** What a configuration says about it. */
export interface ProcessOptions {
  /** What the machine is called in logs and in the fetch `hostname`; default: its own name. */
  readonly node?: string | undefined
  /** What `show info` tells of it. */
  readonly description?: string | undefined
  /** Variables of scope `proc` that are there from the start, by full name. */
  readonly variables?: ReadonlyMap<string, unknown> | undefined
  /** How many bytes variables may take; default: as many as they need. Manual, `tune.vars.*-max-size`. */
  readonly variableLimits?: Partial<VariableLimits> | undefined
  /** What the fetch `env` sees, one character a byte; default: the process's own environment. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
}

const isVariables = (given: unknown): boolean =>
  given instanceof Map &&
  [...given].every(
    ([name, value]) => typeof name === 'string' && name.startsWith('proc.') && typeOf(value) !== undefined,
  )

const room = integerOption(0, Number.MAX_SAFE_INTEGER)

export const processOptions = z.strictObject({
  node: z.string().optional(),
  description: z.string().optional(),
  variables: z
    .custom<ReadonlyMap<string, unknown>>(isVariables, {
      error: "must be a Map of values by names such as 'proc.site'",
    })
    .optional(),
  variableLimits: z
    .strictObject({ proc: room.optional(), sess: room.optional(), txn: room.optional(), reqres: room.optional() })
    .optional(),
  environment: z
    .custom<Readonly<Record<string, string>>>((given) => typeof given === 'object' && given !== null)
    .optional(),
})

/** What it is made of beside that. */
export interface ProcessParts {
  readonly clock: Clock
  readonly random: Random
  readonly load: () => ProcessLoad
  readonly resolve: ProcessView['resolve']
  readonly events?: EventSink
  readonly tables?: ProcessView['tables']
}

/** This process. */
export class OwnProcess implements ProcessView {
  variables: Map<string, unknown> | undefined
  readonly variableLimits: VariableLimits | undefined
  variableSize = 0
  readonly pid = process.pid
  readonly node: string
  readonly description: string | undefined
  readonly hostname = hostname()
  readonly environment: ProcessView['environment']
  startedAt: number
  stopping = false
  readonly random: () => number
  readonly load: () => ProcessLoad
  readonly resolve: ProcessView['resolve']
  readonly events: EventSink | undefined
  readonly tables: ProcessView['tables']
  readonly #environment: ProcessOptions['environment']

  constructor({ clock, random, load, resolve, events, tables }: ProcessParts, options: ProcessOptions = {}) {
    this.variables = options.variables === undefined ? undefined : new Map(options.variables)
    this.variableLimits = decideLimits(options.variableLimits)
    const { environment } = options
    this.#environment = environment
    this.environment = environment === undefined ? ownVariable : (name) => own(environment, name)
    this.description = options.description
    this.node = options.node ?? this.hostname
    this.startedAt = clock.wall()
    this.random = () => random.next()
    this.load = load
    this.resolve = resolve
    this.events = events
    this.tables = tables
  }

  /** The names of all variables that {@link environment} knows. */
  environmentNames(): readonly string[] {
    return Object.keys(this.#environment ?? process.env)
  }

  /** All of the loopback network is, and what the machine's interfaces have at this moment. */
  isLocal(ip: Ip): boolean {
    const text = ip.unmapped.toString()
    if (text.startsWith('127.') || text === '::1') return true
    return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === text))
  }

  /** It starts, perhaps once more. */
  begin(wall: number): void {
    this.startedAt = wall
    this.stopping = false
  }
}

/** 0 is no limit, as in HAProxy. */
function decideLimits(given: Partial<VariableLimits> | undefined): VariableLimits | undefined {
  if (given === undefined) return undefined
  const { proc, sess, txn, reqres } = given
  if (!proc && !sess && !txn && !reqres) return undefined
  const endless = Number.POSITIVE_INFINITY
  return { proc: proc || endless, sess: sess || endless, txn: txn || endless, reqres: reqres || endless }
}

const own = (variables: Readonly<Record<string, string | undefined>>, name: string): string | undefined =>
  Object.hasOwn(variables, name) ? variables[name] : undefined

function ownVariable(name: string): string | undefined {
  const value = own(process.env, Buffer.from(name, 'latin1').toString())
  return value === undefined ? undefined : Buffer.from(value).toString('latin1')
}
