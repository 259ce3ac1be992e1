/** `tcp-response inspect-delay`: how long rules wait for what a server sends. */
import t from 'tap'
import { parseConfig } from '../../lib/config/index.js'
import { inMemory, tcp } from '../../lib/testing/index.js'

const text = (delay: string): string => `defaults
  mode tcp
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend in
  bind :9000
  default_backend out
backend out
  ${delay}
  tcp-response content accept if { res.payload(0,4) -m str good }
  tcp-response content reject
  server s1 10.0.0.1:80
`

/** A server sends half of what decides, and the rest some time later. @returns what the client gets */
async function answered(delay: string, later: number): Promise<string> {
  let finish = (): void => {}
  const lb = inMemory(parseConfig(text(delay)), {
    s1: tcp((socket) => {
      socket.write('go')
      finish = () => void socket.write('od')
    }),
  })
  const { socket } = await lb.connect()
  let got = ''
  socket.on('data', (chunk: Buffer) => {
    got += chunk.toString('latin1')
  })
  socket.on('end', () => {
    got += '.'
  })
  await lb.settle()
  await lb.clock.advance(later)
  finish()
  await lb.settle()
  await lb.stop()
  return got.slice(0, 4)
}

t.test('rules on what a server sends wait for more of it', async (t) => {
  t.equal(await answered('tcp-response inspect-delay 300ms', 299), 'good')
  t.equal(await answered('tcp-response inspect-delay 300ms', 301), '.')
  t.equal(await answered('', 1), '.')
})
