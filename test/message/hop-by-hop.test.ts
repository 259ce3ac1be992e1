import t from 'tap'
import { Headers } from '../../lib/message/headers.js'
import { stripConnection, stripHopByHop, stripNamed } from '../../lib/message/hop-by-hop.js'

function stripped(...raw: string[]): string[] {
  const headers = new Headers(raw)
  stripHopByHop(headers)
  return headers.raw
}

t.test('fields of one connection are taken out, the others keep their order', async (t) => {
  const raw = [
    'Host',
    'a',
    'Connection',
    'keep-alive',
    'X',
    '1',
    'Keep-Alive',
    'timeout=5',
    'Proxy-Connection',
    'x',
    'Upgrade',
    'h2c',
    'Y',
    '2',
  ]
  t.same(stripped(...raw), ['Host', 'a', 'X', '1', 'Y', '2'])
})

t.test('what Connection names goes, before or after it, from all its lines', async (t) => {
  t.same(stripped('X-A', '1', 'Connection', 'x-a, close', 'x-b', '2', 'CONNECTION', 'X-B', 'X-C', '3'), ['X-C', '3'])
})

t.test('Connection cannot take away what frames or routes the message', async (t) => {
  t.same(stripped('Host', 'a', 'Content-Length', '2', 'Connection', 'host, content-length, transfer-encoding'), [
    'Host',
    'a',
    'Content-Length',
    '2',
  ])
  t.same(stripped('Transfer-Encoding', 'chunked', 'Connection', 'Transfer-Encoding'), ['Transfer-Encoding', 'chunked'])
})

t.test('of TE, only trailers is passed on', async (t) => {
  t.same(stripped('TE', 'trailers', 'Connection', 'TE'), ['TE', 'trailers'])
  t.same(stripped('TE', 'gzip, trailers'), [])
})

t.test('without such fields nothing is touched', async (t) => {
  const headers = new Headers(['Host', 'a', 'Trailer', 'X', 'Proxy-Authorization', 'Basic eA=='])
  const before = headers.raw.slice()
  stripHopByHop(headers)
  t.same(headers.raw, before)
})

t.test('what is named goes before the rules, Connection itself after them', async (t) => {
  const headers = new Headers(['X-A', '1', 'Connection', 'close, X-A', 'Keep-Alive', 'x', 'TE', 'trailers'])
  stripNamed(headers)
  t.same(headers.raw, ['Connection', 'close, X-A', 'Keep-Alive', 'x', 'TE', 'trailers'])
  headers.append('X-A', 'ours')
  stripConnection(headers)
  t.same(headers.raw, ['TE', 'trailers', 'X-A', 'ours'])
})

t.test('the usual values name no field', async (t) => {
  for (const value of ['keep-alive', 'Close', 'upgrade', 'TE']) {
    const headers = new Headers(['Connection', value, 'X', '1'])
    stripNamed(headers)
    t.same(headers.raw, ['Connection', value, 'X', '1'])
  }
})
