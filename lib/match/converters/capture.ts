/** Converters that keep a text in a capture slot and pass it on. */
import { type ConverterDefinition, defineConverter } from '../converter.js'

/** The converters that capture. A slot that nobody declared gives no value. */
export const captureConverters: readonly ConverterDefinition[] = [
  capturing('capture-req', 'request'),
  capturing('capture-res', 'response'),
]

function capturing(name: string, side: 'request' | 'response'): ConverterDefinition {
  return defineConverter({
    name,
    from: 'str',
    type: 'str',
    arguments: [{ name: 'id', type: 'integer' }],
    prepare: ([id]) => {
      const slot = Number(id)
      return (value, { captures }) => {
        const found = captures === undefined ? [] : captures[side]
        if (slot < 0 || slot >= found.length) return undefined
        if (captures?.keep === undefined) found[slot] = value
        else captures.keep(side, slot, value)
        return value
      }
    },
  })
}
