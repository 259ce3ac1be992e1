import t from 'tap'
import { Ip } from '../../lib/base/ip.js'
import { dstPort, src, srcPort } from '../../lib/match/fetches/connection.js'
import { alwaysTrue } from '../../lib/match/fetches/constant.js'
import { header } from '../../lib/match/fetches/header.js'
import { status } from '../../lib/match/fetches/message.js'
import { asFormat, format } from '../../lib/match/format.js'
import { FormatError, parseFormat } from '../../lib/match/format-parser.js'
import type { Sample } from '../../lib/match/sample.js'
import { valueText } from '../../lib/match/value.js'
import { logVariables } from '../../lib/observe/log-variables.js'
import { exchange } from './context.js'

t.test('values as text', async (t) => {
  t.equal(valueText(true), '1')
  t.equal(valueText(false), '0')
  t.equal(valueText(-3), '-3')
  t.equal(valueText(Ip.parse('::1')), '::1')
})

t.test('the tagged template', async (t) => {
  const client = format`for=${src}:${srcPort};${alwaysTrue}${'!'}${header('none')}`
  t.equal(client.render(exchange('/')), 'for=192.0.2.1:40000;1!')
  t.equal(client.text, 'for=%[src]:%[src_port];%[always_true]!%[req.hdr(none)]')
  t.equal(format`100%`.text, '100%%')
  t.equal(format``.render(exchange('/')), '')
  t.strictSame(format`${src}${status}`.phases, ['response', 'afterResponse', 'log', 'check'])
  t.equal(asFormat('x').render(exchange('/')), 'x')
  t.equal(asFormat(dstPort).render(exchange('/')), '8080')
})

const words = {
  expression: (source: string): Sample<unknown, never> => {
    if (source === 'src') return src
    if (source === 'str("]")') return dstPort
    throw new Error(`unknown fetch '${source}'`)
  },
  aliases: logVariables(),
}

t.test('a format of a haproxy.cfg', async (t) => {
  const read = (text: string) => parseFormat(text, words).render(exchange('/'))
  t.equal(read('a  %[src]:%cp 100%%'), 'a  192.0.2.1:40000 100%')
  t.equal(read('%[str("]")]!'), '8080!')
  t.equal(read(''), '')
  t.equal(parseFormat('a%[src]', words).text, 'a%[src]')
})

t.test('what cannot be read says where', async (t) => {
  const positions: readonly (readonly [text: string, position: number, message: RegExp])[] = [
    ['ab%zz', 2, /no such variable '%zz'/],
    ['%cix', 0, /no such variable '%cix'; did you mean '%ci'\?/],
    ['ab%', 2, /truncated line after '%'/],
    ['ab% c', 2, /no variable can begin with ' '/],
    ['%1', 0, /no variable can begin with '1'/],
    ['%[src', 0, /without its ']'/],
    ['x%[nope]', 3, /unknown fetch 'nope'/],
    ['x%{+Q}', 1, /stands before nothing/],
    ['x%{+Q} ci', 1, /stands before nothing/],
    ['x%{+Q', 1, /without its '}'/],
    ['x%(a', 2, /without its '\)'/],
    ['x%(a:float)ci', 2, /'float' is no type: known are str, sint, bool/],
  ]
  for (const [text, position, message] of positions) {
    try {
      parseFormat(text, words)
      t.fail(text)
    } catch (error) {
      t.ok(error instanceof FormatError)
      t.match(error, { position, message })
    }
  }
})

t.test('what HAProxy passes over in silence is told', async (t) => {
  const told = (text: string) => {
    const said: string[] = []
    const format = parseFormat(text, { ...words, warn: (message) => said.push(message) })
    return [format.render(exchange('/')), said.length]
  }
  t.strictSame(told('%{Q}ci'), ['192.0.2.1', 1], 'a flag without a sign')
  t.strictSame(told('%{+Z}ci'), ['192.0.2.1', 1])
  t.strictSame(told('%-ci'), ['-ci', 1])
  t.strictSame(told('%{}ci%{+Q,-X}ci'), ['192.0.2.1"192.0.2.1"', 0])
})
