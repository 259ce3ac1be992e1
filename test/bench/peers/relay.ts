/** The floor: bytes copied both ways between two sockets of `node:net`, and nothing else. Arguments: own port, origin's port. */
import { connect, createServer, type Socket } from 'node:net'

const [, , port, origin] = process.argv

function copy(from: Socket, to: Socket): void {
  from.on('data', (bytes) => {
    if (!to.write(bytes)) from.pause()
  })
  to.on('drain', () => from.resume())
  from.on('end', () => to.end())
  from.on('error', () => to.destroy())
  from.on('close', (failed) => {
    if (failed) to.destroy()
  })
}

createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const server = connect({ port: Number(origin), host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  copy(client, server)
  copy(server, client)
}).listen(Number(port), '127.0.0.1', 4096)
