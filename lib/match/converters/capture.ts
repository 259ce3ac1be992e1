/** Converters that keep a text in a capture slot and pass it on. */
import type { Captures } from '../context.js'
import { type ConverterDefinition, defineConverter } from '../converter.js'

/** The converters that capture. A slot that nobody declared gives no value. */
export const captureConverters: readonly ConverterDefinition[] = [
  capturing('capture-req', ({ request }) => request),
  capturing('capture-res', ({ response }) => response),
]

function capturing(name: string, slots: (captures: Captures) => (string | undefined)[]): ConverterDefinition {
  return defineConverter({
    name,
    from: 'str',
    type: 'str',
    arguments: [{ name: 'id', type: 'integer' }],
    prepare: ([id]) => {
      const slot = Number(id)
      return (value, { captures }) => {
        const found = captures === undefined ? [] : slots(captures)
        if (slot < 0 || slot >= found.length) return undefined
        found[slot] = value
        return value
      }
    },
  })
}
