/** `replaceHeader`, `replaceValue`, `replacePath`, `replacePathq`, `replaceUri`: rewrite what matches an expression, with back-references. */
import type { Context } from '../../match/context.js'
import { asFormat, type Format, type Text } from '../../match/format.js'
import type { Phase } from '../../match/phase.js'
import { compileRegex, Regex } from '../../match/regex.js'
import { expand, parseTemplate } from '../../match/substitution.js'
import { FieldError, type Headers, sameName, trimField } from '../../message/headers.js'
import { rewriting } from '../rewrite.js'
import { Rule } from '../rule.js'
import { fields, type HeaderPhase } from './set-header.js'

/** An expression: JavaScript's own, or a text in PCRE's syntax. */
export type Pattern = string | RegExp | Regex

/** What stands in place of a text that matches; nothing when it does not. */
type Replacer = (text: string, replacement: string) => string | undefined

/**
 * Rewrites the whole value of each line of a field that matches. `\0` in the replacement is what matched, `\1` to `\9` are groups. HAProxy:
 * `replace-header`. Throws {@link OptionError} on an expression that cannot be read.
 */
export function replaceHeader<P extends Phase = Phase>(
  name: string,
  pattern: Pattern,
  replacement: Text<P>,
): Rule<P & HeaderPhase> {
  return fieldRule('replace-header', name, pattern, replacement, (text, replace) => replace(text))
}

/** The same for each of the values that stand in a line, separated by commas. HAProxy: `replace-value`. */
export function replaceValue<P extends Phase = Phase>(
  name: string,
  pattern: Pattern,
  replacement: Text<P>,
): Rule<P & HeaderPhase> {
  return fieldRule('replace-value', name, pattern, replacement, eachValue)
}

/** Rewrites the path, when it matches, and keeps the query. HAProxy: `http-request replace-path`. */
export function replacePath<P extends Phase = Phase>(pattern: Pattern, replacement: Text<P>): Rule<P & 'request'> {
  return targetRule('replace-path', 'path', pattern, replacement)
}

/** Rewrites path and query, when they match. HAProxy: `http-request replace-pathq`. */
export function replacePathq<P extends Phase = Phase>(pattern: Pattern, replacement: Text<P>): Rule<P & 'request'> {
  return targetRule('replace-pathq', 'pathq', pattern, replacement)
}

/** Rewrites the whole target, when it matches. HAProxy: `http-request replace-uri`. */
export function replaceUri<P extends Phase = Phase>(pattern: Pattern, replacement: Text<P>): Rule<P & 'request'> {
  return targetRule('replace-uri', 'target', pattern, replacement)
}

type Part = 'path' | 'pathq' | 'target'

function targetRule<P extends Phase>(
  action: string,
  part: Part,
  pattern: Pattern,
  replacement: Text<P>,
): Rule<P & 'request'> {
  const regex = asRegex(pattern)
  const format = asFormat(replacement)
  const phases = (['request'] as const).filter((phase) => format.phases.includes(phase))
  const replace = replacer(regex)
  const act = rewriting((context) => {
    const { request } = context
    const text = request[part]
    const changed = text === undefined ? undefined : replace(text, format.render(context))
    if (changed !== undefined) request[part] = changed
    return undefined
  })
  return new Rule(`${action} ${regex.source} ${format.text}`, phases, act)
}

type Walk = (text: string, replace: (text: string) => string | undefined) => string | undefined

function fieldRule<P extends Phase>(
  action: string,
  name: string,
  pattern: Pattern,
  replacement: Text<P>,
  walk: Walk,
): Rule<P & HeaderPhase> {
  const regex = asRegex(pattern)
  const format: Format<P> = asFormat(replacement)
  const phases = (['request', 'response', 'afterResponse'] as const).filter((phase) => format.phases.includes(phase))
  const replace = replacer(regex)
  const act = rewriting((context: Context) => {
    const headers = fields(context)
    if (!headers.has(name)) return undefined
    const text = format.render(context)
    eachLine(headers, name, (value) => walk(value, (one) => replace(one, text)))
    return undefined
  })
  return new Rule(`${action} ${name} ${regex.source} ${format.text}`, phases, act)
}

function eachLine(headers: Headers, name: string, change: (value: string) => string | undefined): void {
  const { raw } = headers
  for (let index = 0; index < raw.length; index += 2) {
    if (!sameName(raw[index] as string, name)) continue
    const changed = change(raw[index + 1] as string)
    if (changed !== undefined) headers.replaceAt(index, changed)
  }
}

/** A value that is replaced loses the blanks around it, as HAProxy has it. */
const eachValue: Walk = (text, replace) => {
  let changed = false
  const values = cutValues(text).map((value) => {
    const instead = replace(trimField(value))
    changed ||= instead !== undefined
    return instead ?? value
  })
  return changed ? values.join(',') : undefined
}

/** The values of a line with their blanks; a comma in quotes separates nothing. */
function cutValues(text: string): string[] {
  const values: string[] = []
  let start = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '"') quoted = !quoted
    else if (char === '\\' && quoted) at++
    else if (char === ',' && !quoted) {
      values.push(text.slice(start, at))
      start = at + 1
    }
  }
  values.push(text.slice(start))
  return values
}

function replacer(regex: Regex): Replacer {
  return (text, replacement) => {
    const match = regex.exec(text)
    if (match === undefined) return undefined
    const template = parseTemplate(replacement)
    if (template === undefined)
      throw new FieldError(`replacement ${JSON.stringify(replacement)} ends within an escape sequence`)
    return expand(template, match)
  }
}

const asRegex = (pattern: Pattern): Regex => (pattern instanceof Regex ? pattern : compileRegex(pattern))
