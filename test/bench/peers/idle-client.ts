/**
 * Opens many connections, asks once on each, and keeps them open until its standard input ends.
 * Prints how many were answered with 200. Arguments: port, number of connections.
 */
import { connect } from 'node:net'

const port = Number(process.argv[2])
const count = Number(process.argv[3])
const request = 'GET /small HTTP/1.1\r\nHost: bench\r\n\r\n'

/** Resolves to whether the answer was a 200; the connection stays open after it. */
function ask(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    let head = ''
    socket.on('data', (bytes) => {
      head += bytes.toString('latin1')
      if (head.includes('\r\n\r\n')) resolve(head.startsWith('HTTP/1.1 200'))
    })
    socket.on('error', () => resolve(false))
    socket.on('close', () => resolve(false))
  })
}

let good = 0
for (let opened = 0; opened < count; opened += 100) {
  const wave = Array.from({ length: Math.min(100, count - opened) }, ask)
  for (const answered of await Promise.all(wave)) if (answered) good++
}
process.stdout.write(`${JSON.stringify({ good })}\n`)
process.stdin.on('data', () => {}).on('end', () => process.exit())
