import t from 'tap'
import { parseConfig } from '../../lib/config/index.js'
import { inMemory, reply } from '../../lib/testing/index.js'

const text = (option: string): string => `defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend web
  bind :8080
  ${option}
  timeout http-keep-alive 20s
  default_backend app
backend app
  server s1 10.0.0.1:80
`

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'

/** A client that has been served once stands idle while the balancer stops; then it asks again. @returns what it has got since */
async function stopped(option: string): Promise<{ readonly answer: string; readonly closed: boolean }> {
  const lb = inMemory(parseConfig(text(option)), { s1: () => reply(200, 'fine') })
  const { socket } = await lb.connect()
  let got = ''
  let closed = false
  socket.on('data', (chunk: Buffer) => {
    got += chunk.toString('latin1')
  })
  socket.on('end', () => {
    closed = true
  })
  socket.write(GET)
  await lb.settle()
  got = ''
  const stopping = lb.balancer.stop({ drain: '1h' })
  await lb.settle()
  const early = closed
  if (!early) socket.write(GET)
  await lb.settle()
  await lb.clock.advance('25s')
  await lb.settle()
  socket.destroy()
  await stopping
  await lb.stop()
  return { answer: got, closed: early }
}

t.test('idle clients of a balancer that stops are closed, or served once more', async (t) => {
  t.same(await stopped(''), { answer: '', closed: true })
  t.same(await stopped('no option idle-close-on-response'), { answer: '', closed: true })
  const served = await stopped('option idle-close-on-response')
  t.equal(served.closed, false)
  t.match(served.answer, /^HTTP\/1\.1 200 OK\r\n.*connection: close\r\n.*fine$/is)
})

t.test('who does not ask again is closed when its time is over', async (t) => {
  const lb = inMemory(parseConfig(text('option idle-close-on-response')), { s1: () => reply(200, 'fine') })
  const { socket } = await lb.connect()
  let closed = false
  socket.on('end', () => {
    closed = true
  })
  socket.resume()
  socket.write(GET)
  await lb.settle()
  const stopping = lb.balancer.stop({ drain: '1h' })
  await lb.clock.advance('19s')
  t.equal(closed, false)
  await lb.clock.advance('2s')
  t.equal(closed, true)
  socket.end()
  await stopping
  await lb.stop()
})
