/** `show events`: the event sinks, and what a ring holds. Manual of management, 9.3. */
import { DescriptorEvents } from '../../engine/descriptor-events.js'
import { Ring } from '../../engine/ring.js'
import type { EventSink } from '../../match/event-sink.js'
import { type Answer, type Command, type CommandCall, CommandError, Following } from '../command.js'

/** What a line ends with; with `-0`, behind events. */
const LINE = '\n'
const ZERO = '\0'

/** Lines that wait for whoever follows a ring; of more, the oldest are lost. */
const MOST_WAITING = 4096

function list(sinks: readonly EventSink[]): string {
  const printers = ['stdout', 'stderr'].map((name, index) => {
    const sink = sinks.find((one) => one.name === name)
    const dropped = sink instanceof DescriptorEvents ? sink.dropped : 0
    return row(name, 'fd', dropped, `standard output (fd#${index + 1})`)
  })
  const rings = sinks.flatMap((sink) =>
    sink instanceof Ring ? [row(sink.name, 'buffer', sink.dropped, sink.description)] : [],
  )
  const title = 'Supported events sinks are listed below. Add -w(wait), -n(new). Any key to stop\n'
  return `${title}${[...printers, ...rings].join('')}`
}

const row = (name: string, type: string, dropped: number, description: string): string =>
  `    ${name.padEnd(10)} : type=${type}, ${dropped} dropped, ${description}\n`

interface Wanted {
  readonly wait: boolean
  readonly fresh: boolean
  readonly end: string
}

function read(words: readonly string[]): Wanted {
  let wait = false
  let fresh = false
  let end = LINE
  for (const word of words) {
    if (!/^-[wn0]+$/.test(word)) throw new CommandError('unknown option')
    wait ||= word.includes('w')
    fresh ||= word.includes('n')
    if (word.includes('0')) end = ZERO
  }
  return { wait, fresh, end }
}

function show({ balancer, args: [name, ...options] }: CommandCall): Answer {
  const { sinks } = balancer
  if (name === undefined) return list(sinks)
  const sink = sinks.find((one) => one.name === name)
  if (sink === undefined && name !== 'stdout' && name !== 'stderr') throw new CommandError('No such event sink')
  if (!(sink instanceof Ring)) throw new CommandError('Nothing to report for this sink', 'notice')
  const { wait, fresh, end } = read(options)
  const held = fresh ? [] : sink.events.map((line) => line + end)
  return wait ? new Following((stop) => follow(sink, held, end, stop)) : held
}

async function* follow(ring: Ring, held: readonly string[], end: string, stop: AbortSignal): AsyncGenerator<string> {
  const waiting: string[] = [...held]
  let wake = (): void => {}
  const unwatch = ring.watch((line) => {
    if (waiting.length >= MOST_WAITING) waiting.shift()
    waiting.push(line + end)
    wake()
  })
  const stopped = (): void => wake()
  stop.addEventListener('abort', stopped)
  try {
    for (;;) {
      const text = waiting.splice(0).join('')
      if (text !== '') yield text
      else if (stop.aborted) return
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    unwatch()
    stop.removeEventListener('abort', stopped)
  }
}

export const eventCommands: readonly Command[] = [
  {
    words: ['show', 'events'],
    usage: 'show events [<sink>] [-w] [-n]          : show event sink state',
    level: 'user',
    run: show,
  },
]
