/** Questions about the process and the machine that it runs on. */
import type { ProcessView } from '../context.js'
import { defineFetch, type FetchDefinition } from '../fetch.js'
import { FlagSample } from '../flag-sample.js'
import { NumberSample } from '../number-sample.js'
import { type AnyPhase, phases as everyPhase } from '../phase.js'
import { TextSample } from '../text-sample.js'

type Everywhere = AnyPhase | 'check'

function number(name: string, read: (process: ProcessView, wall: number) => number): NumberSample<Everywhere> {
  return new NumberSample<Everywhere>({
    name,
    type: 'int',
    phases: everyPhase,
    ask: ({ process, wall }) => (process === undefined ? undefined : read(process, wall)),
  })
}

/** A variable of the environment, as one character a byte; absent when it is not set. HAProxy: `env(name)`. */
export function env(name: string): TextSample<Everywhere> {
  return new TextSample<Everywhere>({
    name: `env(${name})`,
    type: 'str',
    phases: everyPhase,
    ask: ({ process }) => process?.environment(name),
  })
}

/** The machine's name. HAProxy: `hostname`. */
export const hostname: TextSample<Everywhere> = new TextSample<Everywhere>({
  name: 'hostname',
  type: 'str',
  phases: everyPhase,
  ask: ({ process }) => process?.hostname,
})

/** The process's number. HAProxy: `pid`. */
export const pid: NumberSample<Everywhere> = number('pid', (process) => process.pid)

/** Client connections of the whole process. HAProxy: `act_conn`. */
export const activeConnections: NumberSample<Everywhere> = number('act_conn', (process) => process.load().connections)

/** Seconds since the start. HAProxy: `uptime`. */
export const uptime: NumberSample<Everywhere> = number('uptime', (process, wall) =>
  Math.max(0, Math.floor((wall - process.startedAt) / 1000)),
)

/** The process takes no new clients and ends with the last one. HAProxy: `stopping`. */
export const stopping: FlagSample<Everywhere> = new FlagSample<Everywhere>({
  name: 'stopping',
  type: 'bool',
  phases: everyPhase,
  ask: ({ process }) => process?.stopping ?? false,
})

/** What is always so in one process with one thread, by HAProxy's words. */
const fixed = (name: string, value: number): FetchDefinition => {
  const sample = number(name, () => value)
  return defineFetch({ ...sample, standalone: true, make: () => sample })
}

const noQuic = new FlagSample<Everywhere>({ name: 'quic_enabled', type: 'bool', phases: everyPhase, ask: () => false })

/** What HAProxy measures and Node does not tell. */
const unknown = (name: string): FetchDefinition => {
  const sample = new NumberSample<Everywhere>({ name, type: 'int', phases: everyPhase, ask: () => undefined })
  return defineFetch({
    ...sample,
    unavailable: 'Node does not tell how long single tasks take',
    make: () => sample,
  })
}

/** The words of haproxy.cfg for these. */
export const processFetches: readonly FetchDefinition[] = [
  defineFetch({
    name: 'env',
    type: 'str',
    phases: everyPhase,
    standalone: true,
    arguments: [{ name: 'name', type: 'string', optional: true }],
    make: ([name = '']) => env(name as string),
  }),
  defineFetch({ ...hostname, standalone: true, make: () => hostname }),
  defineFetch({ ...pid, make: () => pid }),
  defineFetch({ ...activeConnections, make: () => activeConnections }),
  defineFetch({ ...uptime, make: () => uptime }),
  defineFetch({ ...stopping, make: () => stopping }),
  defineFetch({ ...noQuic, make: () => noQuic }),
  fixed('nbproc', 1),
  fixed('proc', 1),
  fixed('thread', 0),
  fixed('tgroup', 1),
  ...['cpu_calls', 'cpu_ns_avg', 'cpu_ns_tot', 'lat_ns_avg', 'lat_ns_tot'].map(unknown),
]
