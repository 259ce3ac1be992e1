/** Properties of formats: what is printed is read again as it was, and no text makes the parser do anything but read or refuse. */
import fc from 'fast-check'
import t from 'tap'
import { Format } from '../../lib/match/format.js'
import { type FormatFlags, flagWords, noFlags, readFlags } from '../../lib/match/format-flags.js'
import { FormatItem } from '../../lib/match/format-item.js'
import { FormatError, parseFormat } from '../../lib/match/format-parser.js'
import type { FormatPart } from '../../lib/match/format-writer.js'
import { Sample } from '../../lib/match/sample.js'
import { logVariables } from '../../lib/observe/log-variables.js'
import { connected } from './context.js'

const aliases = logVariables()
const expression = (name: string): Sample<unknown, never> =>
  new Sample<unknown, never>({ name, type: 'str', phases: ['request'], ask: () => name })

const flags: fc.Arbitrary<FormatFlags> = fc.record(
  {
    quote: fc.boolean(),
    hex: fc.boolean(),
    escape: fc.boolean(),
    encoding: fc.constantFrom(undefined, 'json' as const, 'cbor' as const),
    binary: fc.boolean(),
  },
  { noNullPrototype: true },
)

const options = fc.record({
  flags,
  name: fc.constantFrom(undefined, 'a', 'b_c'),
  type: fc.constantFrom(undefined, 'str' as const, 'sint' as const, 'bool' as const),
})

const latin1 = fc.string({ unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)) })
const names = [...aliases.keys()].filter((name) => name !== 'o')
const what = fc.oneof(
  fc.constantFrom(...names).map((name) => aliases.get(name)),
  fc.constantFrom('src', 'req.hdr(host),lower', 'str("]")', 'str(a b)').map(expression),
)
const item = fc.oneof(
  fc.tuple(what, options).map(([one, given]) => new FormatItem(one, given)),
  flags.map((given) => new FormatItem(undefined, { flags: given })),
)
/** Text stands between items, so that a name ends where it should. */
const parts = fc
  .array(
    fc.tuple(
      item,
      latin1.map((text) => `/${text}`),
    ),
    { maxLength: 6 },
  )
  .map((pairs) => pairs.flat())

const describe = (all: readonly FormatPart[]) =>
  all.map((part) =>
    typeof part === 'string'
      ? part
      : { ...part, what: part.what === undefined ? 'o' : `${part.what instanceof Sample} ${part.what.name}` },
  )

t.test('what is printed is read again as it was', async () => {
  fc.assert(
    fc.property(parts, (all) => {
      const { text } = new Format<never>(all)
      const read = parseFormat(text, { expression, aliases })
      t.strictSame(describe(read.parts), describe(all))
      t.equal(new Format<never>(read.parts).text, text)
    }),
    { numRuns: 200 },
  )
})

t.test('flags lead from any set to any other', async () => {
  fc.assert(
    fc.property(flags, flags, (from, to) => {
      t.strictSame(
        readFlags(flagWords(from, to), from, (word) => t.fail(word)),
        to,
      )
    }),
    { numRuns: 200 },
  )
  t.equal(flagWords(noFlags, noFlags), '')
})

t.test('any text is read or refused, and then printed', async () => {
  const context = connected()
  fc.assert(
    fc.property(
      fc.oneof(
        latin1,
        fc.array(fc.constantFrom(...'%%{}[]()+-QXE,: aocir"\'\\')).map((all) => all.join('')),
      ),
      (text) => {
        try {
          const format = parseFormat(text, { expression, aliases })
          for (const place of ['log', 'early log', 'message', 'variable', 'id'] as const)
            t.type(format.as(place).render(context), 'string')
        } catch (error) {
          t.ok(error instanceof FormatError, String(error))
        }
      },
    ),
    { numRuns: 500 },
  )
})
