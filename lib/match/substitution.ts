/** Replaces what a regular expression matches by a template with back-references, as `regsub`, `map_regm` and the `replace-*` actions do. */
import type { Regex, RegexMatch } from './regex.js'

/** A template that has been read: texts, and numbers of groups. */
export type Template = readonly (string | number)[]

/**
 * Reads a template: `\0` is the whole match, `\1` to `\9` are groups, `\xHH` is a byte, a backslash before anything else is dropped.
 * Nothing when it ends within an escape, which HAProxy answers with status 500.
 */
export function parseTemplate(text: string): Template | undefined {
  const parts: (string | number)[] = []
  let plain = ''
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string
    if (character !== '\\') {
      plain += character
      continue
    }
    const letter = text[++at]
    if (letter === undefined) return undefined
    if (/[0-9]/.test(letter)) {
      if (plain !== '') parts.push(plain)
      plain = ''
      parts.push(Number(letter))
    } else if (letter === 'x') {
      const digits = text.slice(at + 1, at + 3)
      if (!/^[0-9A-Fa-f]{2}$/.test(digits)) return undefined
      plain += String.fromCharCode(Number.parseInt(digits, 16))
      at += 2
    } else plain += letter
  }
  if (plain !== '') parts.push(plain)
  return parts
}

/** The template with the groups of a match in it; a group that took no part is empty. */
export function expand(template: Template, { groups }: RegexMatch): string {
  let text = ''
  for (const part of template) text += typeof part === 'string' ? part : (groups[part] ?? '')
  return text
}

/**
 * Replaces the first match in a text, or every one. A search goes on as HAProxy's does: what stands before is not seen any more, and
 * an empty match where it begins passes one character.
 */
export function substitute(regex: Regex, text: string, template: Template, global = false): string {
  let result = ''
  let rest = text
  for (let continued = false; ; continued = true) {
    const match = regex.exec(rest, continued)
    if (match === undefined) return result + rest
    result += rest.slice(0, match.index) + expand(template, match)
    rest = rest.slice(match.end)
    if (!global) return result + rest
    if (match.end === 0) {
      if (rest === '') return result
      result += rest[0]
      rest = rest.slice(1)
    }
  }
}
