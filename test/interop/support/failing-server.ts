/** A program: an HTTP server that tells what it was asked, a moment later. It is there to be killed, stopped and started again. */
import { createServer } from 'node:http'

const WORK = 5
const port = Number(process.argv[2])

createServer((asked, answer) => {
  let body = ''
  asked.setEncoding('latin1').on('data', (part: string) => {
    body += part
  })
  asked.on('end', () => void setTimeout(() => answer.end(`${asked.url} ${body}`), WORK))
})
  .on('error', (error) => {
    throw error
  })
  .listen(port, '127.0.0.1', () => process.stdout.write('listens\n'))
  .setTimeout(0).keepAliveTimeout = 600_000
