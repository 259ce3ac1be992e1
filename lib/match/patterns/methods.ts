/** The ways to match a value with patterns (manual, chapter 7.1), and what each makes of patterns and of values. */
import type { Ip } from '../../base/ip.js'
import { castAddress, castBytes, castInteger, castText } from '../cast.js'
import type { RegexCompiler } from '../regex.js'
import { BytesIndex, ExactIndex } from './exact-index.js'
import { readDottedRange, readRange } from './integer-range.js'
import { NetworkIndex } from './network-index.js'
import type { PatternIndex } from './pattern-index.js'
import { RangeIndex } from './range-index.js'
import { RegexIndex } from './regex-index.js'
import { TextIndex } from './text-index.js'

/** HAProxy's ways to match that look at patterns; `dotted` is what `req.ssl_ver` has of itself, for `3.1`. */
export type PatternMethod =
  | 'str'
  | 'beg'
  | 'end'
  | 'sub'
  | 'dir'
  | 'dom'
  | 'reg'
  | 'int'
  | 'dotted'
  | 'len'
  | 'ip'
  | 'bin'

/** The ways that compare texts (manual, chapters 7.1.3 and 7.1.4). */
export type TextMode = Exclude<PatternMethod, 'int' | 'dotted' | 'len' | 'ip' | 'bin'>

/** How patterns are read. */
export interface MatchOptions {
  /** HAProxy's `-i`: ASCII letters of either case are the same. */
  readonly ignoreCase?: boolean | undefined
  /** HAProxy's `-n`: an IPv4 address has four decimal numbers, and is not shortened. */
  readonly plain?: boolean | undefined
  /** Finds the address of a name that stands in place of one. Without it, names are no patterns. */
  readonly resolve?: ((host: string) => Ip | undefined) | undefined
  /** Compiles expressions. Default: {@link compileRegex}. */
  readonly compile?: RegexCompiler | undefined
  /** Whether expressions capture, for `map_regm`. */
  readonly captures?: boolean | undefined
}

/** An empty index of a kind. */
export function makeIndex(method: PatternMethod, options: MatchOptions): PatternIndex<unknown> {
  const { ignoreCase = false, plain = false, captures = false, resolve, compile } = options
  switch (method) {
    case 'str':
      return new ExactIndex(ignoreCase) as PatternIndex<unknown>
    case 'bin':
      return new BytesIndex() as PatternIndex<unknown>
    case 'reg':
      return new RegexIndex({ ignoreCase, captures, compile }) as PatternIndex<unknown>
    case 'int':
    case 'len':
      return new RangeIndex(readRange) as PatternIndex<unknown>
    case 'dotted':
      return new RangeIndex(readDottedRange) as PatternIndex<unknown>
    case 'ip':
      return new NetworkIndex(plain, resolve) as PatternIndex<unknown>
    default:
      return new TextIndex(method, ignoreCase) as PatternIndex<unknown>
  }
}

/** What an index is asked with, of a sample's value: `undefined` where the value cannot become that. */
export function askedWith(method: PatternMethod): (value: unknown) => unknown {
  switch (method) {
    case 'int':
    case 'dotted':
      return castInteger
    case 'len':
      return (value) => castText(value)?.length
    case 'ip':
      return castAddress
    case 'bin':
      return (value) => castBytes(value)?.toString('latin1')
    default:
      return castText
  }
}
