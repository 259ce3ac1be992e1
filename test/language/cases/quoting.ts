/** Arguments that need quotes: what our own writing of an expression must mean to HAProxy, and the ways in which people write them. */
import { callText } from '../../../lib/match/call-text.js'
import type { LanguageCase } from '../case.js'

const texts = [
  'plain',
  'a,b',
  'a)b',
  '(a)',
  ' a ',
  "it's",
  '"quoted"',
  `it's "both"`,
  'back\\slash',
  `it's\\n`,
  'a\tb',
  '#',
  '$HOME',
  '%[path]',
  '\xe9\xff',
  ']',
]

const written: LanguageCase[] = texts.map((text) => ({
  name: `written for us: ${JSON.stringify(text)}`,
  covers: ['fetch:str'],
  expression: callText('str', [text]),
  expect: text,
}))

const byHand: LanguageCase[] = [
  `str(a\\,b)`,
  `str(a\\)b)`,
  `str("a\\tb")`,
  `str('a\\tb')`,
  `str(a\\tb)`,
  `str("a\\qb")`,
  `str("it's")`,
  `str('say "x"')`,
  `str(a'b,c'd)`,
  `str( a )`,
  `str("")`,
  `str()`,
].map((expression) => ({ name: expression, covers: ['fetch:str'], expression }))

export const cases: readonly LanguageCase[] = [
  ...written,
  ...byHand,
  {
    name: 'two arguments in quotes',
    covers: ['converter:field', 'fetch:str'],
    expression: `str('a,b,c'),field(2,',')`,
  },
]
