/** A proxy of http-proxy-3, the maintained heir of http-proxy. Arguments: own port, origin's port, folder of the peers. */
import { Agent, createServer, type IncomingMessage, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'

interface Proxy {
  web(req: IncomingMessage, res: ServerResponse): void
  on(event: 'error', listener: (error: Error, req: IncomingMessage, res: unknown) => void): void
}
interface HttpProxy {
  createProxyServer(options: object): Proxy
}

const [, , port, origin, folder] = process.argv
const library = createRequire(join(folder!, 'package.json'))('http-proxy-3') as HttpProxy
const agent = new Agent({ keepAlive: true, maxSockets: 128, maxFreeSockets: 128, scheduling: 'lifo' })
const target = `http://127.0.0.1:${origin}`

function proxy(): Proxy {
  const made = library.createProxyServer({ target, agent, xfwd: true })
  made.on('error', (_error, _req, res) => {
    if (!(res instanceof ServerResponse)) return
    if (res.headersSent) res.destroy()
    else res.writeHead(502).end()
  })
  return made
}
const web = proxy()
const api = proxy()

createServer({ keepAliveTimeout: 300_000, noDelay: true }, (req, res) => {
  const chosen = req.url!.startsWith('/api/') ? api : web
  chosen.web(req, res)
}).listen(Number(port), '127.0.0.1', 4096)
