/** What a format prints in each place. The expected texts were printed by HAProxy 2.6.12, unless a test says otherwise. */
import t from 'tap'
import { Ip } from '../../lib/base/ip.js'
import { parseFormat } from '../../lib/match/format-parser.js'
import type { FormatPlace } from '../../lib/match/format-writer.js'
import { Sample } from '../../lib/match/sample.js'
import { typeOf } from '../../lib/match/value.js'
import { logVariables } from '../../lib/observe/log-variables.js'
import { openRecord } from '../../lib/observe/record.js'
import { connected } from './context.js'

const values: Readonly<Record<string, unknown>> = {
  plain: 'abc',
  quoted: 'a"b\\c]d#e{f|g}',
  bytes: Buffer.from('0aff', 'hex'),
  control: 'x\xe9\x01\x7f\ty',
  zero: 'a\0b',
  int: -5,
  yes: true,
  ip: Ip.parse('127.0.0.1'),
  empty: '',
  none: undefined,
}

const expression = (source: string): Sample<unknown, never> =>
  new Sample<unknown, never>({
    name: source,
    type: typeOf(values[source]) ?? 'any',
    phases: ['request', 'log'],
    ask: () => values[source],
  })

const aliases = logVariables()

function print(text: string, place: FormatPlace, changes: Partial<ReturnType<typeof openRecord>> = {}): string {
  const context = connected('127.0.0.1')
  const record = openRecord('http', 'edge', '127.0.0.1', 40000, 1_700_000_000_000)
  context.record = Object.assign(record, { method: 'GET', target: '/p?q=1', version: 'HTTP/1.1' }, changes)
  return parseFormat(text, { expression, aliases }).as(place).render(context)
}

const rows: readonly (readonly [format: string, log: string, message: string, variable?: string])[] = [
  ['a b  c', 'a b c', 'a b  c'],
  [' %ci ', '127.0.0.1 ', ' 127.0.0.1 '],
  ['tab\there', 'tab\there', 'tab\there'],
  ['%{+Q}o %ci', '"127.0.0.1"', ' "127.0.0.1"'],
  ['%{+Q}o%ci %{-Q}cp %cp', '"127.0.0.1" 40000 40000', '"127.0.0.1" 40000 40000'],
  ['%{+X}ci:%{+X}cp %{+X}rt', '7F000001:9C40 0000', '7F000001:9C40 0000'],
  ['%{+X}o%ci %{-X}cp %cp', '7F000001 40000 9C40', '7F000001 40000 9C40'],
  ['%[quoted]', 'a"b\\c]d#e{f|g}', 'a"b\\c]d#e{f|g}'],
  ['%{+Q}[plain]', '"abc"', 'abc', '"abc"'],
  ['%{+E}[quoted]', 'a\\"b\\\\c\\]d#e{f|g}', 'a\\"b\\\\c\\]d#e{f|g}'],
  ['%{+Q,+E}[quoted]', '"a\\"b\\\\c\\]d#e{f|g}"', 'a\\"b\\\\c\\]d#e{f|g}', '"a\\"b\\\\c\\]d#e{f|g}"'],
  ['%[control]', 'x\xe9\x01\x7f\ty', 'x\xe9%01%7F\ty'],
  ['%[bytes]', '\n\xff', '%0A\xff'],
  ['[%[zero]]', '[a\0b]', '[a%00b]'],
  ['%{+X}[ip] %{+X}[int] %{+X}[plain] %[yes]', '127.0.0.1 -5 abc 1', '127.0.0.1 -5 abc 1'],
  ['%{+Q}[int] %{+Q}[ip] %{+Q}[yes]', '"-5" "127.0.0.1" "1"', '-5 127.0.0.1 1', '"-5" "127.0.0.1" "1"'],
  ['x %[none] y %{+Q}[none]', 'x - y ""', 'x  y ', 'x  y ""'],
  ['%[empty]|%{+Q}[empty]|%{+E}[empty]', '-|""|-', '||', '|""|'],
  ['%sslv %{+Q}sslv', '- ""', ' ""'],
  ['%si.%sp.%{+Q}si.%{+Q}sp', '-.-."".""', '..""."".'.slice(0, -1)],
  ['%CC %CS %hr %hs [%hrl] [%hsl]', '- - [] []', '    [] []'],
  ['%{+Q}hr %{+Q}hrl %{+Q}CC', '""', '  ""'],
  ['%{+Q}ST %{+X}ST %{+Q}B %{+Q}ts', '-1 -1 0 --', '-1 -1 0 --'],
  ['%HM %HP %HPO %HQ %HU %HV', 'GET /p /p ?q=1 /p?q=1 HTTP/1.1', 'GET /p /p ?q=1 /p?q=1 HTTP/1.1'],
  ['%{+Q}HM %{+Q}HQ %{+Q}ID %ID', '"GET" "?q=1" "" -', '"GET" "?q=1" "" '],
  ['%{+Q}r %{+E}r', '"GET /p?q=1 HTTP/1.1" GET /p?q=1 HTTP/1.1', '"GET /p?q=1 HTTP/1.1" GET /p?q=1 HTTP/1.1'],
  ['100%%', '100%', '100%'],
]

t.test('logs, messages and variables', async (t) => {
  for (const [text, log, message, variable = message] of rows) {
    t.equal(print(text, 'log'), log, `${text} in a log`)
    t.equal(print(text, 'message'), message, `${text} in a message`)
    t.equal(print(text, 'variable'), variable, `${text} in a variable`)
  }
})

t.test('a unique id is a message whose blanks are merged', async (t) => {
  t.equal(print('%{+Q}o %ci  %cp', 'id'), '"127.0.0.1" 40000')
  t.equal(print('a %hr %[none] b', 'id'), 'a  b')
})

t.test('captures', async (t) => {
  const captures = { request: ['x', 'a"b#c{d|e}f\x80\\g]h\tz'], response: ['r"|\x81'] }
  const shown = 'a#22b#23c#7Bd#7Ce#7Df#80\\g]h#09z'
  t.equal(print('%hr|%hs|%hrl|%hsl', 'log', { captures }), `{x|${shown}}|{r#22#7C#81}|x ${shown}|r#22#7C#81`)
  t.equal(print('%{+Q}hr %{+Q}hrl %{+Q}hsl', 'log', { captures }), `"{x|${shown}}" "x" "${shown}" "r#22#7C#81"`)
  t.equal(print('%{+E}hr', 'log', { captures }), '{x|a#22b#23c#7Bd#7Ce#7Df#80\\\\g\\]h#09z}')
})

t.test('the request line', async (t) => {
  const target = '/p?q=1"#{|}\x80'
  t.equal(print('%r', 'log', { target }), 'GET /p?q=1#22#23{|}#80 HTTP/1.1')
  t.equal(print('%HU %HP %HQ', 'message', { target }), '/p?q=1#22#23{|}#80 /p ?q=1#22#23{|}#80')
  t.equal(print('%HP %HPO', 'log', { target: 'http://a/p?x' }), 'http://a/p /p')
  t.equal(print('%HM %HU %HQ [%r] %{+Q}r', 'log', { method: '' }), '<BADREQ> <BADREQ> <BADREQ> [<BADREQ>] "<BADREQ>"')
})

// From here on as the manual of HAProxy 3.5 says it.
t.test('named items as one JSON object', async (t) => {
  const text = '%{+json}o plain %(who)ci %(port)cp %(n:str)[int] %(missing)[none] %(:sint)[plain] %(é"\n)[yes]'
  t.strictSame(JSON.parse(print(text, 'log')), {
    who: '127.0.0.1',
    port: 40000,
    n: '-5',
    missing: null,
    'é"\n': true,
  })
})

t.test('one item as JSON', async (t) => {
  t.equal(
    print('{"a":%{+json}[quoted],"n":%{+json}[int],"c":%{+json}ci}', 'message'),
    '{"a":"a\\"b\\\\c]d#e{f|g}","n":-5,"c":"127.0.0.1"}',
  )
  t.equal(
    print('%{+json}[control]', 'log'),
    '"x\\u00e9\\u0001\\u007f\\u0009y"',
    'bytes that are no UTF-8 come as latin1',
  )
})

t.test('named items as CBOR', async (t) => {
  // A map of one entry: "n" and -5; then in bytes.
  t.equal(print('%{+cbor}o%(n)[int]', 'log'), 'A1616E24')
  t.equal(print('%{+cbor,+bin}o%(n)[int]', 'log'), '\xa1\x61\x6e\x24')
  t.equal(print('%{+cbor}[plain] %{+cbor}[none] %{+cbor}[yes] %{+cbor}[bytes]', 'log'), '63616263 F6 F5 420AFF')
})

t.test('types', async (t) => {
  t.equal(print('%(:bool)[int] %(:sint)[yes] %(a:str)[ip]', 'log'), '1 1 127.0.0.1')
})
