/** What holds for every expression: writing undoes reading. FAIRLEAD_SEED chooses other expressions. Converters have theirs in `match/`. */
import fc from 'fast-check'
import t from 'tap'
import { configWords } from '../../lib/config/config-words.js'
import {
  type Call,
  cutCalls,
  ExpressionError,
  joinCalls,
  makeSample,
  readSample,
} from '../../lib/config/sample-expression.js'
import { noLinks } from '../../lib/match/links.js'

const seed = process.env['FAIRLEAD_SEED']

/** Holds for five hundred values, or says for which it does not. */
function always<T>(values: fc.Arbitrary<T>, holds: (value: T) => boolean): void {
  fc.assert(fc.property(values, holds), { numRuns: 500, ...(seed === undefined ? {} : { seed: Number(seed) }) })
}

/** Text, one character a byte, in which the characters that mean something come often. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(...',)(\'"\\ \t\r\n%[]$#{}=&;/?:'),
      fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)),
    ),
    { maxLength: 12 },
  )
  .map((chars) => chars.join(''))
const word = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,12}$/)
const call: fc.Arbitrary<Call> = fc.record({
  name: word,
  // Parentheses around nothing are no argument.
  args: fc.array(text, { maxLength: 4 }).filter((args) => args.length !== 1 || args[0] !== ''),
})

t.test('an expression that was written is read as the same, and written again in the same way', async (t) => {
  always(fc.array(call, { minLength: 1, maxLength: 4 }), (calls) => {
    const written = joinCalls(calls)
    const read = cutCalls(written)
    return JSON.stringify(read) === JSON.stringify(calls) && joinCalls(read) === written
  })
  t.pass('for every list of calls')
})

t.test('whatever stands there is read or refused, and what is read can be written', async (t) => {
  always(text, (given) => {
    try {
      const calls = cutCalls(given)
      return JSON.stringify(cutCalls(joinCalls(calls))) === JSON.stringify(calls)
    } catch (error) {
      return error instanceof ExpressionError
    }
  })
  t.pass('for every text')
})

t.test('the name of a sample is an expression that makes the same sample', async (t) => {
  const named = (calls: readonly Call[]): string =>
    makeSample(readSample(joinCalls(calls), configWords, { acl: false, response: false }), noLinks).name
  const argument = text.filter((one) => one !== '')
  const fetches = ['str', 'url_param', 'req.cook', 'req.hdr', 'req.fhdr', 'req.hdr_cnt']
  const converters: readonly ((given: string, index: number) => Call)[] = [
    (given, index) => ({ name: 'field', args: [String(index), given] }),
    (given, index) => ({ name: 'word', args: [String(index), given, '2'] }),
    (given) => ({ name: 'ltrim', args: [given] }),
    (given) => ({ name: 'iif', args: [given, `${given},`] }),
    () => ({ name: 'lower', args: [] }),
  ]
  const index = fc.integer({ min: 1, max: 9 })
  for (const fetch of fetches) {
    const chain = fc.array(fc.tuple(fc.constantFrom(...converters), argument, index), { maxLength: 3 })
    always(fc.tuple(argument, chain), ([given, steps]) => {
      const calls = [{ name: fetch, args: [given] }, ...steps.map(([make, one, at]) => make(one, at))]
      const name = named(calls)
      return named(cutCalls(name)) === name
    })
    t.pass(fetch)
  }
})
