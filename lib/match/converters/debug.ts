/** The converter that shows what passes through it, and passes it on as it is. */
import { OptionError } from '../../base/errors.js'
import { castText } from '../cast.js'
import type { Context } from '../context.js'
import { type Conversion, type ConverterDefinition, defineConverter } from '../converter.js'
import type { EventSink } from '../event-sink.js'
import { Sample } from '../sample.js'
import { type StaticType, typeOf, type Value } from '../value.js'

/** The buffer that every process has. */
const OWN = 'buf0'

/** HAProxy's words for types. A method is a text that only its question knows to be one. */
function typeWord(value: Value, promised: StaticType): string {
  if (promised === 'meth') return 'meth'
  const type = typeOf(value) ?? 'any'
  if (type === 'int') return 'sint'
  return type === 'ip' ? `ipv${(value as { readonly family: number }).family}` : type
}

const shown = (value: Value): string => (castText(value) ?? '').replace(/[^\x20-\x7e]/g, '.')

/** @param sink by default the buffer of whatever process asks */
function showing(prefix: string, sink: EventSink | undefined, promised: StaticType): Conversion<Value> {
  return (value, context: Context) => {
    const target = sink ?? context.process?.events
    // What is only tried out is not to be seen.
    if (target === undefined || context.rehearsal) return value
    const type = typeWord(value, promised)
    const wall = context.clock?.wall() ?? context.wall
    target.show({ prefix, type, value, text: `[debug] ${prefix}: type=${type} <${shown(value)}>`, wall })
    return value
  }
}

/** What a sample's `debug()` gives: a sample that asks the same and shows what it sees. */
export function debugged<T extends Value>(
  sample: Sample<T, never>,
  prefix: string,
  sink: EventSink | undefined,
): Sample<T, never> {
  const show = showing(prefix, sink, sample.type)
  const { ask, all, name, type, phases, mayChange } = sample
  return new Sample<T, never>({
    name: `${name},debug(${prefix})`,
    type,
    phases,
    mayChange,
    ask: (context) => {
      const value = ask(context)
      if (value !== undefined && typeof value !== 'symbol') show(value as Value, context)
      return value
    },
    all:
      all &&
      ((context) => {
        const values = all(context)
        if (Array.isArray(values)) for (const value of values) show(value, context)
        return values
      }),
  })
}

export const debugConverters: readonly ConverterDefinition[] = [
  defineConverter({
    name: 'debug',
    from: 'any',
    type: 'same',
    arguments: [
      { name: 'prefix', type: 'string', optional: true },
      { name: 'destination', type: 'string', optional: true },
    ],
    prepare: ([prefix = '', name = OWN], links, promised) => {
      const sink = name === OWN ? undefined : links.sink(name as string)
      if (name !== OWN && sink === undefined)
        throw new OptionError("converter 'debug'", 'destination', `No such sink '${name}'.`)
      return showing(prefix as string, sink, promised)
    },
  }),
]
