import t from 'tap'
import { castText } from '../../lib/match/cast.js'
import { type ConverterDefinition, makeConverter } from '../../lib/match/converter.js'
import { matchConverters } from '../../lib/match/converters/index.js'
import { srcPort } from '../../lib/match/fetches/connection.js'
import { header } from '../../lib/match/fetches/header.js'
import { matchText } from '../../lib/match/matcher.js'
import type { Sample } from '../../lib/match/sample.js'
import { valueText } from '../../lib/match/value.js'
import { exchange } from './context.js'
import { observed } from './observed-conversions.js'

const byName = new Map<string, ConverterDefinition>()
for (const each of matchConverters) byName.set(each.name, each)
const convert = (sample: Sample<unknown, never>, name: string, ...words: string[]) =>
  makeConverter(byName.get(name)!, sample, words)

t.test('converters give what HAProxy 2.6 gives', async (t) => {
  const wrong: unknown[] = []
  for (const [text, name, words, result] of observed) {
    const context = exchange('/', { headers: { x: text } })
    const value = convert(header('x'), name, ...(words === '' ? [] : words.split(','))).ask(context)
    if ((castText(value) ?? '') !== result) wrong.push([text, name, words, result, value])
  }
  t.strictSame(wrong, [])
  t.ok(observed.length > 150)
})

t.test('sums of negative numbers are sums, and stay within 64 bits', async (t) => {
  const context = exchange('/', { headers: { n: '-7', big: '9223372036854775807' } })
  t.equal(convert(header('n'), 'add', '-2').ask(context), -9)
  t.equal(convert(header('n'), 'sub', '100').ask(context), -107)
  t.equal(valueText(convert(header('big'), 'add', '1000').ask(context)), '9223372036854775807')
})

t.test('every value of a repeated header is converted, and other types are taken', async (t) => {
  const context = exchange('/', { headers: { x: ['A', 'B, C'] } })
  const lower = convert(header('x'), 'lower') as Sample<string, 'request'>
  t.equal(lower.name, 'req.hdr(x),lower')
  t.equal(matchText(lower, 'str', ['b']).test(context), true)
  t.equal(convert(srcPort, 'length').ask(context), 5)
  t.equal(convert(header('none'), 'lower').ask(context), undefined)
})

t.test('words are checked', async (t) => {
  t.throws(() => convert(header('x'), 'lower', 'x'), /1 arguments, no argument expected/)
  t.throws(() => convert(header('x'), 'add', 'x'), /no name|must begin with its scope/)
  t.equal(convert(header('x'), 'add').ask(exchange('/', { headers: { x: '5' } })), 5)
  t.throws(() => convert(header('x'), 'field', '0', ':'), /counted from 1/)
  t.throws(() => convert(header('x'), 'field', '1'), /'delimiters': is missing/)
})
