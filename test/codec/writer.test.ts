import t from 'tap'
import { chunkHeader, LAST_CHUNK, lastChunk, requestHead, responseHead } from '../../lib/codec/writer.js'
import { Headers } from '../../lib/message/headers.js'
import { Request } from '../../lib/message/request.js'
import { Response } from '../../lib/message/response.js'

t.test('heads are written as they were read', async (t) => {
  const request = new Request('GET', '/a?b', '1.0', new Headers(['Host', 'a', 'X', '', 'X', '\xe9']))
  t.equal(requestHead(request), 'GET /a?b HTTP/1.0\r\nHost: a\r\nX: \r\nX: \xe9\r\n\r\n')
  t.equal(responseHead(new Response(299, '', '1.1')), 'HTTP/1.1 299 \r\n\r\n')
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
    t.equal(requestHead(request).split(' ')[1], sent)
  }
})

t.test('chunks have hexadecimal lengths, and the last one carries the trailers', async (t) => {
  t.equal(chunkHeader(255), 'ff\r\n')
  t.equal(lastChunk(undefined), LAST_CHUNK)
  t.equal(lastChunk(new Headers(['X', 'y'])), '0\r\nX: y\r\n\r\n')
})
