/** Regular expressions as haproxy.cfg writes them (PCRE), compiled to the language's own over latin1 strings. */
import { OptionError } from '../base/errors.js'

/** How an expression is compiled. */
export interface RegexOptions {
  /** HAProxy's `-i`. */
  readonly ignoreCase?: boolean | undefined
}

const CLASSES: ReadonlyMap<string, string> = new Map([
  ['alpha', 'A-Za-z'],
  ['digit', '0-9'],
  ['alnum', '0-9A-Za-z'],
  ['upper', 'A-Z'],
  ['lower', 'a-z'],
  ['space', '\\t-\\r '],
  ['blank', '\\t '],
  ['punct', '!-\\/:-@\\[-`{-~'],
  ['xdigit', '0-9A-Fa-f'],
  ['cntrl', '\\0-\\x1f\\x7f'],
  ['print', ' -~'],
  ['graph', '!-~'],
  ['word', '\\w'],
])

/**
 * Compiles an expression for `test`. A `RegExp` is taken as it is, but without `g` and `y`, which would make it remember.
 * Of PCRE's own syntax, leading `(?i)`, `(?s)`, `(?m)`, named groups `(?P<…>`, `\A`, `\z`, `\Z`, `\h`, `\Q…\E` and POSIX classes are
 * translated. Throws {@link OptionError} on what cannot be compiled.
 */
export function compileRegex(pattern: string | RegExp, options: RegexOptions = {}): RegExp {
  if (typeof pattern !== 'string') {
    const kept = pattern.flags.replace(/[gyi]/g, '')
    return new RegExp(pattern.source, options.ignoreCase === true || pattern.ignoreCase ? `${kept}i` : kept)
  }
  const inline = /^\(\?([ims]+)\)/.exec(pattern)
  const flags = new Set(inline?.[1] ?? '')
  if (options.ignoreCase === true) flags.add('i')
  const body = inline === null ? pattern : pattern.slice(inline[0].length)
  try {
    return new RegExp(translate(body), [...flags].join(''))
  } catch (error) {
    throw new OptionError('regular expression', '', `'${pattern}': ${(error as Error).message}`)
  }
}

function translate(pattern: string): string {
  return literalRuns(pattern)
    .replace(/\[:(\^?)([a-z]+):\]/g, (whole, negated: string, name: string) =>
      negated === '' ? (CLASSES.get(name) ?? whole) : whole,
    )
    .replace(/\(\?P?<(?![=!])/g, '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replace(/\\([\s\S])/g, (whole, letter: string) => {
      if (letter === 'A') return '^'
      if (letter === 'z') return '$'
      if (letter === 'Z') return '(?=\\n?$)'
      return letter === 'h' ? '[\\t ]' : whole
    })
}

function literalRuns(pattern: string): string {
  return pattern.replace(/\\Q([\s\S]*?)(?:\\E|$)/g, (_, literal: string) =>
    literal.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'),
  )
}
