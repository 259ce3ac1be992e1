import t from 'tap'
import { Ip } from '../../lib/base/ip.js'
import { dstPort, src, srcPort } from '../../lib/match/fetches/connection.js'
import { alwaysTrue } from '../../lib/match/fetches/constant.js'
import { header } from '../../lib/match/fetches/header.js'
import { status } from '../../lib/match/fetches/message.js'
import { asFormat, FormatError, format, parseFormat } from '../../lib/match/format.js'
import type { Sample } from '../../lib/match/sample.js'
import { valueText } from '../../lib/match/value.js'
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
  t.strictSame(format`${src}${status}`.phases, ['response', 'afterResponse', 'log'])
  t.equal(asFormat('x').render(exchange('/')), 'x')
  t.equal(asFormat(dstPort).render(exchange('/')), '8080')
})

const words = {
  expression: (source: string): Sample<unknown, never> => {
    if (source === 'src') return src
    if (source === 'str("]")') return dstPort
    throw new Error(`unknown fetch '${source}'`)
  },
  variable: (name: string) => (name === 'cp' ? srcPort : undefined),
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
    ['ab%', 2, /stands alone/],
    ['ab% c', 2, /stands alone/],
    ['%[src', 0, /without its ']'/],
    ['x%[nope]', 3, /unknown fetch 'nope'/],
    ['x%{+Q}[src]', 1, /not supported yet/],
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
