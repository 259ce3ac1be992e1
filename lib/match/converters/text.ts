/** Converters of whole texts (manual, chapter 7.3.1); what cuts them into words stands in `words.ts`. Texts are latin1, one character a byte. */
import { OptionError } from '../../base/errors.js'
import type { ArgumentValue } from '../argument.js'
import { type ConverterDefinition, defineConverter } from '../converter.js'
import { foldCase } from '../fold.js'
import type { Links } from '../links.js'
import { parseTemplate, substitute } from '../substitution.js'
import { leading, trailing } from './trim.js'

const characters = [{ name: 'chars', type: 'string', optional: true }] as const

/** The converters of whole texts. */
export const textConverters: readonly ConverterDefinition[] = [
  plain('lower', foldCase),
  plain('upper', (value) => value.replace(/[a-z]+/g, (part) => part.toUpperCase())),
  plain('cut_crlf', (value) => {
    const end = value.search(/[\r\n]/)
    return end < 0 ? value : value.slice(0, end)
  }),
  plain('reverse_dom', reverseDomain),
  defineConverter({ name: 'length', from: 'str', type: 'int', steady: true, prepare: () => (value) => value.length }),
  defineConverter({
    name: 'ltrim',
    from: 'str',
    type: 'str',
    arguments: characters,
    steady: true,
    prepare:
      ([chars = '']) =>
      (value) =>
        value.slice(leading(value, String(chars))),
  }),
  defineConverter({
    name: 'rtrim',
    from: 'str',
    type: 'str',
    arguments: characters,
    steady: true,
    prepare:
      ([chars = '']) =>
      (value) =>
        value.slice(0, trailing(value, String(chars))),
  }),
  defineConverter({
    name: 'iif',
    from: 'bool',
    type: 'str',
    arguments: [
      { name: 'true', type: 'string' },
      { name: 'false', type: 'string' },
    ],
    prepare:
      ([yes, no]) =>
      (value) =>
        String(value ? yes : no),
  }),
  defineConverter({
    name: 'regsub',
    from: 'str',
    type: 'str',
    arguments: [
      { name: 'regex', type: 'string' },
      { name: 'subst', type: 'string' },
      { name: 'flags', type: 'string', optional: true },
    ],
    prepare: prepareSubstitution,
  }),
]

function plain(name: string, convert: (value: string) => string | undefined): ConverterDefinition {
  return defineConverter({ name, from: 'str', type: 'str', steady: true, prepare: () => convert })
}

/** `a.b.c` as `c.b.a`; a dot at the end counts for nothing, an empty label makes it no domain. */
function reverseDomain(value: string): string | undefined {
  const labels = (value.endsWith('.') ? value.slice(0, -1) : value).split('.')
  return labels.includes('') ? undefined : labels.reverse().join('.')
}

function prepareSubstitution(
  [regex, template, flags = '']: readonly ArgumentValue[],
  { bufferSize, compileRegex }: Links,
): (value: string) => string {
  const odd = /[^gi]/.exec(String(flags))?.[0]
  if (odd !== undefined)
    throw new OptionError("converter 'regsub'", 'flags', `'${odd}' is unknown: only 'i' and 'g' are`)
  const compiled = compileRegex(String(regex), { ignoreCase: String(flags).includes('i') })
  const parts = parseTemplate(String(template))
  if (parts === undefined) throw new OptionError("converter 'regsub'", 'subst', `'${template}' ends within an escape`)
  const everywhere = String(flags).includes('g')
  return (value) => substitute(compiled, value, parts, everywhere).slice(0, bufferSize)
}
