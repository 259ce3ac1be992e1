import { Writable } from 'node:stream'
import t from 'tap'
import type { Socket } from '../../lib/engine/network.js'
import { MOST_UNSENT, Output } from '../../lib/engine/output.js'
import { Headers } from '../../lib/message/headers.js'

class Sink extends Writable {
  readonly writes: string[] = []
  stuck = false

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.writes.push(chunk.toString('latin1'))
    if (!this.stuck) done()
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.writes.push(chunks.map(({ chunk }) => chunk.toString('latin1')).join(''))
    done()
  }
}

function output(highWaterMark = 1_000_000): { sink: Sink; out: Output } {
  const sink = new Sink({ highWaterMark })
  return { sink, out: new Output(sink as unknown as Socket) }
}

t.test('head and small body go out in one write', async (t) => {
  const { sink, out } = output()
  out.text('HTTP/1.1 200 OK\r\n\r\n')
  out.body(Buffer.from([0, 255, 65]), 3)
  out.end(3, undefined)
  t.same(sink.writes, [])
  out.flush()
  t.same(sink.writes, ['HTTP/1.1 200 OK\r\n\r\n\0\xffA'])
  t.equal(out.written, 22)
  out.flush()
  t.equal(sink.writes.length, 1)
})

t.test('chunks, and trailers behind the last one', async (t) => {
  const { sink, out } = output()
  out.body(Buffer.from('hello'), 'chunked')
  out.body(Buffer.alloc(20, 'x'), 'chunked')
  out.end('chunked', new Headers(['x-sum', '1']))
  out.flush()
  t.equal(sink.writes.join(''), `5\r\nhello\r\n14\r\n${'x'.repeat(20)}\r\n0\r\nx-sum: 1\r\n\r\n`)
})

t.test('a large piece keeps its place among small ones', async (t) => {
  const { sink, out } = output()
  const large = Buffer.alloc(50_000, 'y')
  out.text('before ')
  out.bytes(large)
  out.text(' after')
  out.flush()
  t.equal(sink.writes.join(''), `before ${large.toString()} after`)
  t.equal(out.written, 50_013)
})

t.test('it tells when the socket has enough, and what was not sent can be forgotten', async (t) => {
  const { out, sink } = output(10)
  sink.stuck = true
  t.ok(out.flowing)
  out.text('x'.repeat(MOST_UNSENT - 1))
  out.flush()
  t.ok(out.flowing, 'a bounded number of bytes may wait')
  out.text('x')
  out.flush()
  t.notOk(out.flowing)
  out.drained()
  t.ok(out.flowing)
  out.text('never')
  out.discard()
  out.flush()
  t.equal(out.written, MOST_UNSENT)
})
