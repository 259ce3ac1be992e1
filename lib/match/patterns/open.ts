/** `patterns` and `map`: sets of patterns from files or from what is given, for code. */
import { readFileSync } from 'node:fs'
import { OptionError } from '../../base/errors.js'
import { PatternMap } from './pattern-map.js'
import { PatternSet } from './pattern-set.js'

/**
 * A set of patterns: those of a file, one a line, or those that are given. A file is read once, here; each call makes a set of its own. A fault in a
 * pattern is told where the set is asked for the first time, since that says what patterns have to be. HAProxy: `-f`. Manual, chapter 7.1.
 *
 * ```ts
 * const blocked = patterns('blocked.lst')
 * deny().if(blocked.matches(src))
 * ```
 *
 * @throws {OptionError} when the file cannot be read
 */
export function patterns(source: string | Iterable<string>): PatternSet {
  return typeof source === 'string' ? new PatternSet([], source).load(read('patterns', source)) : new PatternSet(source)
}

/**
 * A map: that of a file, a pattern and its value a line, or what is given. Read and made as {@link patterns} says. HAProxy: the file of `map(…)`.
 * Manual, chapter 7.3.1.
 *
 * ```ts
 * const names = map('hosts.map')
 * setHeader('x-site', names.lookup(host, { default: 'none' }))
 * names.set('www.example.com', 'main')
 * ```
 *
 * @throws {OptionError} when the file cannot be read
 */
export function map(source: string | Iterable<readonly [pattern: string, value: string]>): PatternMap {
  return typeof source === 'string' ? new PatternMap([], source).load(read('map', source)) : new PatternMap(source)
}

function read(subject: string, path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch (error) {
    throw new OptionError(subject, '', `'${path}' cannot be read: ${(error as Error).message}`)
  }
}
