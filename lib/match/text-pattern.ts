/** Patterns for texts, compiled once to a test of one string; what they are asked of, and how conditions are named, is in `matcher.ts`. */
import { compileRegex } from './regex.js'

/** HAProxy's ways to compare a text with a pattern (manual, chapters 7.1.3 and 7.1.4). */
export type TextMode = 'str' | 'beg' | 'end' | 'sub' | 'dir' | 'dom' | 'reg'

/** Lower case for ASCII letters only, as bytes are compared: other letters of latin1 keep their case. */
export function foldCase(text: string): string {
  return /[\x80-\xff]/.test(text) ? text.replace(/[A-Z]+/g, (part) => part.toLowerCase()) : text.toLowerCase()
}

/** A test that holds when one of the patterns matches. */
export function compileText(
  mode: TextMode,
  patterns: readonly (string | RegExp)[],
  ignoreCase = false,
): (value: string) => boolean {
  if (mode === 'reg') return anyOf(patterns.map((pattern) => regexTest(pattern, ignoreCase)))
  const literals = patterns.map((pattern) => {
    const text = typeof pattern === 'string' ? pattern : pattern.source
    return ignoreCase ? foldCase(text) : text
  })
  const holds = compileLiterals(mode, literals)
  return ignoreCase ? (value) => holds(foldCase(value)) : holds
}

function regexTest(pattern: string | RegExp, ignoreCase: boolean): (value: string) => boolean {
  const { regExp } = compileRegex(pattern, { ignoreCase, captures: false })
  return (value) => regExp.test(value)
}

function compileLiterals(mode: Exclude<TextMode, 'reg'>, literals: readonly string[]): (value: string) => boolean {
  switch (mode) {
    case 'str':
      return oneOf(literals)
    case 'beg':
      return anyOf(literals.map((literal) => (value) => value.startsWith(literal)))
    case 'end':
      return anyOf(literals.map((literal) => (value) => value.endsWith(literal)))
    case 'sub':
      return anyOf(literals.map((literal) => (value) => value.includes(literal)))
    case 'dir':
      return anyOf(literals.map((literal) => between(literal, DIRECTORY)))
    case 'dom':
      return anyOf(literals.map((literal) => between(literal, DOMAIN)))
  }
}

function oneOf(literals: readonly string[]): (value: string) => boolean {
  const only = literals[0]
  if (only !== undefined && literals.length === 1) return (value) => value === only
  const set = new Set(literals)
  return (value) => set.has(value)
}

function anyOf(tests: readonly ((value: string) => boolean)[]): (value: string) => boolean {
  const only = tests[0]
  if (only !== undefined && tests.length === 1) return only
  return (value) => {
    for (const test of tests) if (test(value)) return true
    return false
  }
}

const DIRECTORY = '/?'
const DOMAIN = '/?.:'

/** Looks for a pattern that is delimited on both sides; its own delimiters at either end do not count. */
function between(pattern: string, delimiters: string): (value: string) => boolean {
  let start = 0
  let end = pattern.length
  while (start < end && delimiters.includes(pattern[start]!)) start++
  while (end > start && delimiters.includes(pattern[end - 1]!)) end--
  const word = pattern.slice(start, end)
  const ends = (value: string, index: number): boolean =>
    index === -1 || index === value.length || delimiters.includes(value[index]!)
  // A pattern of delimiters only: HAProxy finds it where the text ends.
  if (word === '') return (value) => value === '' || delimiters.includes(value.at(-1)!)
  return (value) => {
    let at = value.indexOf(word)
    while (at !== -1) {
      if (ends(value, at - 1) && ends(value, at + word.length)) return true
      at = value.indexOf(word, at + 1)
    }
    return false
  }
}
