/** Patterns with values: what a sample matches gives another. HAProxy's maps. */
import { OptionError } from '../../base/errors.js'
import type { Integer } from '../../base/int64.js'
import { Ip } from '../../base/ip.js'
import { AddressSample } from '../address-sample.js'
import type { Context } from '../context.js'
import { NumberSample } from '../number-sample.js'
import type { Phase } from '../phase.js'
import { type NotYet, notYet, type Sample, type SampleDefinition } from '../sample.js'
import { expand, parseTemplate, type Template } from '../substitution.js'
import { TextSample } from '../text-sample.js'
import type { SampleType } from '../value.js'
import type { PatternEntry } from './entry.js'
import { askedWith, type MatchOptions, type PatternMethod } from './methods.js'
import { methodOfType, PatternSet } from './pattern-set.js'
import type { RegexIndex } from './regex-index.js'

/** What a map gives: its values as they are, as integers or addresses, or the pattern that matched. */
export type MapOutput = 'str' | 'int' | 'ip' | 'key'

/** The value of each output. */
export interface MapValue {
  readonly str: string
  readonly int: Integer
  readonly ip: Ip
  readonly key: string
}

/** HAProxy's ways to match of maps; `regm` puts what the groups of an expression matched in place of `\1` … in the value. */
export type MapMethod = Exclude<PatternMethod, 'bin' | 'len' | 'dotted'> | 'regm'

/** How a map is asked. */
export interface LookupOptions<O extends MapOutput = MapOutput> {
  /** Default: what the type of the sample says: `str` for texts, `int` for integers, `ip` for addresses. */
  readonly match?: MapMethod | undefined
  /** Default `str`. */
  readonly output?: O | undefined
  /** What is given when nothing matches; without it there is no value. */
  readonly default?: MapValue[O] | undefined
  readonly ignoreCase?: boolean | undefined
}

/** The sample that a look-up makes. */
export type LookupSample<O extends MapOutput, P extends Phase> = O extends 'int'
  ? NumberSample<P>
  : O extends 'ip'
    ? AddressSample<P>
    : TextSample<P>

/** Finds the value for one thing asked. */
export type Lookup<O extends MapOutput = MapOutput> = (value: unknown) => MapValue[O] | undefined

/**
 * A set of patterns with a value for each, which may change at any time. The longest prefix and the most specific network win, otherwise the
 * first entry. HAProxy: the file of `map(…)`, changed by `set map`, `add map`, `del map`. Manual, chapter 7.3.1.
 *
 * ```ts
 * const backends = new PatternMap([['www.example.com', 'web'], ['api.example.com', 'api']])
 * setHeader('x-backend', format`${backends.lookup(host, { default: 'none' })}`)
 * backends.set('shop.example.com', 'web')
 * ```
 */
export class PatternMap extends PatternSet {
  override readonly isMap = true

  constructor(entries: Iterable<readonly [pattern: string, value: string]> = [], name = '') {
    super([], name)
    for (const [pattern, value] of entries) this.add(pattern, value)
  }

  /** The value of the first entry that was written so. */
  get(pattern: string): string | undefined {
    return this.written(pattern)[0]?.value
  }

  /**
   * Sets the value of every entry that was written so, or adds one. HAProxy: `http-request set-map`.
   * @throws {OptionError} when the value or the pattern is none of the kind that somebody asks for; then nothing has changed
   */
  set(pattern: string, value: string): void {
    if (!this.replace(pattern, value)) this.add(pattern, value)
  }

  /** Sets the value of every entry that was written so; `false` when there is none. HAProxy: `set map`. Throws as {@link set} does. */
  replace(pattern: string, value: string): boolean {
    const entries = this.written(pattern)
    for (const entry of entries) this.change(entry, value)
    return entries.length > 0
  }

  /** Sets the value of one entry; `false` when there is none of that id. Throws as {@link set} does. */
  setEntry(id: number, value: string): boolean {
    const entry = this.entry(id)
    if (entry !== undefined) this.change(entry, value)
    return entry !== undefined
  }

  override add(pattern: string, value = '', version?: number): PatternEntry {
    return super.add(pattern, value, version)
  }

  /**
   * The value for what a sample gives, as a sample. HAProxy: the converters `map`, `map_beg`, `map_ip_int` … Throws {@link OptionError} when an
   * entry's pattern or value is not of the kind that this asks for.
   */
  lookup<P extends Phase, O extends MapOutput = 'str'>(
    sample: Sample<unknown, P>,
    options: LookupOptions<O> = {},
  ): LookupSample<O, P> {
    const { output = 'str', match = mapMethodOfType(sample) } = options
    const find = this.finder(match, output, { ...options, plain: true }) as Lookup
    const { default: otherwise } = options
    const give = (value: unknown): unknown => find(value) ?? otherwise
    const name = `${sample.name},map_${match}${output === 'str' ? '' : `_${output}`}(${this.name})`
    const type: SampleType = output === 'int' ? 'int' : output === 'ip' ? 'ip' : 'str'
    const definition: SampleDefinition<never> = { ...mapped(sample, give), name, type }
    if (type === 'int') return new NumberSample<P>(definition) as LookupSample<O, P>
    const made = type === 'ip' ? new AddressSample<P>(definition) : new TextSample<P>(definition)
    return made as LookupSample<O, P>
  }

  /** What {@link lookup} finds values with. */
  finder<O extends MapOutput>(match: MapMethod, output: O, options: MatchOptions = {}): Lookup<O> {
    if (output === 'int' || output === 'ip') this.expect(output)
    if (match === 'regm') return this.#expander(options) as Lookup as Lookup<O>
    const view = this.view(match, options)
    const asked = askedWith(match)
    const give = outputs[output] as (entry: PatternEntry) => MapValue[O] | undefined
    return (value) => {
      const key = asked(value)
      const entry = key === undefined ? undefined : view.find(key)
      return entry === undefined ? undefined : give(entry)
    }
  }

  /** Values are templates, which are read when they are met first. */
  #expander(options: MatchOptions): Lookup<'str'> {
    const view = this.view('reg', { ...options, captures: true })
    const asked = askedWith('reg') as (value: unknown) => string | undefined
    const templates = new WeakMap<PatternEntry, { readonly text: string; readonly parts: Template }>()
    const templateOf = (entry: PatternEntry): Template => {
      const text = entry.value ?? ''
      const known = templates.get(entry)
      if (known?.text === text) return known.parts
      const parts = parseTemplate(text) ?? []
      templates.set(entry, { text, parts })
      return parts
    }
    return (value) => {
      const text = asked(value)
      const found = text === undefined ? undefined : (view.index as unknown as RegexIndex).match(text)
      return found === undefined ? undefined : expand(templateOf(found.entry), found.match)
    }
  }
}

const outputs: { readonly [O in MapOutput]: (entry: PatternEntry) => MapValue[O] | undefined } = {
  str: (entry) => entry.value,
  int: (entry) => entry.integer,
  ip: (entry) => entry.address,
  key: (entry) => entry.pattern,
}

function mapMethodOfType(sample: Sample<unknown, never>): MapMethod {
  return methodOfType(sample) as MapMethod
}

/** How a sample's values are replaced; what is not given is left out. */
function mapped<P extends Phase>(
  sample: Sample<unknown, P>,
  give: (value: unknown) => unknown,
): Omit<SampleDefinition<never>, 'name' | 'type'> {
  const { ask, all, phases, mayChange } = sample
  const some = (context: Context): readonly unknown[] | NotYet => {
    const values = (all as NonNullable<typeof all>)(context)
    return values === notYet ? notYet : values.map(give).filter((value) => value !== undefined)
  }
  return {
    phases,
    mayChange,
    ask: (context) => {
      const value = ask(context)
      return (value === undefined || value === notYet ? value : give(value)) as never
    },
    all: all === undefined ? undefined : (some as never),
  }
}

/** Throws when a default is none of what the map gives. */
export function readMapDefault(output: MapOutput, text: string): MapValue[MapOutput] {
  if (output === 'ip') {
    const address = Ip.parse(text)
    if (address === undefined) throw new OptionError('default value', '', `'${text}' is not an IP address`)
    return address
  }
  return text
}
