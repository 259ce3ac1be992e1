/** `max-keep-alive-queue`: whether a client waits for the server that it knows, when that is full. */
import t from 'tap'
import { parseConfig } from '../../lib/config/index.js'
import { hang, inMemory, reply } from '../../lib/testing/index.js'

const text = (line: string): string => `defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout queue 60s
frontend web
  bind :8080
  default_backend app
backend app
  option prefer-last-server
  http-reuse never
  ${line}
  server s1 10.0.0.1:80 maxconn 1
  server s2 10.0.0.2:80 maxconn 1
`

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`

/** A client has been served by s1, which then is busy with another one. @returns how many wait, once it asks again */
async function waiting(line: string): Promise<number> {
  const lb = inMemory(parseConfig(text(line)), {
    s1: ({ request }) => (request.target === '/slow' ? hang : reply(200, 'one')),
    s2: () => reply(200, 'two'),
  })
  const first = await lb.connect()
  first.socket.resume()
  first.socket.write(get('/'))
  await lb.settle()
  // The turn after that is the other's.
  const other = await lb.connect()
  other.socket.resume()
  other.socket.write(get('/'))
  await lb.settle()
  const busy = await lb.connect()
  busy.socket.write(get('/slow'))
  await lb.settle()
  first.socket.write(get('/again'))
  await lb.settle()
  const [backend] = lb.balancer.backends
  const [s1] = [...(backend?.servers ?? [])]
  const waits = s1?.queued ?? -1
  await lb.stop()
  return waits
}

t.test('a client waits for the server that it knows, or takes another', async (t) => {
  t.equal(await waiting(''), 1)
  t.equal(await waiting('max-keep-alive-queue 0'), 0)
  t.equal(await waiting('max-keep-alive-queue 3'), 1)
})
