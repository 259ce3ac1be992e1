/** Converters that cannot be had here: they are known, so that a configuration is told why. */
import { OptionError } from '../../base/errors.js'
import { type ConverterDefinition, defineConverter } from '../converter.js'

const database = 'it looks browsers up in the database of its maker, whose library Node does not have'

/** The converters that are refused, each with its reason. */
export const refusedConverters: readonly ConverterDefinition[] = [
  refused('51d.single', database),
  refused('da-csv-conv', database),
]

function refused(name: string, reason: string): ConverterDefinition {
  return defineConverter({
    name,
    from: 'any',
    type: 'same',
    arguments: [{ name: 'word', type: 'string', optional: true, repeated: true }],
    prepare: () => {
      throw new OptionError(`converter '${name}'`, '', `cannot be had: ${reason}`)
    },
  })
}
