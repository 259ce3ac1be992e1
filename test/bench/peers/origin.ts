/**
 * The origin where nginx is missing, and for uploads everywhere: a few bytes of protocol on `node:net`.
 * `/small` and `/large` are answered as nginx would; a body is counted and its length told. Arguments: own port.
 */
import { createServer, type Socket } from 'node:net'

const small = answer('x'.repeat(128))
const large = answer('x'.repeat(1024 * 1024))

function answer(body: string): Buffer {
  return Buffer.from(
    `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    'latin1',
  )
}

function serve(socket: Socket): void {
  let head = ''
  let missing = 0
  let expected = 0
  socket.on('error', () => socket.destroy())
  socket.on('data', (bytes) => {
    if (missing > 0) {
      missing -= bytes.length
      if (missing <= 0) socket.write(answer(`received ${expected - missing}`))
      return
    }
    head += bytes.toString('latin1')
    for (let end = head.indexOf('\r\n\r\n'); end >= 0; end = head.indexOf('\r\n\r\n')) {
      const length = Number(/^content-length: *(\d+)/im.exec(head.slice(0, end))?.[1] ?? 0)
      const rest = head.length - end - 4
      if (length > 0) {
        expected = length
        missing = length - rest
        head = ''
        if (missing <= 0) socket.write(answer(`received ${expected - missing}`))
        return
      }
      if (/^transfer-encoding:/im.test(head.slice(0, end)))
        socket.end('HTTP/1.1 411 Length Required\r\nContent-Length: 0\r\n\r\n')
      else socket.write(head.startsWith('GET /large ') ? large : small)
      head = head.slice(end + 4)
    }
  })
}

createServer({ noDelay: true }, serve).listen(Number(process.argv[2]), '127.0.0.1', 4096)
