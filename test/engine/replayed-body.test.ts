import t from 'tap'
import type { BodySink, BodySource } from '../../lib/engine/exchange.js'
import { ReplayedBody } from '../../lib/engine/replayed-body.js'

/** A client whose bytes the test hands over. */
class Client implements BodySource {
  readonly bodyLength = 'chunked'
  sink: BodySink | undefined
  asked = 0
  attend(sink: BodySink): void {
    this.sink = sink
  }
  readBody(sink: BodySink): void {
    this.sink = sink
  }
  resumeBody(): void {
    this.asked++
  }
  send(text: string): boolean {
    return this.sink?.onBodyData(Buffer.from(text)) === true
  }
}

/** A server that takes what comes, or as much as it likes. */
class Taker implements BodySink {
  received = ''
  ended = false
  flowing = true
  onBodyData(data: Buffer): boolean {
    this.received += data.toString()
    return this.flowing
  }
  onBodyEnd(): void {
    this.ended = true
  }
  onBodyPause(): void {}
  onClientDrain(): void {}
}

t.test('who reads anew gets what has come, and then the rest', async (t) => {
  const client = new Client()
  const body = new ReplayedBody(client, 100)
  const [first, second, third] = [new Taker(), new Taker(), new Taker()]
  body.readBody(first)
  t.ok(client.send('hello'))
  body.release()
  t.notOk(client.send(' you'), 'nobody takes it: the client waits')
  body.readBody(second)
  t.equal(second.received, 'hello you')
  t.equal(client.asked, 1, 'and goes on')
  t.ok(client.send(' all'))
  client.sink?.onBodyEnd(undefined)
  t.match(second, { received: 'hello you all', ended: true })
  body.release()
  body.readBody(third)
  t.match(third, { received: 'hello you all', ended: true })
  t.equal(first.received, 'hello')
  t.ok(body.replayable)
})

t.test('what is too long is passed on, and not kept', async (t) => {
  const client = new Client()
  const body = new ReplayedBody(client, 8)
  const taker = new Taker()
  body.readBody(taker)
  client.send('12345678')
  t.ok(body.replayable)
  client.send('9')
  t.notOk(body.replayable)
  client.send('0')
  t.equal(taker.received, '1234567890')
})

t.test('a server that takes no more makes the client wait', async (t) => {
  const client = new Client()
  const body = new ReplayedBody(client, 100)
  body.readBody(new Taker())
  client.send('hello')
  body.release()
  const slow = new Taker()
  slow.flowing = false
  body.readBody(slow)
  t.equal(slow.received, 'hello')
  t.notOk(client.send(' you'))
  t.equal(slow.received, 'hello', 'what comes meanwhile waits for its turn')
  slow.flowing = true
  body.resumeBody()
  t.equal(slow.received, 'hello you')
  t.equal(client.asked, 1)
})

t.test('what is kept has a bound, whatever comes', async (t) => {
  const limit = 16_384
  const piece = Buffer.alloc(1024, 'x')
  const bodies = Array.from({ length: 200 }, () => {
    const client = new Client()
    const body = new ReplayedBody(client, limit)
    body.readBody(new Taker())
    return { client, body }
  })
  const before = process.memoryUsage().arrayBuffers
  for (let count = 0; count < 200; count++) for (const { client } of bodies) client.sink?.onBodyData(piece)
  t.ok(process.memoryUsage().arrayBuffers - before < bodies.length * 4 * limit, '40 MB went through')
  t.ok(bodies.every(({ body }) => !body.replayable))
})
