/** A small origin server for the demo: it answers with its name, and can be told to fail and to recover. */
import { once } from 'node:events'
import { createServer } from 'node:http'

export async function origin(name) {
  let failing = false
  const server = createServer((request, response) => {
    if (request.url === '/fail') failing = true
    if (request.url === '/recover') failing = false
    const told = request.url === '/fail' || request.url === '/recover'
    response.statusCode = failing && !told ? 503 : 200
    response.end(`${name}${told ? ` ${failing ? 'fails from now on' : 'is well again'}` : ` answers ${request.url}`}\n`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { name, port: server.address().port, close: () => server.close() }
}
