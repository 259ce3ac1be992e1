/**
 * The origin of the endurance tests, a process of its own: well-behaved paths, slow ones, and every way to behave badly.
 * It tells its parent its port, and on request how many connections it holds.
 */
import { createServer, type Socket } from 'node:net'

type Answer = (socket: Socket) => void

const ok = (body: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`
const long = 'x'.repeat(512 * 1024)

/** Writes the head and then a body in pieces, so that there is a middle in which a client can leave. */
function drip(socket: Socket): void {
  let left = 16
  socket.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n`)
  const next = (): void => {
    if (socket.destroyed) return
    if (left-- === 0) socket.write('0\r\n\r\n')
    else socket.write(`400\r\n${'x'.repeat(1024)}\r\n`, () => setTimeout(next, 1))
  }
  next()
}

const quick: Answer = (socket) => socket.write(ok('quick'))
const slow: Answer = (socket) => setTimeout(() => socket.destroyed || socket.write(ok('slow')), 8)

const answers: Record<string, Answer> = {
  '/quick': quick,
  '/rule': quick,
  '/slow': slow,
  '/queued/slow': slow,
  '/swallow': (socket) => socket.write(ok('thanks')),
  '/long': (socket) => socket.write(ok(long)),
  '/drip': drip,
  '/reset': (socket) => socket.resetAndDestroy(),
  '/gone': (socket) => socket.destroy(),
  '/garbage': (socket) => socket.write('\x00\x01\x02 this is no answer \xff\r\n\r\n', 'latin1'),
  '/888': (socket) => socket.write('HTTP/1.1 888 Fantasy\r\nContent-Length: 0\r\n\r\n'),
  '/half-head': (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Le'),
  '/half-body': (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this'),
  '/half-chunk': (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100\r\nonly this'),
  '/bad-chunk': (socket) => socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n0\r\n\r\n'),
  '/both': (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nquick'),
  '/endless-head': (socket) => socket.write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`),
  '/twice': (socket) => socket.write(ok('twice') + ok('uninvited')),
  '/silent': () => {},
}

/** Once upgraded, everything comes back. */
function echo(socket: Socket): void {
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n',
  )
  socket.on('data', (bytes) => socket.write(bytes))
}

const open = new Set<Socket>()

function serve(socket: Socket): void {
  let text = ''
  let bodyLeft = 0
  let path = ''
  open.add(socket)
  socket.on('error', () => socket.destroy())
  socket.on('close', () => open.delete(socket))
  const read = (bytes: Buffer): void => {
    text += bytes.toString('latin1')
    while (text.length > 0) {
      if (bodyLeft > 0) {
        const taken = Math.min(bodyLeft, text.length)
        bodyLeft -= taken
        text = text.slice(taken)
        if (bodyLeft > 0) return
        answers[path]?.(socket)
        continue
      }
      const end = text.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = text.slice(0, end)
      text = text.slice(end + 4)
      path = /^[A-Z]+ ([^ ?]*)/.exec(head)?.[1] ?? ''
      if (/^upgrade:/im.test(head)) {
        socket.off('data', read)
        echo(socket)
        return
      }
      if (path === '/drop') {
        socket.resetAndDestroy()
        return
      }
      // Chunked uploads of the tests end with the connection: nobody waits for their answer.
      bodyLeft = /^transfer-encoding:/im.test(head)
        ? Number.POSITIVE_INFINITY
        : Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
      if (bodyLeft === 0) answers[path]?.(socket)
    }
  }
  socket.on('data', read)
}

const server = createServer(serve)
server.listen(0, '127.0.0.1', 1024, () => {
  const address = server.address()
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 })
})
process.on('message', () => process.send?.({ open: open.size }))
process.on('disconnect', () => process.exit())
