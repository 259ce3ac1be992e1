/** Texts with samples in them: `%[src]:%[src_port]` of a haproxy.cfg and the tagged template `format` in code, compiled once. */

import { OptionError } from '../base/errors.js'
import type { Context } from './context.js'
import { phases as everyPhase, type Phase } from './phase.js'
import { notYet, Sample } from './sample.js'
import { valueText } from './value.js'

/** One piece of a format: text as it is, or a question. */
export type FormatPart = string | Sample<unknown, never>

/** A text that is made anew for each transaction. What a sample does not have is left empty. */
export class Format<in P extends Phase> {
  /** As it was written, or as a haproxy.cfg would write it. */
  readonly text: string
  readonly phases: readonly Phase[]
  readonly render: (context: Context) => string
  readonly renderableAt: (phase: P) => boolean

  constructor(parts: readonly FormatPart[], text?: string) {
    const samples = parts.filter((part) => typeof part !== 'string')
    this.text =
      text ?? parts.map((part) => (typeof part === 'string' ? part.replaceAll('%', '%%') : `%[${part.name}]`)).join('')
    this.phases = everyPhase.filter((phase) => samples.every((sample) => sample.phases.includes(phase)))
    this.render = compileParts(parts)
    this.renderableAt = (phase) => this.phases.includes(phase)
  }
}

function compileParts(parts: readonly FormatPart[]): (context: Context) => string {
  const pieces = parts.map((part) =>
    typeof part === 'string' ? part : (context: Context) => sampleText(part, context),
  )
  const only = pieces[0]
  if (only === undefined) return () => ''
  if (pieces.length === 1) return typeof only === 'string' ? () => only : only
  return (context) => {
    let text = ''
    for (const piece of pieces) text += typeof piece === 'string' ? piece : piece(context)
    return text
  }
}

function sampleText(sample: Sample<unknown, never>, context: Context): string {
  const value = sample.ask(context)
  return value === undefined || value === notYet ? '' : valueText(value)
}

/**
 * A text with samples in it, for the value of a field or a redirect's location.
 *
 * ```ts
 * setHeader('x-client', format`${src}:${srcPort}`)
 * ```
 */
export function format<P extends Phase = Phase>(
  texts: TemplateStringsArray,
  ...samples: readonly (Sample<unknown, P> | string | number)[]
): Format<P> {
  const parts: FormatPart[] = []
  texts.forEach((text, index) => {
    if (text !== '') parts.push(text)
    const sample = samples[index]
    if (sample !== undefined) parts.push(sample instanceof Sample ? sample : String(sample))
  })
  return new Format<P>(parts)
}

/** What an action takes as a text: as it is, one sample's value, or a format. */
export type Text<P extends Phase> = string | Sample<unknown, P> | Format<P>

/** A text of any kind as a format. */
export function asFormat<P extends Phase>(text: Text<P>): Format<P> {
  if (text instanceof Format) return text
  if (typeof text !== 'string' && !(text instanceof Sample))
    throw new OptionError('a value', '', 'must be a text, a sample such as src, or a format')
  return new Format<P>([text])
}

/** What the parser of formats is told by the loader. */
export interface FormatWords {
  /** Makes a sample of what stands in `%[…]`; throws when it cannot. */
  readonly expression: (source: string) => Sample<unknown, never>
  /** Makes a sample of a log variable, as `ci` in `%ci`; undefined when there is none of that name. */
  readonly variable?: ((name: string) => Sample<unknown, never> | undefined) | undefined
}

/** A format that cannot be read; `position` counts characters from 0. */
export class FormatError extends OptionError {
  readonly position: number

  constructor(text: string, position: number, message: string) {
    super(`format '${text}'`, '', `at character ${position + 1}: ${message}`)
    this.position = position
  }
}

/**
 * Reads a format of a haproxy.cfg (manual, chapter 8.2.4): `%[expression]`, `%name`, `%%` for a percent sign. Throws {@link FormatError} on an
 * unknown variable, an expression without end, a lonely percent sign, or flags as in `%{+Q}`.
 */
export function parseFormat(text: string, words: FormatWords): Format<never> {
  const parts: FormatPart[] = []
  let literal = ''
  let at = 0
  const flush = (): void => {
    if (literal !== '') parts.push(literal)
    literal = ''
  }
  while (at < text.length) {
    if (text[at] !== '%') {
      literal += text[at++]
      continue
    }
    if (text[at + 1] === '%') {
      literal += '%'
      at += 2
      continue
    }
    flush()
    const [sample, next] = readVariable(text, at, words)
    parts.push(sample)
    at = next
  }
  flush()
  return new Format<never>(parts, text)
}

function readVariable(text: string, at: number, words: FormatWords): [Sample<unknown, never>, number] {
  const opening = text[at + 1]
  if (opening === '{') throw new FormatError(text, at, "flags as in '%{+Q}' are not supported yet")
  if (opening === '[') {
    const end = closingBracket(text, at + 2)
    if (end === -1) throw new FormatError(text, at, "'%[' without its ']'")
    const source = text.slice(at + 2, end)
    try {
      return [words.expression(source), end + 1]
    } catch (error) {
      throw new FormatError(text, at + 2, (error as Error).message)
    }
  }
  const name = /^[A-Za-z]+/.exec(text.slice(at + 1))?.[0]
  if (name === undefined) throw new FormatError(text, at, "a percent sign stands alone; write '%%' for one")
  const sample = words.variable?.(name)
  if (sample === undefined)
    throw new FormatError(text, at, `no such variable '%${name}'; write '%%' for a percent sign`)
  return [sample, at + 1 + name.length]
}

/** The bracket that ends an expression; quotes and parentheses inside may hold others. */
function closingBracket(text: string, from: number): number {
  let quote = ''
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const char = text[at]!
    if (quote !== '') {
      if (char === quote) quote = ''
      else if (char === '\\' && quote === '"') at++
    } else if (char === '\\') at++
    else if (char === '"' || char === "'") quote = char
    else if (char === '(') depth++
    else if (char === ')') depth--
    else if (char === ']' && depth <= 0) return at
  }
  return -1
}
