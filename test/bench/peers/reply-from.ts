/** A proxy of Fastify with @fastify/reply-from. Arguments: own port, origin's port, folder of the peers. */
import { createRequire } from 'node:module'
import { join } from 'node:path'

interface Request {
  readonly url: string
  readonly ip: string
}
interface Reply {
  from(url: string, options: object): Reply
}
interface App {
  register(plugin: unknown, options: object): void
  addContentTypeParser(
    types: string,
    parser: (req: unknown, body: unknown, done: (e: null, b: unknown) => void) => void,
  ): void
  removeAllContentTypeParsers(): void
  all(path: string, handler: (req: Request, reply: Reply) => Reply): void
  listen(options: object): Promise<string>
}

const [, , port, origin, folder] = process.argv
const require = createRequire(join(folder!, 'package.json'))
const fastify = require('fastify') as (options: object) => App
const app = fastify({ keepAliveTimeout: 300_000, bodyLimit: 1 << 30 })
app.register(require('@fastify/reply-from'), { undici: { connections: 128, pipelining: 1 } })
// Bodies are handed on as they come, not read into memory first.
app.removeAllContentTypeParsers()
app.addContentTypeParser('*', (_req, body, done) => done(null, body))
const web = `http://127.0.0.1:${origin}`
const api = `http://127.0.0.1:${origin}`

app.all('/*', (req, reply) =>
  reply.from((req.url.startsWith('/api/') ? api : web) + req.url, {
    // Unasked it hands on the origin's `Connection: keep-alive` to clients whose connection it then closes.
    rewriteHeaders: ({ connection: _dropped, ...headers }: Record<string, string>) => headers,
    rewriteRequestHeaders: (_req: unknown, headers: Record<string, string>) => ({
      ...headers,
      'x-forwarded-for': req.ip,
    }),
  }),
)
await app.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 })
