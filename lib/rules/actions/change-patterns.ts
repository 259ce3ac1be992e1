/** `addAcl`, `delAcl`, `setMap`, `delMap`: change a set of patterns that other rules ask. */
import { OptionError } from '../../base/errors.js'
import type { Context } from '../../match/context.js'
import { asFormat, type Format, type Text } from '../../match/format.js'
import { PatternMap } from '../../match/patterns/pattern-map.js'
import { PatternSet } from '../../match/patterns/pattern-set.js'
import type { Phase } from '../../match/phase.js'
import { Rule } from '../rule.js'

/** Where sets can be changed. */
export type PatternPhase = 'request' | 'response' | 'afterResponse'

const PATTERN_PHASES: readonly PatternPhase[] = ['request', 'response', 'afterResponse']

/** A set, or what gives it once all rules have been made. */
export type PatternTarget<S extends PatternSet = PatternSet> = S | { readonly name: string; readonly get: () => S }

/**
 * Adds a pattern to a set, when it was not written so already. One that the set cannot read is passed over. Whoever chooses the pattern
 * makes the set grow: take care that no client can do so without end. HAProxy: `http-request add-acl`.
 */
export function addAcl<P extends Phase = Phase>(set: PatternTarget, key: Text<P>): Rule<P & PatternPhase> {
  return change('add-acl', set, [key], (patterns, [pattern = '']) => {
    if (!patterns.has(pattern)) patterns.add(pattern)
  })
}

/** Removes the patterns of a set that were written so. HAProxy: `http-request del-acl`. */
export function delAcl<P extends Phase = Phase>(set: PatternTarget, key: Text<P>): Rule<P & PatternPhase> {
  return change('del-acl', set, [key], (patterns, [pattern = '']) => {
    patterns.delete(pattern)
  })
}

/**
 * Sets what a map gives for a pattern. A pattern or value that the map cannot read is passed over. Like {@link addAcl} it makes the map grow.
 * HAProxy: `http-request set-map`.
 */
export function setMap<P extends Phase = Phase>(
  map: PatternTarget<PatternMap>,
  key: Text<P>,
  value: Text<P>,
): Rule<P & PatternPhase> {
  return change('set-map', map, [key, value], (patterns, [pattern = '', text = '']) => {
    if (patterns instanceof PatternMap) patterns.set(pattern, text)
    else if (!patterns.has(pattern)) patterns.add(pattern)
  })
}

/** Removes the entries of a map whose patterns were written so. HAProxy: `http-request del-map`. */
export function delMap<P extends Phase = Phase>(map: PatternTarget<PatternMap>, key: Text<P>): Rule<P & PatternPhase> {
  return change('del-map', map, [key], (patterns, [pattern = '']) => {
    patterns.delete(pattern)
  })
}

function change<P extends Phase>(
  name: string,
  target: PatternTarget,
  texts: readonly Text<P>[],
  act: (set: PatternSet, texts: readonly string[]) => void,
): Rule<P & PatternPhase> {
  if (!(target instanceof PatternSet) && typeof (target as { get?: unknown } | undefined)?.get !== 'function')
    throw new OptionError(name, '', 'must be given a PatternSet or PatternMap')
  const formats: readonly Format<P>[] = texts.map((text) => asFormat(text))
  const phases = PATTERN_PHASES.filter((phase) => formats.every((format) => format.phases.includes(phase)))
  const find = target instanceof PatternSet ? () => target : () => target.get()
  const shown = `${name}(${target.name}) ${formats.map(({ text }) => text).join(' ')}`
  return new Rule<P & PatternPhase>(shown, phases, (context: Context) => {
    const given = formats.map(({ render }) => render(context))
    // An explanation changes nothing that others ask.
    if (context.rehearsal) return undefined
    try {
      act(find(), given)
    } catch (error) {
      // What cannot be read is passed over, as in HAProxy.
      if (!(error instanceof OptionError)) throw error
    }
    return undefined
  })
}
