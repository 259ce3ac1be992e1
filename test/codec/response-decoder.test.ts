import t from 'tap'
import { ResponseDecoder } from '../../lib/codec/response-decoder.js'
import { END, ERROR, HEAD, MORE } from '../../lib/codec/step.js'
import { type CodecSample, codecContract, decode } from '../contracts/codec.js'
import { responseSamples } from './samples.js'

const whole = (sample: CodecSample) => decode(sample, [Buffer.from(sample.bytes, 'latin1')])
const named = (name: string) => responseSamples.find((sample) => sample.name === name)!

t.test('responses keep the contract', (t) => codecContract(t, responseSamples))

t.test('interim responses are heads without an end, and a 204 has no length', async (t) => {
  t.same(whole(named('interim')), [
    'HEAD 1.1 100 Continue 0 true undefined []',
    'HEAD 1.1 103 Early Hints 0 true undefined ["Link","</a>"]',
    'HEAD 1.1 204  0 true undefined []',
    'END undefined',
    'REST undefined',
  ])
})

t.test('a body without length lasts until the server closes', async (t) => {
  t.same(whole(named('until close')), [
    'HEAD 1.0 200 OK close false undefined ["Server","x"]',
    'DATA hello\r\n\r\nworld',
    'END by close',
    'REST undefined',
  ])
})

t.test('no body follows HEAD, 304, a 101 and a granted CONNECT, whatever their fields say', async (t) => {
  t.match(whole(named('head')), [/HEAD .* 200 OK 0 .*Content-Length","5"/, 'END undefined', 'REST undefined'])
  t.match(whole(named('not modified')), [/HEAD .* 304 .* 0 true/, 'END undefined', 'REST undefined'])
  t.match(whole(named('switching')), [/HEAD .* 101/, 'END undefined', 'REST \x81\x00'])
  t.match(whole(named('tunnel')), [/HEAD 1.1 200 OK 0 false undefined \[\]/, 'END undefined', 'REST \x16\x03'])
})

t.test('more bytes than one response are seen, and refused when nobody asked', async (t) => {
  const decoder = new ResponseDecoder()
  decoder.expect('GET')
  decoder.push(Buffer.from('HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'))
  t.same([decoder.next(), decoder.next()], [HEAD, END])
  t.equal(decoder.hasPending, true)
  t.equal(decoder.next(), ERROR)
  t.match(decoder.error, { code: 'ERR_HTTP1_UNEXPECTED', status: 502 })
})

t.test('one decoder reads the responses of a connection in turn', async (t) => {
  const decoder = new ResponseDecoder()
  for (const method of ['HEAD', 'GET', 'HEAD']) {
    decoder.expect(method)
    decoder.push(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'))
    t.same([decoder.next(), decoder.next(), decoder.next()], [HEAD, END, MORE])
  }
  t.equal(decoder.finish(), MORE, 'closing between responses is no error')
})

t.test('a server that closes too early is an error', async (t) => {
  for (const bytes of [
    '',
    'HTT',
    'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n',
    'HTTP/1.1 100 Continue\r\n\r\n',
  ]) {
    const decoder = new ResponseDecoder()
    decoder.expect('GET')
    decoder.push(Buffer.from(bytes))
    while (decoder.next() !== MORE);
    t.equal(decoder.finish(), ERROR, bytes)
    t.equal(decoder.error?.code, 'ERR_HTTP1_TRUNCATED')
    t.equal(decoder.next(), ERROR)
  }
})

t.test('a 101 needs a request that asked for it', async (t) => {
  const { bytes } = named('switching')
  t.same(whole({ name: '', side: 'response', bytes }), ['ERROR 502'])
})

t.test('what is no HTTP/1 is refused from its first bytes on', async (t) => {
  for (const bytes of ['<', 'HTTP/2', 'ICY ', '\r\n', 'http/1.1']) {
    const decoder = new ResponseDecoder()
    decoder.expect('GET')
    decoder.push(Buffer.from(bytes))
    t.equal(decoder.next(), ERROR, bytes)
  }
})
