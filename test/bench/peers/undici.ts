/** A proxy of `node:http` in front of undici's `Pool.stream`. Arguments: own port, origin's port, folder of the peers. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Writable } from 'node:stream'

interface Answer {
  readonly statusCode: number
  readonly headers: Record<string, string | string[] | undefined>
}
interface Pool {
  stream(options: object, sink: (answer: Answer) => Writable, done: (error: Error | null) => void): void
}
interface Undici {
  readonly Pool: new (origin: string, options: object) => Pool
}

const [, , port, origin, folder] = process.argv
const undici = createRequire(join(folder!, 'package.json'))('undici') as Undici
const web = new undici.Pool(`http://127.0.0.1:${origin}`, { connections: 128, pipelining: 1 })
const api = new undici.Pool(`http://127.0.0.1:${origin}`, { connections: 128, pipelining: 1 })

function handle(req: IncomingMessage, res: ServerResponse): void {
  const headers: Record<string, string | string[] | undefined> = { ...req.headers }
  for (const name of ['connection', 'keep-alive', 'transfer-encoding', 'expect', 'upgrade']) delete headers[name]
  headers['x-forwarded-for'] = req.socket.remoteAddress
  const hasBody = req.headers['content-length'] !== undefined || req.headers['transfer-encoding'] !== undefined
  const pool = req.url!.startsWith('/api/') ? api : web
  pool.stream(
    { method: req.method, path: req.url, headers, body: hasBody ? req : null },
    (answer) => {
      for (const name of ['connection', 'keep-alive', 'transfer-encoding']) delete answer.headers[name]
      res.writeHead(answer.statusCode, answer.headers)
      return res
    },
    (error) => {
      if (!error) return
      if (res.headersSent) res.destroy()
      else res.writeHead(502).end()
    },
  )
}

createServer({ keepAliveTimeout: 300_000, noDelay: true }, handle).listen(Number(port), '127.0.0.1', 4096)
