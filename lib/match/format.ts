/** Texts with samples and log variables in them: `%[src]:%cp` of a haproxy.cfg and the tagged template `format` in code, compiled once. */

import { OptionError } from '../base/errors.js'
import type { Alias } from './alias.js'
import type { Context } from './context.js'
import { type FormatFlags, noFlags } from './format-flags.js'
import { FormatItem } from './format-item.js'
import { type FormatPart, type FormatPlace, formatWriter } from './format-writer.js'
import { phases as everyPhase, type Phase } from './phase.js'
import { Sample } from './sample.js'

/** A text that is made anew for each transaction. What a sample does not have is left empty; in a log line it is a dash. */
export class Format<in P extends Phase> {
  /** As it was written, or as a haproxy.cfg would write it. */
  readonly text: string
  readonly parts: readonly FormatPart[]
  readonly phases: readonly Phase[]
  /** Where it is printed: in a message, unless {@link as} says otherwise. */
  readonly place: FormatPlace
  readonly render: (context: Context) => string
  readonly renderableAt: (phase: P) => boolean

  constructor(parts: readonly FormatPart[], text?: string, place: FormatPlace = 'message') {
    this.parts = parts
    this.text = text ?? printed(parts)
    this.place = place
    const items = parts.filter((part) => typeof part !== 'string')
    this.phases = everyPhase.filter((phase) => items.every((item) => item.phases.includes(phase)))
    this.render = formatWriter(parts, place)
    this.renderableAt = (phase) => this.phases.includes(phase)
  }

  /** The same text for another place, where other things are quoted and escaped. */
  as(place: FormatPlace): Format<P> {
    return place === this.place ? this : new Format<P>(this.parts, this.text, place)
  }

  /** Its log variables. */
  get aliases(): readonly Alias[] {
    return this.parts.flatMap((part) =>
      typeof part === 'string' || part.what === undefined || part.what instanceof Sample ? [] : [part.what],
    )
  }
}

/** As a haproxy.cfg would write it. */
function printed(parts: readonly FormatPart[]): string {
  let global: FormatFlags = noFlags
  let text = ''
  for (const part of parts) {
    if (typeof part === 'string') text += part.replaceAll('%', '%%')
    else {
      text += part.print(global)
      if (part.what === undefined) global = part.flags
    }
  }
  return text
}

/**
 * A text with samples in it, for the value of a field, a redirect's location, a log line. Log variables are `logVariable('Tr')`.
 *
 * ```ts
 * setHeader('x-client', format`${src}:${srcPort}`)
 * ```
 */
export function format<P extends Phase = Phase>(
  texts: TemplateStringsArray,
  ...samples: readonly (Sample<unknown, P> | FormatItem | string | number)[]
): Format<P> {
  const parts: FormatPart[] = []
  texts.forEach((text, index) => {
    if (text !== '') parts.push(text)
    const sample = samples[index]
    if (sample === undefined) return
    if (sample instanceof Sample) parts.push(new FormatItem(sample))
    else parts.push(sample instanceof FormatItem ? sample : String(sample))
  })
  return new Format<P>(parts)
}

/** What an action takes as a text: as it is, one sample's value, or a format. */
export type Text<P extends Phase> = string | Sample<unknown, P> | Format<P>

/** A text of any kind as a format. */
export function asFormat<P extends Phase>(text: Text<P>): Format<P> {
  if (text instanceof Format) return text
  if (typeof text === 'string') return new Format<P>([text])
  if (text instanceof Sample) return new Format<P>([new FormatItem(text)])
  throw new OptionError('a value', '', 'must be a text, a sample such as src, or a format')
}
