import t from 'tap'
import type { BodyLength } from '../../lib/codec/step.js'
import { chunkHeader, lastChunk, requestHead, responseHead } from '../../lib/codec/writer.js'
import { Headers } from '../../lib/message/headers.js'
import { Request } from '../../lib/message/request.js'
import { Response } from '../../lib/message/response.js'

t.test('heads are written as they were read, with names in lower case and connection fields of our own', async (t) => {
  const request = new Request('GET', '/a?b', '1.0', new Headers(['Host', 'a', 'X', '', 'X', '\xe9']))
  t.equal(
    requestHead(request, 0, 'keep-alive'),
    'GET /a?b HTTP/1.0\r\nhost: a\r\nx: \r\nx: \xe9\r\nconnection: keep-alive\r\n\r\n',
  )
  t.equal(
    responseHead(new Response(299, '', '1.1'), 'close', 'close', false),
    'HTTP/1.1 299 \r\nconnection: close\r\n\r\n',
  )
})

t.test('what frames a body is ours to say, whatever the fields say', async (t) => {
  const head = (fields: string[], framing: BodyLength, bodiless = false): string =>
    responseHead(new Response(200, 'OK', '1.1', new Headers(fields)), framing, '', bodiless).slice(17)
  t.equal(head(['A', 'b', 'Content-Length', '7', 'C', 'd'], 5), 'a: b\r\ncontent-length: 5\r\nc: d\r\n\r\n')
  t.equal(head(['Content-Length', '7', 'Content-Length', '8'], 5), 'content-length: 5\r\n\r\n')
  t.equal(head(['Content-Length', '7'], 'chunked'), 'transfer-encoding: chunked\r\n\r\n')
  t.equal(head([], 'chunked'), 'transfer-encoding: chunked\r\n\r\n')
  t.equal(head(['Content-Length', '7'], 'close'), '\r\n')
  t.equal(head(['Content-Length', '7'], 0, true), 'content-length: 7\r\n\r\n')
  t.equal(head([], 0), '\r\n')
})

t.test('an absolute target follows the Host that a rule has set', async (t) => {
  for (const [target, host, sent] of [
    ['http://a/s?x', 'new', 'http://new/s?x'],
    ['http://A/s', 'a:80', 'http://A/s'],
    ['http://a', 'b:81', 'http://b:81'],
    ['http://a?x', 'b', 'http://b?x'],
    ['/s', 'b', '/s'],
    ['*', 'b', '*'],
  ]) {
    const request = Request.from('GET', target!, { host: host! })
    t.equal(requestHead(request, 0, '').split(' ')[1], sent)
  }
})

t.test('chunks have hexadecimal lengths, and the last one carries the trailers', async (t) => {
  t.equal(chunkHeader(255), 'ff\r\n')
  t.equal(lastChunk(undefined), '0\r\n\r\n')
  t.equal(lastChunk(new Headers(['X', 'y'])), '0\r\nx: y\r\n\r\n')
})
