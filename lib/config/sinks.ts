/** The event sinks of a configuration, by name: its rings, and the two descriptors that everybody has. */
import { type EventSink, eventsOn } from '../index.js'
import type { ThingDrafts } from './thing-drafts.js'

/** The one of that name; `buf0` is the balancer's, and not here. */
export function findSink({ rings, printers }: ThingDrafts, name: string): EventSink | undefined {
  const ring = rings.get(name)
  if (ring !== undefined || (name !== 'stdout' && name !== 'stderr')) return ring
  const printer = printers.get(name) ?? eventsOn(name)
  printers.set(name, printer)
  return printer
}

/** All that there are. */
export const allSinks = ({ rings, printers }: ThingDrafts): readonly EventSink[] => [
  ...printers.values(),
  ...rings.values(),
]
