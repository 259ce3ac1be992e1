/** The converters that look a value up in a map: `map`, `map_beg`, `map_ip_int` … (manual, chapter 7.3.1). */
import { OptionError } from '../../base/errors.js'
import type { ArgumentDefinition, ArgumentValue } from '../argument.js'
import { type ConverterDefinition, defineConverter } from '../converter.js'
import type { Links } from '../links.js'
import { type MapMethod, type MapOutput, type MapValue, PatternMap, readMapDefault } from '../patterns/pattern-map.js'
import type { SampleType, Value } from '../value.js'

const METHODS: readonly MapMethod[] = ['str', 'beg', 'end', 'sub', 'dir', 'dom', 'reg', 'int', 'ip']

/** What goes in and comes out, by the name's parts. */
const inputOf = (method: MapMethod): SampleType => (method === 'int' || method === 'ip' ? method : 'str')
const typeOf = (output: MapOutput): SampleType => (output === 'int' || output === 'ip' ? output : 'str')

function finder(method: MapMethod, output: MapOutput, [reference, given]: readonly ArgumentValue[], links: Links) {
  const map = links.patterns(reference as string, true)
  if (!(map instanceof PatternMap)) throw new OptionError(`map '${reference}'`, '', 'cannot be read here')
  const otherwise = output === 'ip' && given !== undefined ? readMapDefault(output, given as string) : given
  const find = map.finder(method, output, { plain: true, compile: links.compileRegex })
  return (value: unknown): Value | undefined => find(value) ?? (otherwise as MapValue[MapOutput] | undefined)
}

function mapConverter(method: MapMethod, output: MapOutput, ...names: readonly [string, ...string[]]) {
  const [name, ...aliases] = names
  const wanted: readonly ArgumentDefinition[] = [
    { name: 'map_name', type: 'file' },
    { name: 'default_value', type: output === 'int' ? 'integer' : 'string', optional: true },
  ]
  return defineConverter({
    name,
    aliases,
    arguments: wanted,
    from: inputOf(method),
    type: typeOf(output),
    prepare: (values, links) => finder(method, output, values, links),
  })
}

/** All of them: each way to match with each output. */
export const mapConverters: readonly ConverterDefinition[] = [
  ...METHODS.flatMap((method) => [
    method === 'str'
      ? mapConverter('str', 'str', 'map_str', 'map', 'map_str_str')
      : mapConverter(method, 'str', `map_${method}`, `map_${method}_str`),
    ...(['int', 'ip', 'key'] as const).map((output) => mapConverter(method, output, `map_${method}_${output}`)),
  ]),
  mapConverter('regm', 'str', 'map_regm'),
]
